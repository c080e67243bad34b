// A repository with one weekly schedule, over which days pass.

import type { Talk } from "../migrations/talk.ts";
import { playedBy } from "../story/actors.ts";

export const SCHEDULE = `schedules:
  - name: weekly
    workflow: look
    cron: weekly on monday at 3:00
    owner: ada
    budget: 3
`;

/** What it runs: each call of `eval` is a finding. */
export const LOOK = `export const meta = { name: 'look', description: 'Looks for eval' }
  const hits = await repo.search('eval\\\\(', { glob: 'src/**' })
  const files = await repo.files('src/**')
  await report({
    findings: hits.map(({ path, line, text }) => ({ path, line, severity: 'high', title: 'Calls eval', rule: 'eval', evidence: text, verdict: 'confirmed' })),
    coverage: { inScope: files.length, read: files.length, notRead: [], scope: 'src/**' },
  })`;

/** Nobody is asked: the workflow is all code. */
export const nobody = playedBy({});

/** Nothing is looked at until that moment. */
export async function at(talk: Talk, moment: string): Promise<void> {
  await talk.pass(Date.parse(`2026-${moment}Z`) - talk.now());
  await talk.beatOfSchedules();
}

/** What is due then starts, ends and is told. */
export async function until(talk: Talk, moment: string): Promise<void> {
  await at(talk, moment);
  await talk.pass(0);
  await talk.beatOfSchedules();
}

export const issueOf = (talk: Talk): string =>
  talk.github.issues.find(({ title }) => title === "Fanfold: weekly")?.body ?? "";

export const BODY = "export function load(text) {\n  return eval(text);\n}\n";
