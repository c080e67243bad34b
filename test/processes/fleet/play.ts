// Plays work with a fleet of real processes while a plan of deeds is carried out, until every run has ended.

import { setTimeout as sleep } from "node:timers/promises";

import { startRedis } from "../../servers/redis.ts";
import { openTown, type Town } from "./town.ts";
import type { Work } from "./work.ts";
import type { Deed, Plan } from "./deeds.ts";
import { disturb } from "./disturb.ts";
import { endsOf, type Left, leftBy } from "./left.ts";

export interface Play {
  work: Work;
  workers: number;
  plan: Plan;
  /** What an undisturbed run leaves; null when this is one. */
  wanted: Left | null;
  /** For all runs to end. */
  patienceMs: number;
  say: (line: string) => void;
}

export interface Played {
  /** Of each run. */
  left: Left[];
  /** Null for runs that did not end. */
  ends: (string | null)[];
  /** Of models. */
  requests: number;
  deeds: Record<Deed["kind"], number>;
  /** From the first word to the last end. */
  tookMs: number;
  /** Of every process that there was. */
  logs: (readonly string[])[];
}

/** What is done after an end was told, such as the check of the final commit, may take so long on a busy machine. */
const AFTERWARDS_MS = 60_000;
/** Nothing more may come after that. */
const QUIET_MS = 6_000;
const LOOK_MS = 1_000;

export async function play({
  work,
  workers,
  plan,
  wanted,
  patienceMs,
  say,
}: Play): Promise<Played> {
  await using redis = await startRedis();
  await using town = await openTown({ work, queueUrl: redis.url });
  await town.start(undefined, "serve");
  await town.listening();
  const starts = Array.from({ length: workers }, () => town.start(undefined, "work"));
  const lives = await Promise.all(starts);
  const begun = performance.now();
  for (const place of town.places) await town.ask(place);
  const over = new AbortController();
  const disturbing = disturb({ town, redis, lives, plan, say }, over.signal);
  const hasEnded = await until(patienceMs, () => !endsOf(town).includes(null));
  const tookMs = Math.round(performance.now() - begun);
  over.abort();
  const deeds = await disturbing;
  if (hasEnded) await settle(town, wanted);
  return {
    left: leftBy(town),
    ends: endsOf(town),
    requests: town.provider.requests.length,
    deeds,
    tookMs,
    logs: town.lives.map(({ log }) => log),
  };
}

/** Until what is wanted is there, or nobody brings it any more; then for a while, in which nothing more may come. */
async function settle(town: Town, wanted: Left | null): Promise<void> {
  let before = "";
  let since = performance.now();
  await until(AFTERWARDS_MS, () => {
    const left = leftBy(town);
    if (left.every((one) => isSame(one, wanted))) return true;
    const now = JSON.stringify(left);
    if (now !== before) since = performance.now();
    before = now;
    return wanted === null && performance.now() - since > QUIET_MS;
  });
  await sleep(QUIET_MS);
}

export const isSame = (one: Left, other: Left | null): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

async function until(withinMs: number, isSo: () => boolean): Promise<boolean> {
  const end = performance.now() + withinMs;
  while (performance.now() < end) {
    if (isSo()) return true;
    await sleep(LOOK_MS);
  }
  return false;
}
