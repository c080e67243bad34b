// A GitHub in memory over a repository: enough to run the whole bot on, open to tests.

import type { Forge, OpenForge, PageTarget, RepositoryRef } from "../../world/forge.ts";
import { ForgeError } from "../../world/forge-error.ts";
import { addComment, conversationPart } from "./conversation.ts";
import { ciPart } from "./ci.ts";
import { readFile } from "./files.ts";
import { issuesPart } from "./issues.ts";
import type { Home } from "./home.ts";
import { pullsPart } from "./pulls.ts";
import { refsPart } from "./refs.ts";
import { reviewsPart } from "./reviews.ts";
import { type GitHubState, nextNumber, page } from "./state.ts";

/** Told which method of the forge is about to act: throw a `ForgeError` here to play a failure. */
export type BeforeAsking = (operation: string) => void | Promise<void>;

export interface MemoryGitHub {
  state: GitHubState;
  openForge: OpenForge;
  /** A person opens an issue; returns its number. */
  openIssue(title: string, author: string): number;
  /** A person says something; returns the comment's id. */
  say(thread: number, author: string, body: string): number;
}

export interface MemoryGitHubOptions {
  ref: RepositoryRef;
  home: Home;
  people?: GitHubState["people"];
  before?: BeforeAsking;
}

export function createMemoryGitHub(options: MemoryGitHubOptions): MemoryGitHub {
  const { ref, home, people = new Map(), before = () => {} } = options;
  const state: GitHubState = {
    ref,
    home,
    defaultBranch: "main",
    private: false,
    isFork: false,
    isArchived: false,
    held: null,
    draftsSupported: true,
    people,
    ownerFiles: new Map(),
    issues: [],
    scans: "refused",
    comments: [],
    otherBearers: [],
    labels: [],
    pulls: [],
    reviews: [],
    checks: [],
    otherChecks: [],
    ci: null,
    ciLooks: new Map(),
    rules: [],
    verified: new Set(),
    last: { number: 0, id: 1_000, reaction: 0 },
  };
  const forge = announced(openForge(state), before);
  return {
    state,
    async openForge(wanted) {
      if (wanted.repositoryId === ref.repositoryId) return forge;
      throw new ForgeError("not-found", `There is no ${wanted.owner}/${wanted.name} in memory.`);
    },
    openIssue(title, author) {
      const number = nextNumber(state);
      state.issues.push({ number, title, author, body: "", state: "open", earlier: [] });
      return number;
    },
    say: (thread, author, body) => addComment(state, { thread, author, body }).id,
  };
}

function openForge(state: GitHubState): Forge {
  const { ref } = state;
  return {
    ref,
    repository: async () => ({
      id: ref.repositoryId,
      fullName: `${state.ref.owner}/${state.ref.name}`,
      defaultBranch: state.defaultBranch,
      private: state.private,
      isFork: state.isFork,
      isArchived: state.isArchived,
      url: page(state, ""),
    }),
    rulesOn: async () => state.rules,
    readFile: (path, of) =>
      of === "owner" ? Promise.resolve(state.ownerFiles.get(path) ?? null) : readFile(state, path),
    readFileAt: (path, commit) => readFile(state, path, commit),
    ...conversationPart(state),
    ...issuesPart(state),
    ...pullsPart(state),
    ...reviewsPart(state),
    ...refsPart(state),
    ...ciPart(state),
    held: () => state.held,
    pageOf: (target) => page(state, pageOf(target)),
  };
}

function pageOf(target: PageTarget): string {
  if ("base" in target) {
    const { base, head, title, body } = target;
    return `/compare/${base}...${head}?${new URLSearchParams({ title, body }).toString()}`;
  }
  if ("branch" in target) return `/tree/${target.branch}`;
  const { commit, path } = target;
  return path === undefined ? `/commit/${commit}` : `/blob/${commit}/${path}`;
}

const ASK_NOBODY = ["pageOf", "held"];

/** The same forge with `before` called ahead of everything that asks GitHub. */
function announced(forge: Forge, before: BeforeAsking): Forge {
  return new Proxy(forge, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function" || typeof name !== "string" || ASK_NOBODY.includes(name)) {
        return member;
      }
      return async (...subjects: unknown[]): Promise<unknown> => {
        await before(name);
        return Reflect.apply(member, target, subjects);
      };
    },
  });
}
