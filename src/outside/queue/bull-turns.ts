// The runs of the queue of many processes, read as turns: who waits, who is driven, and who may be driven beside them.

import type { Job } from "bullmq";
import { z } from "zod";

import { RepositoryRef } from "../../world/forge.ts";
import type { Depth, QueueLimits, Wake } from "../../world/queue.ts";
import { isGuestBeside, roomBeside } from "../../world/room.ts";
import type { BullQueue } from "./bull.ts";
import type { Turn } from "./turn.ts";

/** What a job of a run holds. */
export const Data = z.object({
  run: z.string(),
  repository: RepositoryRef,
  /** When a sleeper wakes by itself, in milliseconds since 1970. */
  due: z.number(),
  /** A process has it in hand and no place for it yet: it waits. */
  isHeld: z.boolean().default(false),
});

interface Queued {
  queue: BullQueue;
  limits: QueueLimits;
}

/** How many runs are where. */
export async function depth(queue: BullQueue): Promise<Depth> {
  const counts = await queue.getJobCounts("prioritized", "waiting", "delayed", "active");
  const { prioritized = 0, waiting = 0, delayed = 0, active = 0 } = counts;
  return { waiting: prioritized + waiting, sleeping: delayed, driven: active };
}

/** A run of the queue, and when it wakes by itself if it sleeps. */
export interface KeptTurn extends Turn {
  due: number;
}

/** Null for one that is gone between two requests, or not of ours. */
export function turnOf(
  job: Pick<Job, "data" | "opts"> | undefined,
  isDriven: boolean,
): KeptTurn | null {
  const data = Data.safeParse(job?.data);
  if (job === undefined || !data.success) return null;
  const { run, repository, due, isHeld } = data.data;
  const turn = job.opts.priority ?? 0;
  return { wake: { run, repository }, turn, isDriven: isDriven && !isHeld, due };
}

/**
 * Null where the places of its repository or its installation are taken. Of those that are driven by whomever, the ones that
 * were handed out earlier come first.
 */
export async function admissionOf(
  { queue, limits }: Queued,
  job: Job,
  wake: Wake,
): Promise<{ isGuest: boolean } | null> {
  const active = await queue.getJobs(["active"]);
  const mine = placeInTime(job);
  const earlier = active.filter((each) => each !== undefined && placeInTime(each) < mine);
  const driven = earlier.flatMap((each) => turnOf(each, true)?.wake ?? []);
  return roomBeside(driven, limits)(wake) ? { isGuest: isGuestBeside(driven, wake) } : null;
}

/** When it was handed out, made comparable as a text: 13 digits of milliseconds, then the run. */
const placeInTime = ({ processedOn = 0, id }: Job): string =>
  `${String(processedOn).padStart(13, "0")} ${id ?? ""}`;
