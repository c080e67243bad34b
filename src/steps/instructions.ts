// What the repository's settings tell agents about some of its files.

import type { TaskPart } from "../agent/agent.ts";
import { matcherOf } from "../repo/paths.ts";

/** For whoever may touch any file, and for whoever looks at a few. */
export interface Instructions {
  all: readonly TaskPart[];
  about: (paths: readonly string[]) => TaskPart[];
}

export function openInstructions(given: readonly { paths: string; text: string }[]): Instructions {
  const told = given.map(({ paths, text }) => {
    const part: TaskPart = { kind: "data", title: `Instructions for ${paths}`, text };
    return { part, matches: matcherOf(paths) };
  });
  return {
    all: told.map(({ part }) => part),
    about: (paths) =>
      told.filter(({ matches }) => paths.some((path) => matches(path))).map(({ part }) => part),
  };
}
