// Which workflows can be run in a thread: those of the branch that workflows are read from there, and the built-in ones.

import type { ThreadRef } from "../command/run-desk.ts";
import { branchRef } from "../repo/refs.ts";
import { findWorkflows } from "../script/saved.ts";
import type { House } from "./house.ts";

/** In alphabetical order; none in an empty repository. Rejects with `ForgeError`. */
export async function workflowNames(
  house: House,
  { repository, thread, isPullRequest }: ThreadRef & { isPullRequest: boolean },
): Promise<string[]> {
  const forge = await house.world.openForge(repository);
  const branch = isPullRequest
    ? (await forge.pullRequest(thread)).base.ref
    : (await forge.repository()).defaultBranch;
  const { mirror } = await house.site(repository);
  const commit = await mirror.fetch(branchRef(branch));
  if (commit === null) return [];
  const snapshot = await mirror.snapshot(commit);
  const { workflows } = await findWorkflows(snapshot, house.settings.workflowsDir);
  return workflows.map(({ name }) => name).toSorted();
}
