// Chance that depends on what it is about and on nothing else: taking one fault out of a plan moves no other one.

/** From 0 up to 1, the same for the same seed and key. FNV-1a over the key, mixed as in MurmurHash3's finalizer. */
export function draw(seed: number, key: string): number {
  let hash = (2_166_136_261 ^ seed) >>> 0;
  for (let at = 0; at < key.length; at++) {
    hash = Math.imul(hash ^ key.charCodeAt(at), 16_777_619) >>> 0;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35) >>> 0;
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** A whole number from `from` to `to`, both included. */
export function drawInt(seed: number, key: string, [from, to]: readonly [number, number]): number {
  return from + Math.floor(draw(seed, key) * (to - from + 1));
}

export function pick<T>(seed: number, key: string, from: readonly [T, ...T[]]): T {
  return from[drawInt(seed, key, [0, from.length - 1])] ?? from[0];
}
