// The scripts behind workflow(): of the repository, beside the script, built in; else a stand-in that returns at once.

import { readdir, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

import { StepFailed } from "../engine/errors.ts";
import type { FindWorkflow } from "../engine/run.ts";
import type { Json } from "../engine/json.ts";
import type { Snapshot } from "../repo/contract.ts";
import { checkScript } from "../script/check.ts";
import { childFinder } from "../script/child.ts";

/** A script with its name, or null where there is none. */
export type FindChild = (
  wanted: Parameters<FindWorkflow>[0],
) => Promise<{ name: string; source: string } | null>;

/** Looks in the repository when there is one, then where the script lies, then among the built-in ones. */
export function findChildren(given: {
  /** Path of the script that is previewed. */
  file: string;
  snapshot: Snapshot | null;
  builtInFolder: string;
}): FindChild {
  const folder = dirname(resolve(given.file));
  const known = given.snapshot === null ? null : childFinder(given.snapshot, given.builtInFolder);
  return async (wanted) => {
    const ofRepository = known === null ? null : await known(wanted).catch(asNone);
    if (ofRepository !== null) return ofRepository;
    if ("scriptPath" in wanted) return await firstScript(ancestorsOf(folder), wanted.scriptPath);
    const folders = [folder, join(folder, ".claude", "workflows"), given.builtInFolder];
    for (const place of folders) {
      const found = await named(place, wanted.name);
      if (found !== null) return found;
    }
    return null;
  };
}

/** A script that does nothing but return a value. */
export function standInChild(name: string, value: Json): { name: string; source: string } {
  const meta = JSON.stringify({
    name,
    description: "Stands in for a workflow that was not found.",
  });
  return { name, source: `export const meta = ${meta};\nreturn ${JSON.stringify(value)};\n` };
}

function asNone(error: unknown): null {
  if (error instanceof StepFailed) return null;
  throw error;
}

function ancestorsOf(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...ancestorsOf(above)];
}

async function firstScript(folders: readonly string[], path: string) {
  for (const folder of folders) {
    const found = await scriptAt(join(folder, path));
    if (found !== null) return found;
  }
  return null;
}

async function named(folder: string, name: string) {
  const files = await readdir(folder).catch(() => []);
  for (const file of files.filter((one) => one.endsWith(".js")).sort()) {
    const found = await scriptAt(join(folder, file));
    if (found?.name === name) return found;
  }
  return null;
}

async function scriptAt(path: string): Promise<{ name: string; source: string } | null> {
  const source = await readFile(path, "utf8").catch(() => null);
  const checked = source === null ? null : checkScript(source);
  return source !== null && checked?.ok === true ? { name: checked.meta.name, source } : null;
}
