// No row of the dialect is without a test that bears its number.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, it } from "vitest";

import { rows } from "./rows.ts";

/** Rows without a test, because what they ask for is not built. This list may only become shorter. */
const NOT_YET: string[] = [];

const folder = fileURLToPath(new URL("..", import.meta.url));

/** What the engine promises (see `docs/decisions` and ARCHITECTURE.md), each kept by tests that bear its number. */
const INVARIANTS = {
  I1: "The engine imports nothing of ours and does no I/O but to start its own sandbox.",
  I2: "One pump, one writer: an outcome is durable first, then delivered in the journal's order, live and on replay alike.",
  I3: "A call is what it asks plus how often; the same script never asks something else than its journal says.",
  I4: "A started call without an outcome is performed again, an ended one never.",
  I5: "A script lives in a process of its own that reaches nothing, and cannot catch what is ours.",
  I6: "There is no clock and no randomness inside.",
  I7: "Every ceiling has a number, and what is above it is refused or waits; nothing is cut silently.",
  I8: "A preview runs the same engine, costs nothing, and says whether its count is exact.",
};

/** Numbers with which the title of a test begins: `it("P21 …")`, `it.each(…)("P21 …")`, or a title in a table. */
function titled(): Set<string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const found = files
    .filter((file) => file.endsWith(".test.ts"))
    .flatMap((file) => [
      ...readFileSync(join(folder, file), "utf8").matchAll(/[("'`[]\s*["'`]([PDI]\d{1,2}) /g),
    ]);
  return new Set(found.map(([, id = ""]) => id));
}

it("every row of the dialect has a test whose name begins with its number, and none is made up", () => {
  const found = titled();
  expect(Object.keys(rows).filter((id) => !found.has(id))).toEqual(NOT_YET);
  const known = { ...rows, ...INVARIANTS };
  expect([...found].filter((id) => !Object.hasOwn(known, id))).toEqual([]);
});

it("every invariant of the engine has a test whose name begins with its number", () => {
  const found = titled();
  expect(Object.keys(INVARIANTS).filter((id) => !found.has(id))).toEqual([]);
});
