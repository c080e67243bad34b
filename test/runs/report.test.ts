// What a thread gets of a script's result: findings apart from what was refuted, and a schedule's findings in its own report.

import { expect, it } from "vitest";

import { isAboutFindings, renderReport, renderReportOf } from "../../src/runs/render/report.ts";

const coverage = { inScope: 4, read: 3, notRead: ["d.js"], failed: [] };
const occasion = { schedule: "weekly", tick: 0, script: "s" };

it("shows what was refuted in a fold of its own, and no finding where all were", () => {
  const refuted = { path: "a.js", line: 1, title: "Calls eval", verdict: "refuted" };
  const text = renderReport({ summary: "Looked.", findings: [refuted], coverage }) ?? "";
  expect(text).toMatch(/No findings\.\n\n<details><summary>1 finding refuted<\/summary>/u);
  expect(text).toContain("`a.js:1`");
});

it("tells what a schedule's run says of itself where it looked for no findings", () => {
  const migrated = { summary: "2 of 2 parts migrated.", coverage };
  expect(isAboutFindings(migrated)).toBe(false);
  expect(renderReportOf({ occasion }, migrated)).toContain("2 of 2 parts migrated.");
  for (const found of [{ ...migrated, findings: [] }, { coverage }]) {
    expect(isAboutFindings(found)).toBe(true);
    expect(renderReportOf({ occasion }, found)).toContain("the schedule `weekly`");
  }
});
