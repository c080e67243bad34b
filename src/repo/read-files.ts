// Every file of a commit with its bytes: what a checkpoint is made of.

import type { Oid } from "./git-data.ts";
import type { ObjectStore } from "./object-store.ts";
import { listTree } from "./tree.ts";

const READ_BYTES_MAX = 256 * 1024 * 1024;

export async function readFiles(
  { gitDir, catFile }: Pick<ObjectStore, "gitDir" | "catFile">,
  commit: Oid,
): Promise<Map<string, Uint8Array>> {
  const entries = (await listTree(gitDir, commit)).filter((entry) => entry.size !== null);
  const bytes = entries.reduce((sum, entry) => sum + (entry.size ?? 0), 0);
  if (bytes > READ_BYTES_MAX) {
    throw new Error(
      `Commit ${commit} holds ${bytes} bytes; ${READ_BYTES_MAX} at most are read at once.`,
    );
  }
  const files = await Promise.all(
    entries.map(async ({ path, oid }) => {
      const object = await catFile.contents(oid);
      if (object === null) throw new Error(`The mirror lacks ${oid}, which ${path} needs.`);
      return [path, object.bytes] as const;
    }),
  );
  return new Map(files);
}
