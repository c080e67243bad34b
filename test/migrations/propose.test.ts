import { expect, it } from "vitest";

import { type Proposal, withProposal } from "../../src/migrations/propose.ts";
import { migrationIdOf, type MigrationsState, type Shard } from "../../src/migrations/state.ts";

const oid = (digit: string): string => digit.repeat(40);

const part = (name: string, head: string) => ({
  name,
  files: [`${name}.js`],
  change: "c",
  base: oid("0"),
  head: oid(head),
  summary: "Done",
});

const proposal = (given: Partial<Proposal>): Proposal => ({
  what: "A to B",
  run: "wf-1",
  by: { id: 1, login: "ada" },
  thread: 1,
  at: 1_000,
  proposed: [],
  refused: [],
  coverage: null,
  ...given,
});

const ID = migrationIdOf("A to B");

function stateWith(...given: (Partial<Shard> & { name: string; head: string })[]): MigrationsState {
  const proposed = given.map(({ name, head }) => part(name, head));
  const state = withProposal(new Map(), proposal({ proposed }));
  const migration = state?.get(ID);
  if (migration === undefined) throw new Error("It was not taken in.");
  const shards = migration.shards.map((shard, index) => ({
    ...shard,
    ...given[index],
    head: shard.head,
  }));
  return new Map([[ID, { ...migration, shards }]]);
}

const after = (state: MigrationsState, given: Partial<Proposal>) =>
  withProposal(state, proposal({ run: "wf-2", ...given }))?.get(ID)?.shards;

it("knows a migration by its words, however they are written", () => {
  expect(migrationIdOf("  a  TO b ")).toBe(ID);
});

it("takes the same proposal in once", () => {
  const state = stateWith({ name: "x", head: "1" });
  expect(withProposal(state, proposal({ proposed: [part("x", "1")] }))).toBeNull();
});

it("leaves a person's no alone, whatever a later run made of it", () => {
  const shards = after(stateWith({ name: "x", head: "1", status: "closed", pull: 7 }), {
    proposed: [part("x", "2")],
  });
  expect(shards).toMatchObject([{ status: "closed", head: oid("1"), run: "wf-1" }]);
});

it("puts what was done again below the pull request that is open, and forgets its failure", () => {
  const failure = { names: ["t"], log: null, isMendable: true };
  const failing = { status: "failing" as const, pull: 7, failure, again: 1 };
  const shards = after(stateWith({ name: "x", head: "1", ...failing }), {
    proposed: [part("x", "2")],
  });
  expect(shards).toMatchObject([
    { status: "open", pull: 7, head: oid("2"), failure: null, again: 1 },
  ]);
});

it("makes new places of a merged part a part of their own, with a branch of its own", () => {
  const shards = after(stateWith({ name: "x", head: "1", status: "merged", pull: 7 }), {
    proposed: [part("x", "2")],
  });
  expect(shards).toMatchObject([
    { status: "merged" },
    { name: "x, round 2", status: "todo", pull: null },
  ]);
  expect(new Set(shards?.map(({ branch }) => branch)).size).toBe(2);
});

it("tells what no reviewer accepted until a run proposes it", () => {
  const state = withProposal(
    stateWith({ name: "x", head: "1" }),
    proposal({ refused: [{ name: "y", why: "rejected" }] }),
  );
  expect(state?.get(ID)?.refused).toEqual([{ name: "y", why: "rejected" }]);
  const later = withProposal(state ?? new Map(), proposal({ proposed: [part("y", "3")] }));
  expect(later?.get(ID)?.refused).toEqual([]);
});

it("keeps what the newest inventory looked at, and of what it did not as much as people read", () => {
  const paths = Array.from({ length: 300 }, (_, index) => `src/${index}.js`);
  const coverage = { inScope: 500, read: 200, notRead: [], failed: paths };
  const state = withProposal(
    stateWith({ name: "x", head: "1" }),
    proposal({ run: "wf-2", coverage }),
  );
  const kept = { run: "wf-2", inScope: 500, read: 200, failed: { count: 300 } };
  expect(state?.get(ID)?.coverage).toMatchObject(kept);
  expect(state?.get(ID)?.coverage?.failed.paths).toHaveLength(100);
  // A part that is done again brings no inventory.
  const again = proposal({ run: "wf-3", proposed: [part("y", "3")] });
  expect(withProposal(state ?? new Map(), again)?.get(ID)?.coverage).toMatchObject(kept);
});
