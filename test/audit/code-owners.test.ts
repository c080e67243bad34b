// Whose a file is, read as GitHub reads CODEOWNERS.

import { expect, it } from "vitest";

import { ownersBy } from "../../src/audit/code-owners.ts";

it("names owners as CODEOWNERS does: the last pattern that matches", () => {
  const of = ownersBy("* @all # everything\n/src/ @acme/core ada@example.test\n*.md\n\\#x @odd\n");
  expect(of("src/deep/a.js")).toEqual(["@acme/core", "ada@example.test"]);
  expect(of("lib/src/a.js")).toEqual(["@all"]);
  expect(of("README.md")).toEqual([]);
});

it("reads patterns of CODEOWNERS by its own rules: case counts, one level stays one level, spaces are escaped", () => {
  const of = ownersBy("* @all\ndocs/* @docs\n/Lib/ @lib\n/my\\ tools/ @tools\n/* @root\n");
  expect(of("docs/start.md")).toEqual(["@docs"]);
  expect(of("docs/build/start.md")).toEqual(["@all"]);
  expect(of("lib/a.js")).toEqual(["@all"]);
  expect(of("Lib/deep/a.js")).toEqual(["@lib"]);
  expect(of("my tools/a.js")).toEqual(["@tools"]);
  expect(of("a.js")).toEqual(["@root"]);
});
