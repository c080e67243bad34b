// A checkpoint after a change of keys: what an older key sealed is sealed with the newest one.

import { isOfAgent } from "./kept-agents.ts";
import { type Files, MANIFEST_FILE } from "./manifest.ts";
import type { Seal } from "./seal.ts";
import { isSegment } from "./segments.ts";

/** By path. Segments are never written again, so that those of a run that goes on for long would stay under a key that is given up. */
export function sealedAnew(files: Files, seal: Seal): Files {
  const older = [...files].filter(
    ([path, bytes]) => isSealed(path) && !seal.isOfNewest(path, bytes),
  );
  return new Map(older.map(([path, bytes]) => [path, seal.seal(path, seal.open(path, bytes))]));
}

const isSealed = (path: string): boolean =>
  path === MANIFEST_FILE || isSegment(path) || isOfAgent(path);
