// Commit messages: a title and text of the worker's, trailers by code. Pure.

import { dropInvisible } from "../agent/code-points.ts";
import { createRedaction } from "../outgoing/secrets.ts";
import type { Person } from "./context.ts";

const TITLE_CHARS = 72;
const BODY_CHARS = 2_000;
/** A commit of more changes names the first ones; the pull request has them all. */
const WORKERS_NAMED = 100;

export interface MessageFacts {
  run: string;
  requester: Person;
  /** Ids of the changes. */
  workers: readonly string[];
  title: string;
  body: string;
  /** Only for a worker's own branch: a final commit with the mark would silence CI, after a squash even on the base. */
  skipCi: boolean;
}

/** Trailers that a model wrote would pass for ours; they and skip marks are taken out of its text. */
const TRAILER =
  /^[^\S\n]*(co-authored-by|signed-off-by|reviewed-by|fanfold-[a-z]+|skip-checks)\s*:.*$/gim;
const SKIP_MARK = /\[(skip ci|ci skip|no ci|skip actions|actions skip)\]/gi;

export function commitMessage(facts: MessageFacts): string {
  const title =
    clean(facts.title, (text) => text.replace(/\s+/g, " "))
      .slice(0, TITLE_CHARS)
      .trim() || `Change by ${facts.workers[0] ?? facts.run}`;
  const body = clean(facts.body, (text) => text.replace(/\n{3,}/g, "\n\n"))
    .slice(0, BODY_CHARS)
    .trim();
  const { id, login } = facts.requester;
  const trailers = [
    `Fanfold-Run: ${facts.run}`,
    ...facts.workers.slice(0, WORKERS_NAMED).map((worker) => `Fanfold-Worker: ${worker}`),
    `Co-authored-by: ${login} <${id}+${login}@users.noreply.github.com>`,
  ].join("\n");
  const parts = [facts.skipCi ? `${title} [skip ci]` : title, body === title ? "" : body, trailers];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** What looks like a token: a commit goes to GitHub by git, past the forge. */
const redact = createRedaction([]);

/** Characters that are looked at; far more than are kept, so that what is removed leaves enough. */
const LOOKED_AT_CHARS = 4 * BODY_CHARS;

/** What stands around a removed mark, or was set apart before, may be a mark again: this goes on until nothing changes. */
function clean(text: string, tidy: (text: string) => string): string {
  let before: string;
  let cleaned = redact(dropInvisible(text.slice(0, LOOKED_AT_CHARS)).text);
  do {
    before = cleaned;
    cleaned = tidy(before.replace(TRAILER, "").replace(SKIP_MARK, "")).trim();
  } while (cleaned !== before);
  return cleaned;
}
