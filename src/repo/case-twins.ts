// Names that differ only in upper and lower case: two files to git, one on the disks of macOS and Windows. Pure.

/** Names with the same folded form are one file on many disks. */
export const foldCase = (name: string): string => name.normalize("NFC").toLowerCase();

/** Each of the new paths with another one of the tree that it cannot stand beside everywhere; a pair is told once. */
export function caseTwins(
  added: readonly string[],
  tree: readonly string[],
): { path: string; twin: string }[] {
  if (added.length === 0) return [];
  const holders = Map.groupBy(tree, foldCase);
  const told = new Set<string>();
  return added.flatMap((path) => {
    const twin = holders.get(foldCase(path))?.find((other) => other !== path);
    if (twin === undefined || told.has(foldCase(path))) return [];
    told.add(foldCase(path));
    return [{ path, twin }];
  });
}
