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
  /** It was held before it got its place, so that it is driven since another moment than it was handed out. */
  wasHeld: z.boolean().default(false),
});

/** A job, as far as it is looked at here. */
type Seen = Pick<Job, "id" | "data" | "priority" | "processedOn">;

/** What is asked of a queue. */
interface Asked {
  getJobs(types: ["active"]): Promise<(Seen | undefined)[]>;
}

interface Queued {
  queue: Asked;
  limits: QueueLimits;
}

/** How many runs are where. Those that a process has in hand are read, since it may have no place for them. */
export async function depth(queue: Asked & Pick<BullQueue, "getJobCounts">): Promise<Depth> {
  const inHand = (await queue.getJobs(["active"])).flatMap((job) => turnOf(job, true) ?? []);
  const driven = inHand.filter(({ isDriven }) => isDriven).length;
  const counts = await queue.getJobCounts("prioritized", "waiting", "delayed");
  const { prioritized = 0, waiting = 0, delayed = 0 } = counts;
  const held = inHand.length - driven;
  return { waiting: prioritized + waiting + held, sleeping: delayed, driven };
}

/** A run of the queue, and when it wakes by itself if it sleeps. */
export interface KeptTurn extends Turn {
  due: number;
}

/** Null for one that is gone between two requests, or not of ours. */
export function turnOf(
  job: Pick<Job, "data" | "priority"> | undefined,
  isDriven: boolean,
): KeptTurn | null {
  const data = Data.safeParse(job?.data);
  if (job === undefined || !data.success) return null;
  const { run, repository, due, isHeld } = data.data;
  // Its options stay as they were when it was added.
  const turn = job.priority;
  return { wake: { run, repository }, turn, isDriven: isDriven && !isHeld, due };
}

/**
 * Null where the places of its repository or its installation are taken. One that is held takes none. Of those that are
 * driven by whomever, the ones that were handed out earlier come first, and before them those that were held: such a one sees
 * all others, so that of two that come in one moment at least one sees the other.
 */
export async function admissionOf(
  { queue, limits }: Queued,
  job: Placed,
  wake: Wake,
): Promise<{ isGuest: boolean } | null> {
  const active = (await queue.getJobs(["active"])).filter((each) => each !== undefined);
  const others = active.filter(({ id }) => id !== job.id);
  const before = others.filter((each) => isBefore(each, job));
  const driven = before.flatMap((each) => turnOf(each, true) ?? []);
  const wakes = driven.filter(({ isDriven }) => isDriven).map((each) => each.wake);
  return roomBeside(wakes, limits)(wake) ? { isGuest: isGuestBeside(wakes, wake) } : null;
}

type Placed = Omit<Seen, "priority">;

const isBefore = (other: Placed, job: Placed): boolean =>
  isLate(job) || isLate(other) || placeInTime(other) < placeInTime(job);

/** It is, or will be, driven since later than it was handed out. */
function isLate({ data }: Placed): boolean {
  const read = Data.safeParse(data).data;
  return read !== undefined && (read.isHeld || read.wasHeld);
}

/** When it was handed out, made comparable as a text: 13 digits of milliseconds, then the run. */
export const placeInTime = ({ processedOn = 0, id }: Placed): string =>
  `${String(processedOn).padStart(13, "0")} ${id ?? ""}`;
