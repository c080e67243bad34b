// What is tried again, and what ends a run.

import { expect, it } from "vitest";

import { RemoteError } from "../../src/repo/remote.ts";
import { passes } from "../../src/runs/passes.ts";
import { ForgeError } from "../../src/world/forge-error.ts";

it.each([
  ["a full disk", Object.assign(new Error("no space"), { code: "ENOSPC" }), true],
  ["GitHub out of reach", new ForgeError("unreachable", "away"), true],
  ["a hold on our requests", new ForgeError("limited", "later"), true],
  ["a remote that hung up", new RemoteError("hung up", { transient: true }), true],
  ["GitHub's own no", new ForgeError("refused", "no"), false],
  ["a remote that says no", new RemoteError("no such ref", { transient: false }), false],
  ["a fault of ours", new TypeError("undefined is no function"), false],
  ["an error of Node's own", Object.assign(new Error("bad"), { code: "ERR_INVALID_ARG" }), false],
  ["no error at all", "ENOSPC", false],
])("%s: %o passes: %s", (_, error, expected) => {
  expect(passes(error)).toBe(expected);
});
