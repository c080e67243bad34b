// New repositories that wait for a look: on this disk, or where several processes are on their board.

import { z } from "zod";

import { type Disk, textAt } from "../world/disk.ts";
import { RepositoryRef } from "../world/forge.ts";
import type { Log } from "../world/log.ts";
import type { World } from "../world.ts";

const Waiting = z.array(RepositoryRef.extend({ attempts: z.int() }));
export type Waiting = z.infer<typeof Waiting>;

export interface WaitingList {
  read(): Promise<Waiting>;
  /** Kept when it resolves; one change after the other. */
  change(next: (waiting: Waiting) => Waiting): Promise<void>;
}

const FILE = "onboarding.json";
const ENTRY = "onboarding";
/** As long as nobody changes it. */
const kept = { keepMs: 90 * 24 * 60 * 60_000 };

/** The list on disk that an earlier version, or this process without the others, left is put on the board. */
export function openWaitingList({
  disk,
  fleet,
  log,
}: Pick<World, "disk" | "fleet" | "log">): WaitingList {
  const own = listOnDisk(disk, log);
  if (fleet === null) return own;
  const { board } = fleet;
  const change: WaitingList["change"] = (next) =>
    board.change(
      ENTRY,
      (text) => ({ text: JSON.stringify(next(parsed(text, log))), answer: undefined }),
      kept,
    );
  return {
    change,
    read: async () => {
      const left = await own.read();
      if (left.length > 0) {
        await change((waiting) => together(waiting, left));
        await own.change(() => []);
      }
      return await board.change(ENTRY, (text) => ({ text: null, answer: parsed(text, log) }), kept);
    },
  };
}

/** A repository stands on it once. */
export function together(waiting: Waiting, more: Waiting): Waiting {
  const known = new Set(waiting.map(({ repositoryId }) => repositoryId));
  return [...waiting, ...more.filter(({ repositoryId }) => !known.has(repositoryId))];
}

function listOnDisk(disk: Disk, log: Log): WaitingList {
  let busy: Promise<unknown> = Promise.resolve();
  const read = async (): Promise<Waiting> => parsed(await textAt(disk, FILE), log);
  return {
    read,
    change: (next) => {
      const before = busy;
      const work = async (): Promise<void> => {
        await before;
        await disk.replace(FILE, JSON.stringify(next(await read())));
      };
      const mine = work();
      busy = mine.catch(() => undefined);
      return mine;
    },
  };
}

/** A list that cannot be read is none: what stood on it goes without a proposal, and everything works without. */
function parsed(text: string | null, log: Log): Waiting {
  try {
    return Waiting.parse(JSON.parse(text ?? "[]"));
  } catch (err) {
    log.warn({ err }, `${FILE} cannot be read; the new repositories on it get no proposal`);
    return [];
  }
}
