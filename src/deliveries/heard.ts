// Which deliveries this data folder has heard: what only another machine heard may be lost with that machine.

import { z } from "zod";

import { limits } from "../config/limits.ts";
import type { Attempt } from "../world/deliveries.ts";
import { type Disk, textAt } from "../world/disk.ts";

/** Older folders say no more than that somebody has looked. */
const Kept = z.object({
  /** From when on what was heard is written down, in milliseconds since 1970. */
  since: z.number().optional(),
  /** GUIDs of deliveries, each with when it was heard. */
  heard: z.array(z.tuple([z.string(), z.number()])).default([]),
});

const KEPT = "deliveries/looked.json";

export interface Heard {
  /** False where all that was heard may be lost at any moment, so that each look asks. */
  readonly isLasting: boolean;
  /** A delivery was taken in here, or asks for nothing. */
  note(guid: string): void;
  /** Reads what an earlier process wrote down; false: there is nothing, and what was there may be lost. */
  open(): Promise<boolean>;
  /** Somebody took this delivery, and it was not this folder: long enough ago to be answered. */
  isElsewhere(attempt: Attempt): boolean;
  /** Writes down what was heard within the time that another machine may have lost. */
  keep(): Promise<void>;
}

interface HeardParts {
  disk: Pick<Disk, "read" | "replace">;
  clock: { now(): number };
}

export function openHeard({ disk, clock }: HeardParts): Heard {
  const heard = new Map<string, number>();
  let since = clock.now();
  let isKept = false;
  return {
    isLasting: true,
    note: (guid) => {
      heard.set(guid, clock.now());
      isKept = false;
    },
    open: async () => {
      const text = await textAt(disk, KEPT);
      if (text === null) return false;
      const kept = readKept(text);
      since = Math.min(since, kept?.since ?? since);
      for (const [guid, at] of kept?.heard ?? []) if (!heard.has(guid)) heard.set(guid, at);
      return true;
    },
    isElsewhere: ({ guid, at, isDelivered }) => {
      const now = clock.now();
      const isLongAgo = at <= now - limits.web.sweepMs;
      const from = since - limits.web.clockOffMs;
      const mayBeLost = at >= Math.max(from, now - limits.web.lostWithFolderMs);
      return isDelivered && isLongAgo && mayBeLost && !heard.has(guid);
    },
    keep: async () => {
      if (isKept) return;
      // What is noted meanwhile is for the next time.
      isKept = true;
      const oldest = clock.now() - 2 * limits.web.lostWithFolderMs;
      for (const [guid, at] of heard) if (at < oldest) heard.delete(guid);
      try {
        await disk.replace(KEPT, `${JSON.stringify({ since, heard: [...heard] })}\n`);
      } catch (error) {
        isKept = false;
        throw error;
      }
    },
  };
}

/** A file that nobody can read tells that the folder is not new, and no more. */
function readKept(text: string): z.infer<typeof Kept> | null {
  try {
    return Kept.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
