import { expect, test } from "vitest";

import { newLineOf, oldText, readPatch } from "../../../src/local/model/patch.ts";
import { diffOf } from "./play-run.ts";

const OLD = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\neleven\ntwelve\n";
const NEW = OLD.replace("two\n", "2\n2b\n")
  .replace("six\n", "")
  .replace("twelve\n", "twelve\n13\n");

function patchOf(before: string, after: string, path = "a.js") {
  const [patch] = readPatch(diffOf(new Map([[path, before]]), new Map([[path, after]])));
  if (!patch) throw new Error("There is no patch.");
  return patch;
}

test("the old text comes back from the new one and the patch", () => {
  expect(oldText(NEW, patchOf(OLD, NEW))).toBe(OLD);
  expect(oldText(OLD, patchOf(NEW, OLD))).toBe(NEW);
});

test("a line of the old side is found on the new one, or known to be gone", () => {
  const patch = patchOf(OLD, NEW);
  const lines = NEW.split("\n");
  const found = OLD.split("\n").map((text, index) => [text, newLineOf(patch, index + 1)] as const);
  const kept = found.filter(([, line]) => line !== null);
  expect(found.filter(([, line]) => line === null).map(([text]) => text)).toEqual(["two", "six"]);
  expect(kept.map(([, line]) => lines[(line ?? 0) - 1])).toEqual(kept.map(([text]) => text));
});

test("a removed file has no lines, and lends none to the file before it", () => {
  const text = [
    "diff --git a/kept.js b/kept.js",
    "--- a/kept.js",
    "+++ b/kept.js",
    "@@ -1 +1 @@",
    "-old",
    "+new",
    "diff --git a/gone.js b/gone.js",
    "--- a/gone.js",
    "+++ /dev/null",
    "@@ -1 +0,0 @@",
    "-console.log(1)",
  ].join("\n");
  expect(readPatch(text).map(({ path, lines }) => [path, lines.length])).toEqual([["kept.js", 2]]);
});

test.each([
  ["+++ b/src/Größen und Maße.js", "src/Größen und Maße.js"],
  ['+++ b/"a \\"quoted\\" name.js"', 'a "quoted" name.js'],
  ['+++ "b/a \\"quoted\\" name.js"', 'a "quoted" name.js'],
  ["+++ b/b/c.js", "b/c.js"],
])("the header %s names %s", (header, path) => {
  expect(readPatch(`${header}\n@@ -1 +1 @@\n-a\n+b`).map((patch) => patch.path)).toEqual([path]);
});

test("lines that look like headers inside a hunk are lines of the file", () => {
  const before = "-- a\n++ b/x.js\n";
  const patch = patchOf(before, before.replace("-- a", "-- c"));
  expect(patch.lines.map(({ text }) => text)).toEqual(["-- a", "-- c", "++ b/x.js"]);
});
