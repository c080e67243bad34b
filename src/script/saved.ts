// Finds saved workflows: the repository's own under `.claude/workflows/`, then the built-in ones.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Snapshot } from "../repo/contract.ts";
import { checkScript, renderProblem } from "./check.ts";

/** A script that has a name. */
export interface SavedWorkflow {
  name: string;
  description: string;
  /** What to say to a person who writes nothing behind the name; null where that is allowed. */
  needsArgs: string | null;
  source: string;
  origin: "repository" | "built-in";
  /** Where it stands, for people. */
  path: string;
}

/** A file that could have been a workflow and is none, and why. */
export interface RefusedWorkflow {
  path: string;
  reason: string;
}

export interface SavedWorkflows {
  workflows: SavedWorkflow[];
  refused: RefusedWorkflow[];
}

const REPOSITORY_FOLDER = ".claude/workflows";

/**
 * All workflows by name: the repository's win over ours; two repository files with one name are both refused. Read at
 * the given snapshot, which must be of the default branch or a pull request's base, never of its head.
 */
export async function findWorkflows(
  snapshot: Snapshot,
  builtInFolder: string,
): Promise<SavedWorkflows> {
  const own = unambiguous(await fromRepository(snapshot));
  const builtIn = await fromFolder(builtInFolder);
  const taken = new Set(own.workflows.map((workflow) => workflow.name));
  return {
    workflows: [...own.workflows, ...builtIn.workflows.filter(({ name }) => !taken.has(name))],
    refused: [...own.refused, ...builtIn.refused],
  };
}

async function fromRepository(snapshot: Snapshot): Promise<SavedWorkflows> {
  const found: SavedWorkflows = { workflows: [], refused: [] };
  const paths = await snapshot.paths(`${REPOSITORY_FOLDER}/*`);
  for (const path of paths) {
    if (!path.endsWith(".js")) {
      found.refused.push({ path, reason: "only `.js` files are workflows" });
      continue;
    }
    const content = await snapshot.read(path);
    if (content?.kind === "text")
      place(found, { path, source: content.text, origin: "repository" });
    else found.refused.push({ path, reason: "it is not a text file of a readable size" });
  }
  return found;
}

/** Read once, by folder: what ships with this process stays as it is for as long as it lives. */
const shipped = new Map<string, Promise<SavedWorkflows>>();

async function fromFolder(folder: string): Promise<SavedWorkflows> {
  const reading = shipped.get(folder) ?? readFolder(folder);
  shipped.set(folder, reading);
  try {
    return await reading;
  } catch (error) {
    shipped.delete(folder);
    throw error;
  }
}

async function readFolder(folder: string): Promise<SavedWorkflows> {
  const found: SavedWorkflows = { workflows: [], refused: [] };
  const names = (await readdir(folder)).filter((name) => name.endsWith(".js")).sort();
  for (const name of names) {
    const source = await readFile(join(folder, name), "utf8");
    place(found, { path: `workflows/${name}`, source, origin: "built-in" });
  }
  return found;
}

function place(
  found: SavedWorkflows,
  file: Pick<SavedWorkflow, "path" | "source" | "origin">,
): void {
  const checked = checkScript(file.source);
  if (checked.ok) {
    const { name, description, needsArgs } = checked.meta;
    found.workflows.push({ ...file, name, description, needsArgs: needsArgs ?? null });
    return;
  }
  const [first] = checked.problems;
  const reason =
    first === undefined ? "it does not pass the check" : renderProblem(file.source, first);
  found.refused.push({ path: file.path, reason });
}

function unambiguous(found: SavedWorkflows): SavedWorkflows {
  const byName = Map.groupBy(found.workflows, (workflow) => workflow.name);
  const result: SavedWorkflows = { workflows: [], refused: [...found.refused] };
  for (const [name, workflows] of byName) {
    if (workflows.length === 1) result.workflows.push(...workflows);
    else {
      const paths = workflows.map(({ path }) => `\`${path}\``).join(" and ");
      result.refused.push(
        ...workflows.map(({ path }) => ({ path, reason: `${paths} are both named \`${name}\`` })),
      );
    }
  }
  return result;
}
