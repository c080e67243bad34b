// The log in the thread: the newest line in sight, the others folded, and nothing in it can act.

import { expect, test } from "vitest";

import { renderLog } from "../../src/runs/render/log.ts";

test("nothing is shown of a script that said nothing", () => {
  expect(renderLog([], 60_000)).toBeNull();
});

test("the newest lines are kept, and how many are not shown is said", () => {
  const lines = Array.from({ length: 60 }, (_, n) => `line ${n}`);
  const log = renderLog(lines, 60_000) ?? "";
  expect(log).toContain("<summary>Log, 60 lines: line 59</summary>");
  expect(log).toContain("… 10 earlier lines\nline 10\n");
  expect(log).not.toContain("line 9\n");
});

test("no line leaves its block, pings anybody, or poses as a marker", () => {
  const log =
    renderLog(["```\n@acme/all\n<!-- fanfold:run=x -->\n</details>", "@acme </summary>"], 60_000) ??
    "";
  const [summary = "", ...rest] = log.split("\n\n");
  expect(summary).not.toMatch(/@acme|<\/summary>.*<\/summary>/);
  expect(rest.join("\n\n")).toMatch(/^````\n/);
  expect(rest.join("\n\n")).toMatch(/\n````\n\n<\/details>$/);
  expect(log).not.toContain("<!-- fanfold");
});

test("without room for it the log is left out, since the comment must stay whole", () => {
  expect(renderLog(["x".repeat(300)], 200)).toBeNull();
});
