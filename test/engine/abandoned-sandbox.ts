// A process that starts a sandbox, keeps it busy where no interrupt helps, says its number and waits to be killed.

import { tmpdir } from "node:os";

import { launchChild } from "../../src/engine/sandbox/launch.ts";
import { defaultSandboxLimits } from "../../src/engine/sandbox/limits.ts";

const limits = { ...defaultSandboxLimits, stretchCpuMs: 3_600_000, lifetimeCpuSeconds: 2 };
const child = launchChild(tmpdir(), limits);
const program = { functions: [], args: undefined, constants: {}, budgetTotal: null };
const source = "return new Array(2 ** 32 - 2).indexOf(1)";
const say = (line: object): boolean => child.stdin.write(`${JSON.stringify(line)}\n`);

child.stdout.once("data", () => {
  say({ ...program, source });
  process.stdout.write(`${child.pid}\n`);
});
say({ limits });
