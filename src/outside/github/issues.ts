// Issues of our own, found by their marker, and whose commit something is.

import { z } from "zod";

import type { Forge, Issue } from "../../world/forge.ts";
import { ForgeError } from "../../world/forge-error.ts";
import { asking, at, firstInPages, type ForgeContext } from "./context.ts";

const IssueAnswer = z.object({
  number: z.number(),
  html_url: z.string(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.string(),
  user: z.object({ login: z.string() }).nullish(),
  pull_request: z.object({}).nullish(),
});

const CommitAnswer = z.object({
  author: z.object({ id: z.number().optional(), login: z.string().optional() }).nullish(),
});

type IssuesPart = Pick<Forge, "findIssue" | "issue" | "createIssue" | "editIssue" | "authorOf">;

export function issuesPart(context: ForgeContext): IssuesPart {
  const { issues, repos } = context.client.rest;
  return {
    findIssue: (marker) => asking("list our issues", () => findIssue(context, marker)),
    issue: (number) =>
      asking(`read #${number}`, async () => {
        const answer = await issues.get({ ...at(context), issue_number: number });
        const issue = toIssue(IssueAnswer.parse(answer.data));
        if (isMoved(context, number, answer.url)) throw movedAway(number);
        return issue;
      }),
    createIssue: ({ title, body }) =>
      asking("open an issue", async () => {
        const { data } = await issues.create({ ...at(context), title, body });
        return toIssue(IssueAnswer.parse(data));
      }),
    editIssue: (number, change) =>
      asking(`edit #${number}`, async () => {
        await issues.update({ ...at(context), issue_number: number, ...change });
      }),
    authorOf: (sha) =>
      asking("show a commit", async () => {
        const { data } = await repos.getCommit({ ...at(context), ref: sha, per_page: 1 });
        const { id, login } = CommitAnswer.parse(data).author ?? {};
        return id === undefined || login === undefined ? null : { id, login };
      }),
  };
}

/** GitHub leads on to where an issue was transferred to: there it is none of ours. A repository's own new name is no move. */
function isMoved({ ref }: ForgeContext, number: number, url: string): boolean {
  const [, repositoryId, now] = /\/repositories\/(\d+)\/issues\/(\d+)$/u.exec(url) ?? [];
  if (repositoryId === undefined) return false;
  return Number(repositoryId) !== ref.repositoryId || Number(now) !== number;
}

const movedAway = (number: number): ForgeError =>
  new ForgeError("not-found", `#${number} was transferred to another repository`);

async function findIssue(context: ForgeContext, marker: string): Promise<Issue | null> {
  const { paginate, rest } = context.client;
  const { slug } = await context.identity();
  const pages = paginate.iterator(rest.issues.listForRepo, {
    ...at(context),
    creator: `${slug}[bot]`,
    state: "all",
    sort: "created",
    direction: "asc",
    per_page: 100,
  });
  return firstInPages(pages, (item) => {
    const answer = IssueAnswer.parse(item);
    const isOurs = answer.user?.login === `${slug}[bot]` && answer.pull_request == null;
    return isOurs && answer.body?.includes(marker) === true ? toIssue(answer) : null;
  });
}

const toIssue = ({ number, html_url, title, body, state }: z.infer<typeof IssueAnswer>): Issue => ({
  number,
  url: html_url,
  title,
  body: body ?? "",
  state: state === "closed" ? "closed" : "open",
});
