// The files of a sealed book: opened as texts, and sealed as far as they have to be. Pure, but for the nonces.

import type { Seal } from "./seal.ts";

/** By path. */
type Texts = ReadonlyMap<string, string>;

/** Every file as text, by path, and the paths of those that an older key sealed. Throws `SealBroken` when one is not ours. */
export function openFiles(
  seal: Seal,
  files: ReadonlyMap<string, Uint8Array>,
): { texts: Texts; older: readonly string[] } {
  const texts = [...files].map(([path, bytes]) => [path, textOf(seal.open(path, bytes))] as const);
  const older = [...files].filter(([path, bytes]) => !seal.isOfNewest(path, bytes));
  return { texts: new Map(texts), older: older.map(([path]) => path) };
}

/** Only what differs is sealed anew, and what an older key sealed: a seal has a fresh nonce each time. */
export function changedFiles(
  seal: Seal,
  { known, wanted, older }: Record<"known" | "wanted", Texts> & { older: readonly string[] },
): { files: Map<string, Uint8Array>; removed: string[] } {
  const changed = [...wanted].filter(
    ([path, text]) => known.get(path) !== text || older.includes(path),
  );
  const sealed = changed.map(([path, text]) => [path, seal.seal(path, Buffer.from(text))] as const);
  return { files: new Map(sealed), removed: [...known.keys()].filter((path) => !wanted.has(path)) };
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");
