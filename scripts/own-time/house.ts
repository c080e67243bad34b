// All of `src`, held against the rule that time and chance come through the ports.

import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { type Allowed, allowed } from "./allowed.ts";
import { ownTimeIn, type OwnTime } from "./find.ts";
import { programOf } from "./program.ts";

export interface OwnTimeOf extends OwnTime {
  /** Behind the folder that was looked through. */
  file: string;
}

/** Files of somebody else: the repository that the demo's GitHub begins with. */
const SAMPLE = "local/sample/";

/** Everything that asks the machine itself, allowed or not, and how many files were looked at. Rejects where there are none. */
export async function ownTimeBelow(dir: string): Promise<{ files: number; found: OwnTimeOf[] }> {
  const names = (await readdir(dir, { recursive: true }))
    .filter((name) => /\.[jt]s$/u.test(name) && !name.startsWith(SAMPLE))
    .toSorted();
  if (names.length === 0) throw new Error(`There is no source file in ${dir}.`);
  const program = programOf(names.map((name) => join(dir, name)));
  const found = names.flatMap((file) => {
    const source = program.getSourceFile(join(dir, file));
    if (source === undefined) throw new Error(`${file} cannot be read as source.`);
    return ownTimeIn(program, source).map((each) => ({ file, ...each }));
  });
  return { files: names.length, found };
}

export const mayAsk = ({ file, what }: OwnTimeOf, by: readonly Allowed[] = allowed): boolean =>
  by.some(
    ({ files, may }) =>
      files.some((each) => isIn(file, each)) && (may === "anything" || may.includes(what)),
  );

export const isIn = (file: string, place: string): boolean =>
  place.endsWith("/") ? file.startsWith(place) : file === place;
