import { describe, expect, it } from "vitest";

import { parseArgs } from "../../src/script/args.ts";
import { chooseWorkflow } from "../../src/script/choose.ts";
import type { SavedWorkflow } from "../../src/script/saved.ts";

const saved = (name: string): SavedWorkflow => ({
  name,
  description: "",
  source: "",
  needsArgs: null,
  origin: "built-in",
  path: name,
});
const workflows = [saved("audit"), saved("migrate"), saved("Nightly-Check")];

describe("what a command asks for", () => {
  it.each([
    ["audit", "audit", ""],
    ["audit src/net for secrets", "audit", "src/net for secrets"],
    ["AUDIT src", "audit", "src"],
    ["nightly-check", "Nightly-Check", ""],
    ['migrate {"files": "src/*"}', "migrate", '{"files": "src/*"}'],
    ["migrate callbacks\nto promises", "migrate", "callbacks\nto promises"],
  ])("%j is the saved workflow %s with %j", (task, name, argsText) => {
    expect(chooseWorkflow(task, workflows)).toEqual({
      kind: "saved",
      workflow: workflows.find((workflow) => workflow.name === name),
      argsText,
    });
  });

  it.each([
    "audit and fix unsafe string handling in src",
    "audit, then fix",
    "audit then fix it",
    "fix the tests",
    "audits are late",
  ])("%j is a task of its own", (task) => {
    expect(chooseWorkflow(task, workflows)).toEqual({ kind: "task" });
  });

  it("P45 does not pay a model to guess what a lone unknown word means", () => {
    expect(chooseWorkflow("nightly-chekc", workflows)).toEqual({
      kind: "unknown",
      wanted: "nightly-chekc",
      known: ["Nightly-Check", "audit", "migrate"],
    });
  });
});

describe("D5 args", () => {
  it.each([
    ["", undefined],
    ["plain words", "plain words"],
    ['{"a": 1}', { a: 1 }],
    ["[1, 2]", [1, 2]],
    ["{broken", "{broken"],
    ['"{\\"a\\":1}"', '"{\\"a\\":1}"'],
    ["42", "42"],
  ])("%j becomes %j", (text, args) => {
    expect(parseArgs(text).args).toEqual(args);
  });
});
