// Refs moved through the API: in turn with pushes, under the same rules, with the same consequences.

import { type Actor, holds } from "../actor.ts";
import { type Call, sceneOf } from "../call.ts";
import { Refusal } from "../errors.ts";
import { tryGit } from "../git.ts";
import { moveRefs, readRefs, type RefsMoved, type RefUpdate, zeros } from "../refs.ts";
import type { Repository } from "../state.ts";
import { inTurn } from "../turns.ts";
import { noticeRefs } from "./ref-changes.ts";

/** All or none. Throws a `Refusal` where the actor may not; a lost race is an answer. */
export function changeRefs(call: Call, updates: readonly RefUpdate[]): Promise<RefsMoved> {
  const { core, repository, actor } = call;
  return inTurn(repository, async () => {
    if (!mayChangeWorkflows(actor)) await mustSpareWorkflows(repository, updates);
    const moved = await moveRefs(repository.gitDir, updates);
    if (moved.moved) await noticeRefs(core, repository, sceneOf(call).sender);
    return moved;
  });
}

export const workflows = ".github/workflows";

/** People may; an App needs a permission of its own. */
export const mayChangeWorkflows = (actor: Actor): boolean =>
  actor.kind !== "installation" || holds(actor.grant, "workflows", "write");

export const workflowRefusal = (path: string): string =>
  `refusing to allow a GitHub App to create or update workflow \`${path}\` without \`workflows\` permission`;

async function mustSpareWorkflows(
  { gitDir }: Repository,
  updates: readonly RefUpdate[],
): Promise<void> {
  const known = [...(await readRefs(gitDir)).values()];
  const input = known.map((sha) => `^${sha}\n`).join("");
  for (const { after } of updates) {
    if (after === zeros) continue;
    const args = ["log", "--format=", "--name-only", "-m", "-z", "--stdin", after, "--", workflows];
    const [touched = ""] = ((await tryGit(gitDir, args, { input })) ?? "").split("\0");
    if (touched.trim() !== "") throw new Refusal(422, workflowRefusal(touched.trim()));
  }
}
