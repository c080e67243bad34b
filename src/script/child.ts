// Finds the script behind workflow("name") and workflow({ scriptPath }), and checks it before it is started.

import { StepFailed } from "../engine/errors.ts";
import type { FindWorkflow } from "../engine/run.ts";
import { PathRefused, type Snapshot } from "../repo/contract.ts";
import { checkScript, renderProblem } from "./check.ts";
import { findWorkflows } from "./saved.ts";

/**
 * Looks in the same places as a command does: the repository at the given snapshot, then the built-in workflows. A
 * `StepFailed`, which the calling script can catch, says what is missing or wrong.
 */
export function childFinder(snapshot: Snapshot, builtInFolder: string): FindWorkflow {
  return async (wanted) => {
    if ("scriptPath" in wanted) return await atPath(snapshot, wanted.scriptPath);
    const { workflows, refused } = await findWorkflows(snapshot, builtInFolder);
    const found = workflows.find(({ name }) => name === wanted.name);
    if (found !== undefined) return found;
    const known = workflows.map(({ name }) => `"${name}"`).join(", ");
    const unusable = refused.map(({ path, reason }) => ` ${path} cannot be used: ${reason}`);
    throw new StepFailed(
      `There is no workflow "${wanted.name}". There are: ${known}.${unusable.slice(0, 5).join("")}`,
    );
  };
}

async function atPath(snapshot: Snapshot, path: string): Promise<{ name: string; source: string }> {
  const file = await snapshot.read(path).catch(asMissing);
  if (file?.kind !== "text") {
    throw new StepFailed(`There is no text file ${path} at the run's commit to run as a workflow.`);
  }
  const checked = checkScript(file.text);
  if (checked.ok) return { name: checked.meta.name, source: file.text };
  const problems = checked.problems.slice(0, 5).map((problem) => renderProblem(file.text, problem));
  throw new StepFailed(`${path} does not pass the check.\n\n${problems.join("\n\n")}`);
}

function asMissing(error: unknown): null {
  if (error instanceof PathRefused) return null;
  throw error;
}
