// What a run proposes, taken into the ledger: new parts join, parts done again are replaced, a no stays a no. Pure.

import type { ProposedShard } from "../steps/records.ts";
import {
  type Migration,
  migrationIdOf,
  type MigrationsState,
  type Shard,
  shardBranchOf,
} from "./state.ts";

export interface Proposal {
  what: string;
  run: string;
  by: Migration["by"];
  thread: number;
  at: number;
  proposed: readonly ProposedShard[];
  refused: readonly { name: string; why: string }[];
}

/** Null when all of it is there already. */
export function withProposal(all: MigrationsState, proposal: Proposal): MigrationsState | null {
  const id = migrationIdOf(proposal.what);
  const before = all.get(id) ?? fresh(id, proposal);
  const shards = [...before.shards];
  for (const part of proposal.proposed) {
    const name = nameFor(shards, part);
    const index = shards.findIndex((each) => each.name === name);
    const known = shards[index];
    if (known === undefined) shards.push(newShard(id, { ...part, name }, proposal));
    else if (known.status !== "closed" && known.head !== part.head)
      shards[index] = doneAgain(known, part, proposal);
  }
  const names = new Set(proposal.proposed.map(({ name }) => name));
  const told = new Map(
    [...before.refused, ...proposal.refused].map((each) => [each.name, each] as const),
  );
  const refused = [...told.values()].filter(({ name }) => !names.has(name));
  const runs = [...new Set([...before.runs, proposal.run])];
  const after: Migration = { ...before, shards, refused, runs };
  const isSame = JSON.stringify(all.get(id)) === JSON.stringify(after);
  return isSame ? null : new Map([...all, [id, after]]);
}

/** New places in a part that is merged are a part of their own. */
function nameFor(shards: readonly Shard[], { name, head }: ProposedShard): string {
  if (shards.some((each) => each.head === head))
    return shards.find((each) => each.head === head)?.name ?? name;
  let free = name;
  for (let round = 2; shards.find((each) => each.name === free)?.status === "merged"; round++)
    free = `${name}, round ${round}`;
  return free;
}

const fresh = (id: string, { what, by, thread, at }: Proposal): Migration => ({
  v: 1,
  id,
  what,
  by,
  thread,
  startedAt: at,
  issue: null,
  lookedAt: 0,
  runs: [],
  shards: [],
  refused: [],
});

const newShard = (id: string, part: ProposedShard, { run, at }: Proposal): Shard => ({
  ...part,
  run,
  status: "todo",
  branch: shardBranchOf(id, part.name),
  pull: null,
  openedAt: null,
  onto: null,
  tip: null,
  shown: null,
  again: 0,
  redo: null,
  failure: null,
  note: null,
  since: at,
});

/** Its pull request stays: the branch below it moves at the next look. */
const doneAgain = (known: Shard, part: ProposedShard, { run, at }: Proposal): Shard => ({
  ...known,
  ...part,
  name: known.name,
  run,
  status: known.pull === null ? "todo" : "open",
  redo: null,
  failure: null,
  note: null,
  since: at,
});
