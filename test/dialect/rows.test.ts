// No row of the dialect is without a test that bears its number.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, it } from "vitest";

import { rows } from "./rows.ts";

/** Rows without a test, because what they ask for is not built. This list may only become shorter. */
const NOT_YET = ["P53", "P57", "P58"];

const folder = fileURLToPath(new URL("..", import.meta.url));

/** Numbers with which the title of a test begins: `it("P21 …")`, `it.each(…)("P21 …")`, or a title in a table. */
function titled(): Set<string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const found = files
    .filter((file) => file.endsWith(".test.ts"))
    .flatMap((file) => [
      ...readFileSync(join(folder, file), "utf8").matchAll(/[("'`[]\s*["'`]([PD]\d{1,2}) /g),
    ]);
  return new Set(found.map(([, id = ""]) => id));
}

it("every row of the dialect has a test whose name begins with its number, and none is made up", () => {
  const found = titled();
  expect(Object.keys(rows).filter((id) => !found.has(id))).toEqual(NOT_YET);
  expect([...found].filter((id) => rows[id] === undefined)).toEqual([]);
});
