// A forge to which no secret can be given: every text that people will read goes through the redaction first.

import type { Forge, OpenForge } from "../world/forge.ts";
import type { NewReview } from "../world/pulls.ts";
import type { CheckRun } from "../world/checks.ts";

type Redact = (text: string) => string;

/** Wraps every forge that is opened. Nothing else changes. */
export function guardForges(openForge: OpenForge, redact: Redact): OpenForge {
  return async (ref) => guardForge(await openForge(ref), redact);
}

function guardForge(forge: Forge, redact: Redact): Forge {
  return {
    ...forge,
    createComment: (thread, body) => forge.createComment(thread, redact(body)),
    editComment: (comment, body) => forge.editComment(comment, redact(body)),
    createIssue: ({ title, body }) =>
      forge.createIssue({ title: redact(title), body: redact(body) }),
    editIssue: (number, { title, body, ...change }) =>
      forge.editIssue(number, {
        ...change,
        ...(title === undefined ? {} : { title: redact(title) }),
        ...(body === undefined ? {} : { body: redact(body) }),
      }),
    uploadCodeScan: (scan) => forge.uploadCodeScan({ ...scan, sarif: redact(scan.sarif) }),
    createPullRequest: (pull) =>
      forge.createPullRequest({ ...pull, title: redact(pull.title), body: redact(pull.body) }),
    editPullRequest: (number, { title, body, ...change }) =>
      forge.editPullRequest(number, {
        ...change,
        ...(title === undefined ? {} : { title: redact(title) }),
        ...(body === undefined ? {} : { body: redact(body) }),
      }),
    createReview: (pull, review) => forge.createReview(pull, guardReview(review, redact)),
    putCheckRun: (check) => forge.putCheckRun(guardCheck(check, redact)),
    createCommit: (commit) => forge.createCommit({ ...commit, message: redact(commit.message) }),
  };
}

function guardCheck(check: CheckRun, redact: Redact): CheckRun {
  const { annotations } = check;
  const notes = annotations?.map((note) => ({
    ...note,
    title: redact(note.title),
    message: redact(note.message),
  }));
  return {
    ...check,
    title: redact(check.title),
    summary: redact(check.summary),
    ...(notes === undefined ? {} : { annotations: notes }),
  };
}

function guardReview(review: NewReview, redact: Redact): NewReview {
  const comments = review.comments.map((one) => ({ ...one, body: redact(one.body) }));
  return { ...review, body: redact(review.body), comments };
}
