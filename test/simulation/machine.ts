// A machine of the simulated world: what outlives its processes.

import { createMemoryDisk, type MemoryDisk } from "../../src/outside/memory/disk.ts";
import { createMemoryInbox } from "../../src/outside/memory/inbox.ts";
import type { Inbox } from "../../src/world/inbox.ts";
import { draw, drawInt } from "./core/draw.ts";
import { Objects } from "./git/objects.ts";

export interface Machine {
  readonly name: string;
  /** Milliseconds that its clock goes ahead, or behind. */
  readonly skewMs: number;
  readonly disk: MemoryDisk;
  readonly inbox: Inbox;
  /** The commits of its mirror. */
  readonly objects: Objects;
}

const SKEW_MS = [-60_000, 60_000] as const;

/** A machine with nothing on its disk. */
export const buildMachine = (name: string, seed: number): Machine => ({
  name,
  skewMs: draw(seed, `${name} is wrong`) < 0.5 ? drawInt(seed, `${name} skew`, SKEW_MS) : 0,
  disk: createMemoryDisk(),
  inbox: createMemoryInbox({ lettersMax: 100 }),
  objects: new Objects(),
});
