// The collision matrix of changes: what each did since it began, held against every other.

import { type Collision, collisionsAmong } from "./collisions.ts";
import type { Oid } from "./git-data.ts";
import { openDifferences } from "./many-differences.ts";
import type { ObjectStore } from "./object-store.ts";
import { nothingTouched, touch } from "./touched.ts";

/** Which of the changes meet. Each began at its own commit; who knew of whom is for the caller to say. */
export async function collisionsOf(
  store: ObjectStore,
  changes: readonly { base: Oid; head: Oid }[],
): Promise<Collision[]> {
  const differences = openDifferences(store);
  const pairs = await Promise.all(
    changes.map(async ({ base, head }) => ({
      from: await store.trees.treeOf(base),
      to: await store.trees.treeOf(head),
    })),
  );
  await differences.readAhead(pairs);
  const did = await Promise.all(pairs.map((pair) => differences.of(pair)));
  return collisionsAmong(did.map((each) => touch(nothingTouched(), each)));
}
