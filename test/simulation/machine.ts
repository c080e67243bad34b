// A machine of the simulated world: what outlives its processes.

import { createMemoryDisk, type MemoryDisk } from "../../src/outside/memory/disk.ts";
import { createMemoryInbox } from "../../src/outside/memory/inbox.ts";
import type { Inbox } from "../../src/world/inbox.ts";
import { Objects } from "./git/objects.ts";

export interface Machine {
  readonly disk: MemoryDisk;
  readonly inbox: Inbox;
  /** The commits of its mirror. */
  readonly objects: Objects;
}

/** A machine with nothing on its disk. */
export const buildMachine = (): Machine => ({
  disk: createMemoryDisk(),
  inbox: createMemoryInbox({ lettersMax: 100 }),
  objects: new Objects(),
});
