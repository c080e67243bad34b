// Pull requests of the GitHub in memory: their state follows the refs of the bare repository.

import type { Forge } from "../../world/forge.ts";
import type { PullRequest } from "../../world/pulls.ts";
import {
  checkBody,
  type GitHubState,
  type KeptPull,
  nextNumber,
  notFound,
  page,
  refused,
} from "./state.ts";

type PullsPart = Pick<
  Forge,
  | "pullRequest"
  | "changesFile"
  | "findPullRequest"
  | "createPullRequest"
  | "editPullRequest"
  | "mark"
>;
type NewPull = Parameters<Forge["createPullRequest"]>[0];

export function pullsPart(state: GitHubState): PullsPart {
  return {
    pullRequest: async (number) => toPullRequest(state, await pullOf(state, number)),
    async changesFile(number, path) {
      const { baseSha, headSha } = await pullOf(state, number);
      const places = await state.home.places(baseSha, headSha);
      return places.some((place) => place.path === path && place.side === "RIGHT");
    },
    async findPullRequest(headBranch) {
      const found = state.pulls.findLast(({ head }) => head === headBranch);
      return found === undefined ? null : toPullRequest(state, await refresh(state, found));
    },
    createPullRequest: async (pull) => toPullRequest(state, await createPull(state, pull)),
    async editPullRequest(number, change) {
      const pull = await pullOf(state, number);
      checkBody(change.body ?? "");
      if (change.state === "open" && pull.merged) throw refused("it is merged and stays closed");
      Object.assign(pull, change);
    },
    async mark(thread, { labels, assignees }) {
      const pull = await pullOf(state, thread);
      const stranger = assignees.find((login) => !state.people.has(login));
      if (stranger !== undefined) throw refused(`${stranger} cannot be assigned`);
      pull.labels = [...new Set([...pull.labels, ...labels])];
      pull.assignees = [...new Set([...pull.assignees, ...assignees])];
      return { labels: pull.labels, assignees: pull.assignees };
    },
  };
}

/** The pull request as its branches are now. */
export async function pullOf(state: GitHubState, number: number): Promise<KeptPull> {
  const pull = state.pulls.find((each) => each.number === number);
  if (pull === undefined) throw notFound(`pull request #${number}`);
  return refresh(state, pull);
}

async function refresh(state: GitHubState, pull: KeptPull): Promise<KeptPull> {
  if (pull.state === "closed") return pull;
  const head = await state.home.readRef(
    pull.isFork ? `refs/pull/${pull.number}/head` : `refs/heads/${pull.head}`,
  );
  const base = await state.home.readRef(`refs/heads/${pull.base}`);
  pull.headSha = head ?? pull.headSha;
  pull.baseSha = base ?? pull.baseSha;
  pull.merged = await state.home.isAncestor(pull.headSha, pull.baseSha);
  // GitHub closes what is merged, and what has lost a branch.
  if (pull.merged || head === null || base === null) pull.state = "closed";
  return pull;
}

async function createPull(state: GitHubState, wanted: NewPull): Promise<KeptPull> {
  checkBody(wanted.body);
  const [headSha, baseSha] = [await branch(state, wanted.head), await branch(state, wanted.base)];
  const existing = state.pulls.find(
    ({ head, base }) => head === wanted.head && base === wanted.base,
  );
  if (existing !== undefined && (await refresh(state, existing)).state === "open") return existing;
  if (await state.home.isAncestor(headSha, baseSha)) {
    throw refused(`No commits between ${wanted.base} and ${wanted.head}`);
  }
  if (!(await state.home.related(headSha, baseSha)))
    throw refused(`The ${wanted.head} branch has no history in common with ${wanted.base}`);
  const pull: KeptPull = {
    ...wanted,
    draft: wanted.draft && state.draftsSupported,
    number: nextNumber(state),
    labels: [],
    assignees: [],
    state: "open",
    merged: false,
    headSha,
    baseSha,
    isFork: false,
  };
  state.pulls.push(pull);
  return pull;
}

async function branch({ home }: GitHubState, name: string): Promise<string> {
  const sha = await home.readRef(`refs/heads/${name}`);
  if (sha === null) throw refused(`there is no branch ${name}`);
  return sha;
}

function toPullRequest(state: GitHubState, pull: KeptPull): PullRequest {
  const { number, title, body, merged, draft } = pull;
  return {
    number,
    url: page(state, `/pull/${number}`),
    title,
    body,
    state: pull.state,
    merged,
    draft,
    head: { ref: pull.head, sha: pull.headSha, sameRepository: !pull.isFork },
    base: { ref: pull.base, sha: pull.baseSha },
  };
}
