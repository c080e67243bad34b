// Commits, refs and checks of the GitHub in memory, on its bare repository.

import type { CheckRun, Forge, Standing } from "../../world/forge.ts";
import { git, isAncestor, readRef } from "./git.ts";
import { type GitHubState, nextId, notFound, page, refused } from "./state.ts";

type Move = Parameters<Forge["moveRefs"]>[0][number];
type NewCommit = Parameters<Forge["createCommit"]>[0];

type RefsPart = Pick<Forge, "createCommit" | "moveRefs" | "putCheckRun" | "standingOf">;

export function refsPart(state: GitHubState): RefsPart {
  return {
    standingOf: (sha) => standingOf(state, sha),
    createCommit: (commit) => createCommit(state, commit),
    moveRefs: (moves) => (moves.length === 0 ? Promise.resolve(true) : moveRefs(state, moves)),
    putCheckRun: (check) => putCheckRun(state, check),
  };
}

async function createCommit(state: GitHubState, { message, tree, parents }: NewCommit) {
  const parentArguments = parents.flatMap((parent) => ["-p", parent]);
  const made = await git(state.gitDir, ["commit-tree", ...parentArguments, tree], message);
  if (!made.ok) throw refused(`the tree or a parent is not known (${made.text})`);
  state.verified.add(made.text);
  return { sha: made.text, verified: true };
}

async function moveRefs({ gitDir }: GitHubState, moves: readonly Move[]): Promise<boolean> {
  const found = await Promise.all(moves.map(({ ref }) => readRef(gitDir, ref)));
  if (moves.every(({ to }, index) => found[index] === to)) return true;
  if (moves.some(({ from }, index) => found[index] !== from)) return false;
  for (const { from, to, force, ref } of moves) {
    const forward = force || from === null || (await isAncestor(gitDir, [from, to]));
    if (!forward) throw refused(`${ref} would not move forward`);
  }
  const updates = moves.map(
    ({ ref, from, to }) => `update ${ref} ${to} ${from ?? "0".repeat(40)}\n`,
  );
  const done = await git(gitDir, ["update-ref", "--stdin"], updates.join(""));
  if (done.ok) return true;
  if (/reference already exists|but expected/.test(done.text)) return false;
  throw refused(done.text);
}

async function putCheckRun(
  state: GitHubState,
  check: CheckRun,
): Promise<{ id: number; url: string }> {
  const { ok } = await git(state.gitDir, ["cat-file", "-e", `${check.headSha}^{commit}`]);
  if (!ok) throw refused(`No commit found for SHA: ${check.headSha}`);
  const known = state.checks.find(
    ({ externalId, headSha }) => externalId === check.externalId && headSha === check.headSha,
  );
  const kept = known ?? { ...check, id: nextId(state), updates: 0 };
  if (known === undefined) state.checks.push(kept);
  else Object.assign(known, check, { updates: known.updates + 1 });
  return { id: kept.id, url: page(state, `/runs/${kept.id}`) };
}

async function standingOf(state: GitHubState, sha: string): Promise<Standing> {
  const { ok } = await git(state.gitDir, ["cat-file", "-e", `${sha}^{commit}`]);
  if (!ok) throw notFound(`the commit ${sha}`);
  const others = state.otherChecks.filter((check) => check.sha === sha);
  return { verified: state.verified.has(sha), checks: others.map(({ name }) => name) };
}
