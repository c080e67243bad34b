// A run's one comment: made once, found by its mark, edited in place, and gone without where GitHub refuses it.

import type { ThreadRef } from "../command/run-desk.ts";
import type { World } from "../world.ts";
import type { Clock } from "../world/clock.ts";
import type { Comment, Forge } from "../world/forge.ts";
import { ForgeError } from "../world/forge-error.ts";
import { limits } from "../config/limits.ts";
import { runIdOf, runMarker } from "./names.ts";
import { type OnWait, patiently } from "./patience.ts";
import { isEnded, type RunRecord } from "./record.ts";

interface VoiceWorld {
  forge: Forge;
  clock: Clock;
  record: () => RunRecord;
  /** The comment, where this process made it before. */
  known?: Comment | null;
  onWait: OnWait;
  /** The comment cannot be written, and the run goes on without; told once until it can be. */
  onMute: (error: Error) => void;
  /** A comment that another process made was found. */
  onFound: (comment: Comment) => void;
}

export interface Voice {
  /** Makes the comment say this. Rejects when GitHub cannot be reached for long; what it refuses is said later. */
  say(signal: AbortSignal, body: string): Promise<void>;
  /** What stands in the comment, as far as this process knows. */
  said(): string | null;
  /** Somebody else may have written to it: what comes next is written whatever stood there. */
  doubt(): void;
  url(): string | null;
}

/** After a refusal the comment is tried again this often while the run goes on. */
const MUTE_MS = 60_000;
/** How often an end, or that people are waited for, is told to a GitHub that forbids it, with waits that double. */
const END_ATTEMPTS = 3;

export function openVoice(world: VoiceWorld): Voice {
  const { clock, record } = world;
  let comment = world.known ?? null;
  let said = comment?.body ?? null;
  let muteSince: number | null = null;
  /** Whether it was written, or why GitHub refused that. */
  const attempt = async (signal: AbortSignal, body: string): Promise<ForgeError | null> => {
    const patience = { clock, signal, onWait: world.onWait };
    try {
      const known = comment ?? (await patiently(patience, () => findOrMake(world, body)));
      if (comment === null) [comment, said] = [known, known.body];
      if (body !== said) comment = await patiently(patience, () => write(world, known, body));
      said = body;
      muteSince = null;
      return null;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (muteSince === null) world.onMute(error);
      muteSince = clock.now();
      return error;
    }
  };
  return {
    said: () => said,
    doubt: () => void (said = null),
    url: () => comment?.url ?? null,
    say: async (signal, body) => {
      const isLast = isEnded(record().status) || isResting(record());
      if (muteSince !== null && !isLast && clock.now() - muteSince < MUTE_MS) return;
      for (let tried = 1, waitMs = limits.publish.listsLagMs; ; tried++, waitMs *= 2) {
        const refusal = await attempt(signal, body);
        // Rights that are being changed are there again in a moment, and nobody speaks after the end, or for days.
        if (!isLast || refusal?.kind !== "forbidden" || tried === END_ATTEMPTS) return;
        await clock.sleep(waitMs, signal);
      }
    },
  };
}

/** Whether the run that was asked for under `key` speaks there already, whichever machine has it. */
export async function hasBegun(
  world: World,
  { repository, thread }: ThreadRef,
  key: string,
): Promise<boolean> {
  const forge = await world.openForge(repository);
  const id = runIdOf(repository.repositoryId, key);
  return (await forge.findComment(thread, runMarker(id))) !== null;
}

const isResting = ({ status }: RunRecord): boolean => status === "waiting" || status === "paused";

async function findOrMake({ forge, record, onFound }: VoiceWorld, body: string): Promise<Comment> {
  const { id, thread } = record();
  const known = await forge.findComment(thread, runMarker(id));
  if (known === null) return { ...(await forge.createComment(thread, body)), body };
  onFound(known);
  return known;
}

/** Edits it. Where somebody deleted it the run speaks up again instead of falling silent; a crash here makes no second one. */
async function write(world: VoiceWorld, comment: Comment, body: string): Promise<Comment> {
  try {
    await world.forge.editComment(comment.id, body);
    return comment;
  } catch (error) {
    if (!(error instanceof ForgeError) || error.kind !== "not-found") throw error;
    const again = await findOrMake(world, body);
    if (again.body !== body) await world.forge.editComment(again.id, body);
    return again;
  }
}

/** GitHub's no, which asking again does not change for now. */
export function isRefusal(error: unknown): error is ForgeError {
  const kinds = ["not-found", "forbidden", "refused"];
  return error instanceof ForgeError && kinds.includes(error.kind);
}
