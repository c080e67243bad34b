// `/workflow off`, kept on this disk: a repository that is switched off stays so over every restart.

import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

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

/** Switches below the data folder. */
export function openSwitches(dataDir: string): Switches {
  const dir = join(dataDir, "switched-off");
  const fileOf = (repositoryId: number): string => join(dir, `${repositoryId}.json`);
  return {
    read: async (repositoryId) => {
      const text = await readIfThere(fileOf(repositoryId));
      return text === null ? null : SwitchedOff.parse(JSON.parse(text));
    },
    off: async (repositoryId, given) => {
      await mkdir(dir, { recursive: true });
      const fresh = join(dir, `.${repositoryId}.new`);
      await writeFile(fresh, `${JSON.stringify(given)}\n`, { flush: true });
      await rename(fresh, fileOf(repositoryId));
    },
    on: (repositoryId) => rm(fileOf(repositoryId), { force: true }),
  };
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
