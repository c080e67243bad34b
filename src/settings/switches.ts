// `/workflow off`: a repository that is switched off stays so. What a switch says, and how one machine keeps it on its disk.

import { z } from "zod";

import { type Disk, textAt } from "../world/disk.ts";
import type { RepositoryRef } from "../world/forge.ts";

/** Who switched a repository off, and when (milliseconds since 1970). */
export const SwitchedOff = z.object({
  by: z.object({ id: z.int(), login: z.string() }),
  at: z.number(),
  /** On a disk: it could not be kept in the repository yet. */
  isPending: z.literal(true).optional(),
});
export type SwitchedOff = z.infer<typeof SwitchedOff>;

/** Kept when a change resolves. A switch that cannot be read rejects: nobody may take it for "on". */
export interface Switches {
  /**
   * Null while the repository is on. As it was seen a moment ago; `isAnew`: as it stands now. Rejects with `SwitchUnreadable`
   * where that passes by nobody's doing.
   */
  read(ref: RepositoryRef, how?: { isAnew: boolean }): Promise<SwitchedOff | null>;
  off(ref: RepositoryRef, given: SwitchedOff): Promise<void>;
  on(ref: RepositoryRef): Promise<void>;
}

/** Nobody can tell whether a repository is on; the message says what mends it. */
export class SwitchUnreadable extends Error {
  override readonly name = "SwitchUnreadable";
}

/** Switches on the disk of this machine. */
export function openSwitches(disk: Disk): Switches {
  const fileOf = ({ repositoryId }: RepositoryRef): string => `switched-off/${repositoryId}.json`;
  return {
    read: async (ref) => {
      const text = await textAt(disk, fileOf(ref));
      return text === null ? null : SwitchedOff.parse(JSON.parse(text));
    },
    off: (ref, given) => disk.replace(fileOf(ref), `${JSON.stringify(given)}\n`),
    on: (ref) => disk.remove(fileOf(ref)),
  };
}
