// Issues of the GitHub in memory, whose commits are whose, and what code scanning was given.

import type { Forge, Issue } from "../../world/forge.ts";
import { ForgeError } from "../../world/forge-error.ts";
import {
  checkBody,
  type GitHubState,
  type KeptIssue,
  nextNumber,
  notFound,
  ourLogin,
  page,
} from "./state.ts";

type IssuesPart = Pick<
  Forge,
  "findIssue" | "issue" | "createIssue" | "editIssue" | "authorOf" | "uploadCodeScan"
>;

export function issuesPart(state: GitHubState): IssuesPart {
  return {
    async findIssue(marker) {
      const ours = state.issues.find(
        ({ author, body }) => author === ourLogin && body.includes(marker),
      );
      return ours === undefined ? null : toIssue(state, ours);
    },
    issue: async (number) => toIssue(state, issueOf(state, number)),
    async createIssue({ title, body }) {
      checkBody(body);
      const number = nextNumber(state);
      const kept: KeptIssue = { number, title, body, author: ourLogin, state: "open", earlier: [] };
      state.issues.push(kept);
      return toIssue(state, kept);
    },
    async editIssue(number, { title, body, state: now }) {
      const kept = issueOf(state, number);
      checkBody(body ?? "");
      if (body !== undefined) kept.earlier.push(kept.body);
      kept.title = title ?? kept.title;
      kept.body = body ?? kept.body;
      kept.state = now ?? kept.state;
    },
    authorOf: (sha) => authorOf(state, sha),
    async uploadCodeScan(scan) {
      if (state.scans === "refused") {
        throw new ForgeError("forbidden", "Resource not accessible by integration");
      }
      state.scans.push(scan);
    },
  };
}

function issueOf(state: GitHubState, number: number): KeptIssue {
  const kept = state.issues.find((issue) => issue.number === number);
  if (kept === undefined) throw notFound(`issue #${number}`);
  return kept;
}

function toIssue(state: GitHubState, { number, title, body, state: now }: KeptIssue): Issue {
  return { number, url: page(state, `/issues/${number}`), title, body, state: now };
}

async function authorOf({ home, people }: GitHubState, sha: string) {
  const email = await home.authorEmail(sha);
  if (email === null) throw notFound(`the commit ${sha}`);
  const [, id] = /^(\d+)\+/.exec(email) ?? [];
  const known = [...people].find(([, person]) => String(person.id) === id);
  return known === undefined ? null : { id: known[1].id, login: known[0] };
}
