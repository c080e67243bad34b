// The secrets that checkpoints are sealed with. Changing one must not close what was sealed with the one before.

/** The first one seals, and each of them opens. */
export type CheckpointKeys = readonly [string, ...string[]];

/** Of a variable: one or several, the newest first, with commas or blanks between. */
export const keysIn = (text: string): string[] => text.split(/[\s,]+/u).filter((key) => key !== "");

/** The App's own key comes last: it seals where there is no other, and opens what it sealed before there was one. */
export function checkpointKeys(listed: readonly string[], privateKey: string): CheckpointKeys {
  const [newest, ...older] = [...listed, privateKey];
  return [newest ?? privateKey, ...older];
}
