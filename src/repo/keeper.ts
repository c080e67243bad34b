// Keeps commits alive under local refs; all that are asked for meanwhile take the mirror's lock once.

import { openBatches } from "./batches.ts";
import { git } from "./git.ts";
import type { Oid } from "./git-data.ts";
import { isRefName } from "./ref-name.ts";

const REFS_PER_LOCK_MAX = 2_000;

/** Makes `keep` of a mirror. */
export function openKeeper({
  gitDir,
  inLock,
}: {
  gitDir: string;
  inLock: (work: () => Promise<void>) => Promise<void>;
}): (name: string, commit: Oid) => Promise<void> {
  const inBatches = openBatches(
    async (wanted: readonly { ref: string; commit: Oid }[]) => {
      // Whoever asked last for a name gets it; git refuses a ref that is named twice.
      const last = new Map(wanted.map(({ ref, commit }) => [ref, commit]));
      const lines = [...last].map(([ref, commit]) => `update ${ref} ${commit}\n`);
      await inLock(async () => {
        await git(["update-ref", "--no-deref", "--stdin"], { gitDir, stdin: lines.join("") });
      });
      return wanted.map(() => undefined);
    },
    { itemsMax: REFS_PER_LOCK_MAX, weightMax: Infinity, weigh: () => 1 },
  );
  return async (name, commit) => {
    const ref = `refs/kept/${name}`;
    if (!isRefName(ref) || !/^[0-9a-f]{40}$/.test(commit)) {
      throw new TypeError(`${JSON.stringify(name)} cannot be a name to keep ${commit} under.`);
    }
    await inBatches({ ref, commit });
  };
}
