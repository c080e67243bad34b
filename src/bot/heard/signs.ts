// Deliveries that stand for words: a label, a button of a check run, a check or a suite to be run again. Pure.

import { createHash } from "node:crypto";

import { z } from "zod";

import { Account, type Heard, Issue, type Kind, Pull } from "./payload.ts";

/** How labels begin that are commands: `fanfold:audit` is `/workflow audit`, once. */
export const LABEL = "fanfold:";
const COMMAND = "/workflow ";

const Dated = z.object({ updated_at: z.string() });
const Labeled = z.object({ label: z.object({ name: z.string() }), sender: Account });
const LabeledIssue = Labeled.extend({ issue: Issue.extend(Dated.shape) });
const LabeledPull = Labeled.extend({ pull_request: Pull.extend(Dated.shape) });

const CheckRun = z.object({
  id: z.int(),
  external_id: z.string().nullish(),
  completed_at: z.string().nullish(),
});
const Clicked = z.object({
  check_run: CheckRun,
  requested_action: z.object({ identifier: z.string() }),
  sender: Account,
});
const RunAgain = z.object({ check_run: CheckRun, sender: Account });
const SuiteAgain = z.object({
  check_suite: z.object({
    id: z.int(),
    head_sha: z.string(),
    updated_at: z.string(),
    pull_requests: z.array(Pull).default([]),
  }),
  sender: Account,
});

export const signKinds = {
  "issues.labeled": {
    source: "label",
    read(payload) {
      const { issue, ...labeled } = LabeledIssue.parse(payload);
      return labelIn(labeled, issue, issue.pull_request != null);
    },
  },
  "pull_request.labeled": {
    source: "label",
    read(payload) {
      const { pull_request: pull, ...labeled } = LabeledPull.parse(payload);
      return labelIn(labeled, pull, true);
    },
  },
  "check_run.requested_action": {
    source: "click",
    read(payload) {
      const { check_run: check, requested_action: action, sender } = Clicked.parse(payload);
      const run = runBehind(check.external_id);
      const body = run === null ? null : commandBehind(action.identifier, run.id);
      if (run === null || body === null) return null;
      const what = [check.id, action.identifier, check.completed_at, sender.id];
      return { ...run.place, id: check.id, body, author: sender, key: keyOf("click", what) };
    },
  },
  "check_run.rerequested": {
    source: "rerun",
    read(payload) {
      const { check_run: check, sender } = RunAgain.parse(payload);
      const run = runBehind(check.external_id);
      if (run === null) return null;
      return { ...run.place, ...again(check, { run: run.id, by: sender.id }), author: sender };
    },
  },
  // All of its checks: which ones they are, GitHub has to be asked.
  "check_suite.rerequested": {
    source: "suite",
    read(payload) {
      const { check_suite: suite, sender } = SuiteAgain.parse(payload);
      const { id, head_sha: body, updated_at: at } = suite;
      const thread = suite.pull_requests[0]?.number ?? 0;
      const key = keyOf("suite", [id, at, sender.id]);
      return { thread, isPullRequest: thread > 0, key, id, body, author: sender };
    },
  },
} as const satisfies Record<string, Kind>;

/** What running a check again asks for; of one person it is one wish until the check ends anew. */
export function again(check: z.infer<typeof CheckRun>, { run, by }: { run: string; by: number }) {
  const key = keyOf("rerun", [check.id, check.completed_at, by]);
  return { id: check.id, body: `${COMMAND}retry ${run}`, key };
}

/** The label that a command stood on. */
export const labelOf = (body: string): string => `${LABEL}${body.slice(COMMAND.length)}`;

function labelIn(
  { label: { name }, sender }: z.infer<typeof Labeled>,
  { number, updated_at: at }: { number: number; updated_at: string },
  isPullRequest: boolean,
): Heard | null {
  if (!name.startsWith(LABEL) || /[\r\n]/u.test(name)) return null;
  const body = `${COMMAND}${name.slice(LABEL.length)}`;
  const key = keyOf("label", [number, name, at, sender.id]);
  return { thread: number, isPullRequest, key, id: number, body, author: sender };
}

/** Our check runs say whose they are, and in which thread people talk with that run. */
export function runBehind(externalId: string | null | undefined) {
  const [, id, thread] = /^(wf-[0-9a-v]{1,16})@(\d{1,15})(?:\/|$)/u.exec(externalId ?? "") ?? [];
  if (id === undefined) return null;
  return { id, place: { thread: Number(thread), isPullRequest: false } };
}

const WORD = /^(approve|reject):(q-[\da-z]{1,16}|[\da-f]{8,64})$/u;
const AMOUNT = /^budget:(\$\d{1,6})$/u;
const VERB = /^(?:cancel|land|pause|resume|retry)$/u;

/** The command that a button stands for; null for one that we did not make. */
function commandBehind(identifier: string, run: string): string | null {
  const [, word, id] = WORD.exec(identifier) ?? [];
  if (word !== undefined) return `${COMMAND}${word} ${id}`;
  const [, amount] = AMOUNT.exec(identifier) ?? [];
  if (amount !== undefined) return `${COMMAND}budget ${run} ${amount}`;
  return VERB.test(identifier) ? `${COMMAND}${identifier} ${run}` : null;
}

/** Made of what is signed, so that nobody who sends a delivery again under another id gives a command again. */
function keyOf(kind: string, parts: readonly unknown[]): string {
  const digest = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return `${kind}-${digest.slice(0, 16)}`;
}
