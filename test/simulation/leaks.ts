// What must not be left when a world is at rest: a lease that nobody let go of, words that nobody heard, work that nobody does.

import { letterKey } from "../../src/world/inbox.ts";
import { isEnded } from "../../src/runs/record.ts";
import { saidRefsOf } from "../../src/runs/passed-on.ts";
import {
  resultBranchOf,
  branchRef,
  keptRefOf,
  lineRefOf,
  refOfPlace,
} from "../../src/repo/refs.ts";
import { isAlive } from "../../src/runs/live.ts";
import { stateRefOf } from "../../src/runs/names.ts";
import { publicationsOf } from "../../src/runs/publications.ts";
import type { Bot } from "./bot.ts";
import type { Chain, Chains } from "./chains.ts";

interface AtRest {
  chains: Chains;
  refs: Iterable<string>;
  bots: readonly Bot[];
}

/** Each leak in words. */
export async function leaksOf({ chains, refs, bots }: AtRest): Promise<string[]> {
  const ended = [...chains.runs].filter(([, { record }]) => isEnded(record.status));
  const found = ended.flatMap(([id, { lease }]) => [
    ...(lease?.isReleased === true ? [] : [`the lease of ${id}`]),
    ...Object.keys(lease?.moving ?? {}).map((ref) => `${ref}, said to move`),
  ]);
  const known = new Set(ended.flatMap(([, chain]) => refsOf(chain)));
  for (const ref of refs) {
    const run = ended.find(([id]) => ref.includes(`/${id}/`));
    // What machines told each other is cleared away within the hour.
    if (run === undefined || ref.startsWith(saidRefsOf(run[0]))) continue;
    if (!known.has(ref)) found.push(ref);
  }
  for (const { process, desk, queue, inbox } of bots) {
    // One that only another machine ended is asleep here until its moment: it is looked up before it is driven.
    const over = new Set(
      desk
        .runs()
        .filter((run) => !isAlive(run))
        .map((run) => run.record().id),
    );
    for (const { run, state } of await queue.entries())
      if (over.has(run)) found.push(`${run}, ${state} in the queue of ${process.name}`);
    for (const letter of await inbox.letters())
      found.push(`letter ${letterKey(letter)} of ${process.name}`);
  }
  return found;
}

/** Every ref that the journal of a run speaks of. */
function refsOf({ record, entries }: Chain): string[] {
  const { workers } = publicationsOf(record.base?.commit ?? "", entries, record.settings);
  return [
    stateRefOf(record.id),
    lineRefOf(record.id),
    branchRef(resultBranchOf(record.id)),
    ...workers.flatMap(({ change }) => [
      refOfPlace(change.branch),
      keptRefOf(record.id, change.branch),
    ]),
  ];
}
