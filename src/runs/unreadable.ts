// A run that cannot be read, here or anywhere: its thread hears why nothing goes on, and whoever asks for it there as well.

import { z } from "zod";

import type { ThreadRef, UnreadableRun } from "../command/run-desk.ts";
import type { Oid } from "../repo/git-data.ts";
import { RemoteError } from "../repo/remote.ts";
import type { RepositoryRef } from "../world/forge.ts";
import { ForgeError } from "../world/forge-error.ts";
import type { Desk } from "./driver.ts";
import type { House } from "./house.ts";
import { isMalformed } from "./malformed.ts";
import { brokenCheckpoint, RECORD_FILE } from "./manifest.ts";
import { runMarker, stateRefOf } from "./names.ts";
import { NewerRun } from "./older-records.ts";
import { UnreadableFolder } from "./on-this-disk.ts";
import { isEnded, RunStatus } from "./record.ts";
import { SealBroken } from "./seal.ts";
import { troubleMarker } from "./trouble.ts";

/** A run that is known to be there and could not be read when it was looked at last. */
export interface Unreadable {
  repositoryId: number;
  thread: number;
  why: string;
}

type Noting = Pick<Desk, "house" | "unreadable">;

interface Place {
  ref: RepositoryRef;
  id: string;
}

/** All that is taken from a record that nobody vouches for. */
const Named = z.object({
  id: z.string(),
  thread: z.int().positive(),
  status: RunStatus.nullable().catch(null),
  endTold: z.boolean().catch(false),
});
type Named = z.infer<typeof Named>;

/** Null for trouble with what is around the run: it says nothing of what stands there. */
export function whyUnreadable(run: string, error: unknown): string | null {
  const isSaid =
    error instanceof SealBroken || error instanceof NewerRun || error instanceof UnreadableFolder;
  if (isSaid) return error.message;
  if (!isMalformed(error)) return null;
  const what = "cannot be read: it is not in the form in which this Fanfold writes it.";
  return brokenCheckpoint(run, what).message;
}

/**
 * Says so once, in the thread that holds a comment of this App on the run: in no other one, whatever somebody wrote into the
 * record. When that fails, the log has it.
 */
export async function tellUnreadable(state: Noting, place: Place, error: unknown): Promise<void> {
  await orLog(state.house, place.id, async () => {
    const noted = await note(state, place, error);
    if (noted === null) return;
    const { named, why } = noted;
    // Somebody who can write there could say so of a run that goes on.
    const isVouchedFor = !(error instanceof SealBroken);
    if (isVouchedFor && named.status !== null && isEnded(named.status) && named.endTold) return;
    const { ref, id } = place;
    const forge = await state.house.world.openForge(ref);
    const marker = troubleMarker(id);
    if ((await forge.findComment(named.thread, marker)) !== null) return;
    const body = `${marker}\n⚠️ Run \`${id}\` does not go on: ${why}\n\nIts branches and pull requests stand as they were. It is looked at again when the bot starts, and when its checkpoint moves.`;
    await forge.createComment(named.thread, body);
  });
}

/** For whoever asks in its thread; nothing is said there by itself. */
export async function noteUnreadable(state: Noting, place: Place, error: unknown): Promise<void> {
  const isNoted = state.unreadable.get(place.id)?.why === whyUnreadable(place.id, error);
  if (!isNoted) await orLog(state.house, place.id, () => note(state, place, error));
}

async function note(
  { house, unreadable }: Noting,
  { ref, id }: Place,
  error: unknown,
): Promise<{ named: Named; why: string } | null> {
  const why = whyUnreadable(id, error);
  if (why === null) return null;
  const named = await namedBy(house, { ref, id });
  if (named === null) return null;
  const forge = await house.world.openForge(ref);
  if ((await forge.findComment(named.thread, runMarker(id))) === null) return null;
  const { repositoryId } = ref;
  unreadable.set(id, { repositoryId, thread: named.thread, why });
  return { named, why };
}

/** Forgets those of a repository whose checkpoints were deleted; `refs` is what stands there. */
export function forgetGone(
  { unreadable }: Pick<Desk, "unreadable">,
  ref: RepositoryRef,
  refs: ReadonlyMap<string, Oid>,
): void {
  for (const [id, { repositoryId }] of unreadable)
    if (repositoryId === ref.repositoryId && !refs.has(stateRefOf(id))) unreadable.delete(id);
}

/** Of one thread. A run that is on the desk was read since. */
export function unreadableIn(
  { runs, unreadable }: Pick<Desk, "runs" | "unreadable">,
  { repository, thread }: ThreadRef,
): UnreadableRun[] {
  return [...unreadable].flatMap(([run, found]) => {
    const isHere = found.repositoryId === repository.repositoryId && found.thread === thread;
    return isHere && !runs.has(run) ? [{ run, why: found.why }] : [];
  });
}

async function orLog(house: House, id: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ForgeError) && !(error instanceof RemoteError)) throw error;
    const consequence = "could not say in the thread that a run's checkpoint cannot be read";
    house.world.log.warn({ run: id, error: error.message }, consequence);
  }
}

async function namedBy(house: House, { ref, id }: Place): Promise<Named | null> {
  const { mirror } = await house.site(ref);
  const commit = await mirror.fetch(stateRefOf(id));
  if (commit === null) return null;
  const bytes = (await mirror.readFiles(commit)).get(RECORD_FILE);
  const named = Named.safeParse(parsed(bytes));
  return named.success && named.data.id === id ? named.data : null;
}

function parsed(bytes: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(bytes ?? []).toString("utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
