// What a run proposes, taken into the ledger: new parts join, parts done again are replaced, a no stays a no. Pure.

import type { InventoryCoverage } from "../steps/context.ts";
import type { ProposedShard } from "../steps/records.ts";
import {
  isBroken,
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
  coverage: InventoryCoverage | null;
}

/** Null when all of it is there already. */
export function withProposal(all: MigrationsState, proposal: Proposal): MigrationsState | null {
  const id = migrationIdOf(proposal.what);
  const before = all.get(id) ?? fresh(id, proposal);
  const shards = [...before.shards];
  for (const part of proposal.proposed) {
    if (shards.some(({ head }) => head === part.head)) continue;
    const known = sameIn(shards, part);
    if (known === null || known.status === "merged") {
      shards.push(newShard(id, { ...part, name: freeName(shards, part) }, proposal));
    } else if (isBroken(known)) {
      shards[shards.indexOf(known)] = doneAgain(known, part, proposal);
    }
    // A no stays one, and nothing is put below a pull request that somebody may be reading.
  }
  const isNew = shards.length > before.shards.length;
  const after: Migration = {
    ...before,
    shards,
    coverage: proposal.coverage === null ? before.coverage : keptOf(proposal.coverage, proposal),
    refused: refusedAfter({ ...before, shards }, proposal),
    runs: [...new Set([...before.runs, proposal.run])],
    settledAt: isNew ? 0 : before.settledAt,
  };
  const isSame = JSON.stringify(all.get(id)) === JSON.stringify(after);
  return isSame ? null : new Map([...all, [id, after]]);
}

const PATHS_KEPT = 100;

function keptOf(
  { inScope, read, notRead, failed }: InventoryCoverage,
  { run }: Proposal,
): Migration["coverage"] {
  const some = (all: readonly string[]) => ({
    count: all.length,
    paths: all.slice(0, PATHS_KEPT),
  });
  return { run, inScope, read, notRead: some(notRead), failed: some(failed) };
}

/** Whatever its name says, a part is the same one only as long as it is about the same files: the first of them is what it was asked for. */
function sameIn(shards: readonly Shard[], { name, files }: ProposedShard): Shard | null {
  const [first] = files;
  const isOf = (each: Shard): boolean =>
    (each.name === name || each.name.startsWith(`${name}${ROUND}`)) &&
    (first === undefined || each.files.includes(first));
  return shards.findLast(isOf) ?? null;
}

const ROUND = ", round ";

/** New places are a part of their own. */
function freeName(shards: readonly Shard[], { name }: ProposedShard): string {
  let free = name;
  for (let round = 2; shards.some((each) => each.name === free); round++)
    free = `${name}${ROUND}${round}`;
  return free;
}

/** Without those that are proposed by now, or were before: where these stand is told in their own row. */
function refusedAfter(
  { refused, shards }: Pick<Migration, "refused" | "shards">,
  proposal: Proposal,
): Migration["refused"] {
  const told = new Map([...refused, ...proposal.refused].map((each) => [each.name, each] as const));
  const standing = new Set(
    shards.filter(({ status }) => status !== "merged").map(({ name }) => name),
  );
  const proposed = new Set(proposal.proposed.map(({ name }) => name));
  return [...told.values()].filter(({ name }) => !standing.has(name) && !proposed.has(name));
}

const fresh = (id: string, { what, by, thread, at }: Proposal): Migration => ({
  v: 1,
  id,
  what,
  by,
  thread,
  startedAt: at,
  issue: null,
  settledAt: 0,
  runs: [],
  shards: [],
  coverage: null,
  undone: [],
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
  told: null,
  next: null,
  again: 0,
  redo: null,
  failure: null,
  pendingSince: null,
  note: null,
  since: at,
  isCleared: false,
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
  pendingSince: null,
  note: null,
  since: at,
});
