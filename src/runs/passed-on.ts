// What people said to one machine about a run that another one drives: put where its driver looks for it.

import type { z } from "zod";

import type { Mirror } from "../repo/contract.ts";
import type { Identity, Oid } from "../repo/git-data.ts";
import { RUN_REFS } from "../repo/refs.ts";
import { RemoteError } from "../repo/remote.ts";
import type { Clock } from "../world/clock.ts";
import type { Log } from "../world/log.ts";
import type { House } from "./house.ts";
import type { LiveRun } from "./live.ts";
import { type RunRecord, Words } from "./record.ts";
import { saidThere } from "./said.ts";
import { openSeal, type Seal, SealBroken } from "./seal.ts";

const FILE = "said";
const WRITER: Identity = { name: "fanfold", email: "checkpoint@fanfold.invalid" };

type Words = z.infer<typeof Words>;

/** As much of the house as this takes. */
export interface Post extends Pick<House, "holder" | "site"> {
  settings: Pick<House["settings"], "checkpointSecret">;
  world: { clock: Pick<Clock, "now">; log: Log };
}

/** Below it stands what machines pass on to a run's driver, a ref for each of them. */
export const saidRefsOf = (run: string): string => `${RUN_REFS}${run}/said/`;

/**
 * Passes on what people said here and the record of the run's driver, `there`, does not know. Nothing is pushed when there
 * is nothing of that kind. Rejects with `RemoteError` when it could not be brought there; then it is to be tried again.
 */
export async function passOn(
  house: Post,
  { run, there }: { run: LiveRun; there: RunRecord },
  signal: AbortSignal,
): Promise<void> {
  const { id, repository } = run.record();
  const known = saidThere(there, run.record());
  if (known === null) return;
  const words = Words.parse(known);
  const { owner } = await house.holder();
  const { mirror, pacer } = await house.site(repository);
  const seal = openSeal(house.settings.checkpointSecret, id);
  const ref = `${saidRefsOf(id)}${owner}`;
  const from = (await mirror.remoteRefs(ref)).get(ref) ?? null;
  if (from !== null && isSame(await standingAt(mirror, seal, ref), words)) return;
  const to = await mirror.commitFiles({
    parent: from,
    files: new Map([[FILE, seal.seal(ref, Buffer.from(JSON.stringify(words)))]]),
    message: `${id}: said elsewhere`,
    author: WRITER,
    at: house.world.clock.now(),
  });
  await pacer.turn(signal);
  const pushed = await mirror.push([{ ref, from, to }]);
  if (pushed.kind !== "pushed")
    throw new RemoteError(`${ref} was moved by another process.`, { transient: true });
  house.world.log.info({ run: id }, "passed on what people said to the machine that drives a run");
}

/** What was heard already, by its ref. */
export type Heard = Map<string, Oid>;

/**
 * Takes into the run's record what other machines passed on to its driver; true when something was new. What nobody with the
 * key has written there is left alone.
 */
export async function hear(
  house: Post,
  { run, heard }: { run: LiveRun; heard: Heard },
  signal: AbortSignal,
): Promise<boolean> {
  const { id, repository } = run.record();
  const { mirror } = await house.site(repository);
  const seal = openSeal(house.settings.checkpointSecret, id);
  let isNew = false;
  for (const [ref, oid] of await mirror.remoteRefs(saidRefsOf(id))) {
    if (heard.get(ref) === oid) continue;
    const said = await wordsAt(mirror, seal, ref).catch((error: unknown) => {
      if (error instanceof RemoteError) throw error;
      house.world.log.warn({ run: id, ref, error }, "what stands there is not of this bot");
      return null;
    });
    if (signal.aborted) return isNew;
    heard.set(ref, oid);
    const words = said === null ? null : saidThere(run.record(), { ...run.record(), ...said });
    if (words === null) continue;
    await run.update(words);
    isNew = true;
  }
  return isNew;
}

type Reader = Pick<Mirror, "fetch" | "readFiles">;

async function wordsAt(mirror: Reader, seal: Seal, ref: string): Promise<Words | null> {
  const sealed = await sealedAt(mirror, ref);
  return sealed === null ? null : wordsIn(seal, ref, sealed);
}

/** Null where it is not ours, or whoever knows only the newest key could not hear it: then it is written anew. */
async function standingAt(mirror: Reader, seal: Seal, ref: string): Promise<Words | null> {
  const sealed = await sealedAt(mirror, ref);
  try {
    return sealed !== null && seal.isOfNewest(ref, sealed) ? wordsIn(seal, ref, sealed) : null;
  } catch (error) {
    if (error instanceof SealBroken) return null;
    throw error;
  }
}

async function sealedAt(mirror: Reader, ref: string): Promise<Uint8Array | null> {
  const commit = await mirror.fetch(ref);
  if (commit === null) return null;
  return (await mirror.readFiles(commit)).get(FILE) ?? new Uint8Array();
}

const wordsIn = (seal: Seal, ref: string, sealed: Uint8Array): Words =>
  Words.parse(JSON.parse(Buffer.from(seal.open(ref, sealed)).toString("utf8")));

const isSame = (one: Words | null, other: Words): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
