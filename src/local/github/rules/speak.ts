// Issues and comments: opening, speaking, editing, and the webhooks that follow.

import { invalid, notFound, refused } from "../errors.ts";
import { type Issue, type IssueComment, nextId, type Repository } from "../state.ts";
import { findAccount, roleOf, timestamp } from "../look-up.ts";
import { commentHappened, issueHappened, type Scene } from "../webhooks/events.ts";

export const longestBody = 65_536;
const longestTitle = 256;

/** Refuses what is longer than GitHub keeps; about reviews it gives its reasons as bare sentences. */
export function mustFit(resource: string, body: string): void {
  if (body.length <= longestBody) return;
  const message = `body is too long (maximum is ${longestBody} characters)`;
  if (resource === "PullRequestReview") throw refused(message);
  throw invalid(resource, { field: "body", code: "custom", message });
}

export function mustBeTitle(resource: string, title: string): void {
  if (title.trim() === "") throw invalid(resource, { field: "title", code: "missing_field" });
  if (title.length <= longestTitle) return;
  const message = `title is too long (maximum is ${longestTitle} characters)`;
  throw invalid(resource, { field: "title", code: "custom", message });
}

/** The next number is shared by issues and pull requests. */
export const nextNumber = ({ issues }: Repository): number => Math.max(0, ...issues.keys()) + 1;

export function newIssue(
  { core, repository, sender }: Scene,
  { title, body }: { title: string; body: string | null },
): Issue {
  const now = timestamp();
  return {
    id: nextId(core.state),
    number: nextNumber(repository),
    title,
    body,
    author: sender,
    state: "open",
    stateReason: null,
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedBy: null,
    reactions: [],
    labels: [],
    assignees: [],
    pull: null,
  };
}

export function openIssue(
  scene: Scene,
  { title, body, labels = [] }: { title: string; body: string | null; labels?: readonly string[] },
): Issue {
  mustBeTitle("Issue", title);
  mustFit("Issue", body ?? "");
  const issue = newIssue(scene, { title, body });
  issue.labels = labels.map((name) => ({ id: nextId(scene.core.state), name }));
  scene.repository.issues.set(issue.number, issue);
  issueHappened(scene, issue, { action: "opened" });
  return issue;
}

export function findIssue({ issues }: Repository, number: number): Issue {
  const issue = issues.get(number);
  if (issue === undefined) throw notFound();
  return issue;
}

/** `issue` is an issue or a pull request. */
export function say(scene: Scene, issue: Issue, body: string): IssueComment {
  if (body.trim() === "") {
    throw invalid("IssueComment", { field: "body", code: "missing_field" });
  }
  mustFit("IssueComment", body);
  const now = timestamp();
  const comment: IssueComment = {
    id: nextId(scene.core.state),
    number: issue.number,
    author: scene.sender,
    body,
    createdAt: now,
    updatedAt: now,
    reactions: [],
    minimized: null,
  };
  scene.repository.comments.set(comment.id, comment);
  issue.updatedAt = now;
  commentHappened(scene, { issue, comment }, { action: "created" });
  return comment;
}

export function findComment({ comments }: Repository, id: number): IssueComment {
  const comment = comments.get(id);
  if (comment === undefined) throw notFound();
  return comment;
}

export function rewrite(scene: Scene, comment: IssueComment, body: string): void {
  if (body.trim() === "") throw invalid("IssueComment", { field: "body", code: "missing_field" });
  mustFit("IssueComment", body);
  const from = comment.body;
  comment.body = body;
  comment.updatedAt = timestamp();
  const issue = findIssue(scene.repository, comment.number);
  const changes = { body: { from } };
  commentHappened(scene, { issue, comment }, { action: "edited", changes });
}

export function unsay(scene: Scene, comment: IssueComment): void {
  scene.repository.comments.delete(comment.id);
  const issue = findIssue(scene.repository, comment.number);
  commentHappened(scene, { issue, comment }, { action: "deleted" });
}

export interface IssueEdit {
  title?: string | undefined;
  body?: string | null | undefined;
  state?: "open" | "closed" | undefined;
  stateReason?: Issue["stateReason"] | undefined;
}

/** Changes an issue; what changed is what the webhooks tell. */
export function editIssue(scene: Scene, issue: Issue, edit: IssueEdit): void {
  const changes = applyWords(issue, edit);
  issue.updatedAt = timestamp();
  if (Object.keys(changes).length > 0) issueHappened(scene, issue, { action: "edited", changes });
  const { state } = edit;
  if (state === undefined || state === issue.state) return;
  setState(scene, issue, state);
  issue.stateReason = state === "closed" ? (edit.stateReason ?? "completed") : "reopened";
  issueHappened(scene, issue, { action: state === "closed" ? "closed" : "reopened" });
}

/** What is to be beside an issue or pull request from now on; a label of a new name is made. */
export interface Marks {
  labels?: readonly string[] | undefined;
  assignees?: readonly string[] | undefined;
}

/** Only those who may see the repository can be assigned. */
export function setMarks(
  { core, repository }: Scene,
  issue: Issue,
  { labels, assignees }: Marks,
): void {
  const people = (assignees ?? []).map((login) => {
    const account = findAccount(core.state, login);
    if (account === undefined || roleOf(repository, account) === "none")
      throw invalid("Issue", { field: "assignees", code: "invalid" });
    return account;
  });
  if (assignees !== undefined) issue.assignees = people;
  if (labels === undefined) return;
  issue.labels = labels.map((name) => {
    const known = issue.labels.find((label) => label.name === name);
    return known ?? { id: nextId(core.state), name };
  });
}

/** Sets title and body; the answer is what they were, for those that changed. */
export function applyWords(issue: Issue, { title, body }: IssueEdit): object {
  const changes: Record<string, { from: string }> = {};
  if (title !== undefined && title !== issue.title) {
    mustBeTitle("Issue", title);
    changes["title"] = { from: issue.title };
    issue.title = title;
  }
  if (body !== undefined && body !== issue.body) {
    mustFit("Issue", body ?? "");
    changes["body"] = { from: issue.body ?? "" };
    issue.body = body;
  }
  return changes;
}

export function setState({ sender }: Scene, issue: Issue, state: Issue["state"]): void {
  issue.state = state;
  issue.closedAt = state === "closed" ? timestamp() : null;
  issue.closedBy = state === "closed" ? sender : null;
}
