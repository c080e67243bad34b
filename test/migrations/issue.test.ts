import { expect, it } from "vitest";

import { type Proposal, withProposal } from "../../src/migrations/propose.ts";
import { renderIssue } from "../../src/migrations/render/issue.ts";
import { migrationIdOf } from "../../src/migrations/state.ts";

const room = { count: 0 as const, why: "4 were opened within an hour" };

function migrationOf(many: number, given: Partial<Proposal> = {}) {
  const proposed = Array.from({ length: many }, (_, index) => ({
    name: `packages/a-package-with-a-long-name-${index}/src/components`,
    files: [`${index}.js`],
    change: "c",
    base: "0".repeat(40),
    head: index.toString(16).padStart(40, "0"),
    summary: "Done",
  }));
  const by = { id: 1, login: "ada" };
  const proposal = {
    what: "A to B",
    run: "wf-1",
    by,
    thread: 1,
    at: 0,
    proposed,
    refused: [],
    coverage: null,
  };
  const state = withProposal(new Map(), { ...proposal, ...given });
  const migration = state?.get(migrationIdOf("A to B"));
  if (migration === undefined) throw new Error("It was not taken in.");
  return migration;
}

it("shows of 1,000 parts as many as there is room for, first what needs somebody, and its last words", () => {
  const migration = migrationOf(1_000);
  const shards = migration.shards.map((shard, index) => ({
    ...shard,
    status: index < 900 ? ("merged" as const) : ("failing" as const),
    pull: index + 1,
    note: "2 checks failed: test (ubuntu-latest), test (windows-latest).",
  }));
  const text = renderIssue({ migration: { ...migration, shards }, room, stopped: null });
  expect(text.length).toBeLessThan(58_000);
  expect(text.match(/🔴 checks fail \|/gu)).toHaveLength(100);
  expect(text).toMatch(/… and \d{3} more, for which there is no room here\./u);
  expect(text).toMatch(/<summary>\d{3} parts settled<\/summary>/u);
  expect(text).toContain("**900 of 1000 merged · 100 with failing checks**");
  expect(text).toMatch(/what you write above or below stays\.<\/sub>$/u);
});

it("says why parts wait: what there is room for, or that nothing is opened here", () => {
  const migration = migrationOf(2);
  const facts = { migration, room, stopped: null };
  expect(renderIssue(facts)).toContain("2 parts wait, since 4 were opened within an hour.");
  const stopped = "`disableWorkflows` holds here, so nothing is opened";
  expect(renderIssue({ ...facts, stopped })).toContain(`2 parts wait: ${stopped}.`);
});

it("says of a migration that was undone as a whole that nothing is left of it, and by which run", () => {
  const undone = [{ run: "wf-1", at: 0, parts: 1, again: [] }];
  const migration = { ...migrationOf(1), shards: [], undone };
  const text = renderIssue({ migration, room, stopped: null });
  expect(text).toContain("Nothing of it is proposed any more.");
  expect(text).not.toContain("Done");
  expect(text).toContain(
    "Run `wf-1` was undone at 1970-01-01 00:00 UTC: 1 part that waited was taken out.",
  );
});
