// Both sandboxes keep the same contract.

import { expect, it } from "vitest";

import { openChildSandbox } from "../../src/engine/sandbox/child-process.ts";
import { openInProcessSandbox } from "../../src/engine/sandbox/in-process.ts";
import type { Deed } from "../../src/engine/sandbox.ts";
import { functions } from "./drive.ts";
import { sandboxContract } from "./sandbox.contract.ts";

sandboxContract("The sandbox in this process", openInProcessSandbox);
sandboxContract("The sandbox in a child process", openChildSandbox);

it("A child process is heard while its script still asks for more", async () => {
  await using sandbox = await openChildSandbox();
  const source = `await parallel(Array.from({ length: 1000 }, (_, item) => () => agent("item " + item)))`;
  const program = { functions, args: undefined, constants: {}, budgetTotal: null, source };
  const parts: Deed[] = [];
  const { did } = await sandbox.start(program, (part) => void parts.push(...part));
  expect([parts.length > 255, parts.length + did.length]).toEqual([true, 1_000]);
});
