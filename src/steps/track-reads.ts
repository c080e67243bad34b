// Notes which files an agent read: "no findings" is never said without what was looked at.

import type { Overlay, Readable } from "../repo/contract.ts";

export interface Tracked<T extends Readable> {
  files: T;
  /** Paths whose text the agent was given, sorted. */
  read(): string[];
}

/** Wraps a snapshot or overlay; everything else about it stays the same. */
export function trackReads<T extends Readable | Overlay>(files: T): Tracked<T> {
  const seen = new Set<string>();
  const tracked = new Proxy(files, {
    get: (target, property) => {
      if (property === "read") {
        return async (path: string) => {
          const content = await target.read(path);
          if (content?.kind === "text") seen.add(path);
          return content;
        };
      }
      const member: unknown = Reflect.get(target, property, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  return { files: tracked, read: () => [...seen].sort() };
}
