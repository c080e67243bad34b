// Commits, refs and checks of the GitHub in memory, on its bare repository.

import type { Forge, Standing } from "../../world/forge.ts";
import type { CheckRun } from "../../world/checks.ts";
import { type GitHubState, nextId, notFound, page, refused } from "./state.ts";

type Move = Parameters<Forge["moveRefs"]>[0][number];
type NewCommit = Parameters<Forge["createCommit"]>[0];

type RefsPart = Pick<
  Forge,
  "createCommit" | "moveRefs" | "putCheckRun" | "ourChecks" | "standingOf"
>;

export function refsPart(state: GitHubState): RefsPart {
  return {
    standingOf: (sha) => standingOf(state, sha),
    createCommit: (commit) => createCommit(state, commit),
    moveRefs: (moves) => (moves.length === 0 ? Promise.resolve(true) : moveRefs(state, moves)),
    putCheckRun: (check) => putCheckRun(state, check),
    ourChecks: async (sha) =>
      state.checks
        .filter(({ headSha }) => headSha === sha)
        .map(({ id, externalId, conclusion, updates }) => ({
          id,
          externalId,
          completedAt: conclusion === null ? null : `after update ${updates}`,
        })),
  };
}

async function createCommit(state: GitHubState, { message, tree, parents }: NewCommit) {
  const sha = await state.home.createCommit({ message, tree, parents });
  if (sha === null) throw refused("the tree or a parent is not known");
  state.verified.add(sha);
  return { sha, verified: true };
}

async function moveRefs({ home }: GitHubState, moves: readonly Move[]): Promise<boolean> {
  const moved = await home.moveRefs(moves);
  if (moved.kind === "refused") throw refused(moved.why);
  return moved.kind === "moved";
}

async function putCheckRun(
  state: GitHubState,
  check: CheckRun,
): Promise<{ id: number; url: string }> {
  if (!(await state.home.has(check.headSha)))
    throw refused(`No commit found for SHA: ${check.headSha}`);
  const known = state.checks.find(
    ({ externalId, headSha }) => externalId === check.externalId && headSha === check.headSha,
  );
  const kept = known ?? { ...check, id: nextId(state), updates: 0 };
  if (known === undefined) state.checks.push(kept);
  else Object.assign(known, check, { updates: known.updates + 1 });
  return { id: kept.id, url: page(state, `/runs/${kept.id}`) };
}

async function standingOf(state: GitHubState, sha: string): Promise<Standing> {
  if (!(await state.home.has(sha))) throw notFound(`the commit ${sha}`);
  const others = state.otherChecks.filter((check) => check.sha === sha);
  return { verified: state.verified.has(sha), checks: others.map(({ name }) => name) };
}
