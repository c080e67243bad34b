// `/workflow off`, kept on this disk: a repository that is switched off stays so over every restart.

import { z } from "zod";

import { type Disk, textAt } from "../world/disk.ts";

/** Who switched a repository off, and when (milliseconds since 1970). */
const SwitchedOff = z.object({
  by: z.object({ id: z.int(), login: z.string() }),
  at: z.number(),
});
export type SwitchedOff = z.infer<typeof SwitchedOff>;

/** On disk when a change resolves. A switch that cannot be read rejects: nobody may take it for "on". */
export interface Switches {
  /** Null while the repository is on. */
  read(repositoryId: number): Promise<SwitchedOff | null>;
  off(repositoryId: number, given: SwitchedOff): Promise<void>;
  on(repositoryId: number): Promise<void>;
}

/** Switches on the disk of this machine. */
export function openSwitches(disk: Disk): Switches {
  const fileOf = (repositoryId: number): string => `switched-off/${repositoryId}.json`;
  return {
    read: async (repositoryId) => {
      const text = await textAt(disk, fileOf(repositoryId));
      return text === null ? null : SwitchedOff.parse(JSON.parse(text));
    },
    off: (repositoryId, given) => disk.replace(fileOf(repositoryId), `${JSON.stringify(given)}\n`),
    on: (repositoryId) => disk.remove(fileOf(repositoryId)),
  };
}
