// Divides files into parts of a size that one worker keeps in view: by directory, package or owner. Pure.

export type DivideBy = "file" | "directory" | "package" | "owner";

export interface Shard {
  /** What people call it, and what it is known by when the work is done again. */
  name: string;
  files: string[];
}

export interface Dividing {
  by: DivideBy;
  /** Files of one part at most. */
  most: number;
  /** Directories that hold a package, with "" for the root. */
  packages: readonly string[];
  ownersOf: (path: string) => readonly string[];
}

/** In the order of their first files; a part that is too large becomes several, the first of which keeps the name. */
export function divide(files: readonly string[], dividing: Dividing): Shard[] {
  const groups = Map.groupBy(files, (path) => nameFor(path, dividing));
  return [...groups].flatMap(([name, all]) =>
    Array.from({ length: Math.ceil(all.length / dividing.most) }, (_, index) => ({
      name: index === 0 ? name : `${name} (${index + 1})`,
      files: all.slice(index * dividing.most, (index + 1) * dividing.most),
    })),
  );
}

function nameFor(path: string, { by, packages, ownersOf }: Dividing): string {
  switch (by) {
    case "file":
      return path;
    case "directory":
      return directoryOf(path) || "the root";
    case "package": {
      const holding = packages.filter((each) => each === "" || path.startsWith(`${each}/`));
      const nearest = holding.toSorted((one, other) => other.length - one.length)[0];
      return nearest || "the root";
    }
    case "owner": {
      const owners = ownersOf(path);
      return owners.length === 0 ? "nobody's" : owners.join(" ");
    }
  }
}

export const directoryOf = (path: string): string => path.split("/").slice(0, -1).join("/");
