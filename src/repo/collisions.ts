// Which changes of many meet each other, and at which paths: the matrix, and the order of folding that follows from it. Pure.

import { meetings, type Touched } from "./touched.ts";

/** Two changes that meet, by their places in what was asked; `one` is the earlier. */
export interface Collision {
  one: number;
  other: number;
  paths: string[];
}

/** Every pair that meets, by the earlier one, then the later one. Cost grows with the pairs that meet, not with all pairs. */
export function collisionsAmong(all: readonly Touched[]): Collision[] {
  const index = indexOf(all);
  return all.flatMap((touched, one) => {
    const near = [...index.near(touched)].filter((other) => other > one);
    return near
      .toSorted((a, b) => a - b)
      .map((other) => ({ one, other, paths: meetings(touched, all[other] ?? touched) }))
      .filter(({ paths }) => paths.length > 0);
  });
}

/**
 * Places in the order to fold in: whoever meets nobody first, then whoever meets the fewest others; among equals, as they
 * were given. What is folded in first is never in conflict, so this leaves out as little as can be told from paths.
 */
export function fewestCollisionsFirst(count: number, collisions: readonly Collision[]): number[] {
  const met = Array.from({ length: count }, () => 0);
  for (const { one, other } of collisions) {
    for (const at of [one, other]) met[at] = (met[at] ?? 0) + 1;
  }
  return [...met.keys()].toSorted((a, b) => (met[a] ?? 0) - (met[b] ?? 0) || a - b);
}

/** Finds whoever can meet a change at all, by names that both know. */
function indexOf(all: readonly Touched[]): { near: (touched: Touched) => Set<number> } {
  const holders = { path: groups(), folder: groups(), adder: groups(), mover: groups() };
  for (const [at, touched] of all.entries()) {
    for (const path of touched.paths) add(holders.path, path, at);
    for (const folder of touched.folders) add(holders.folder, folder, at);
    for (const folder of touched.addedBelow) add(holders.adder, folder, at);
    if (touched.added.size === 0) continue;
    for (const folder of touched.removedBelow) add(holders.mover, folder, at);
  }
  const everywhere = [...all.keys()].filter((at) => all[at]?.everything === true);
  const near = (touched: Touched): Set<number> => {
    if (touched.everything) return new Set(all.keys());
    const found = new Set(everywhere);
    const look = (from: ReadonlyMap<string, number[]>, names: Iterable<string>): void => {
      for (const name of names) for (const at of from.get(name) ?? []) found.add(at);
    };
    look(holders.path, touched.paths);
    look(holders.path, touched.folders);
    look(holders.folder, touched.paths);
    look(holders.mover, touched.addedBelow);
    if (touched.added.size > 0) look(holders.adder, touched.removedBelow);
    return found;
  };
  return { near };
}

const groups = (): Map<string, number[]> => new Map();

function add(groups_: Map<string, number[]>, name: string, at: number): void {
  const known = groups_.get(name);
  if (known === undefined) groups_.set(name, [at]);
  else known.push(at);
}
