// What an approval is bound to: its hash, and in words what changed when it does not hold any more. Pure.

import { createHash } from "node:crypto";

import type { Json } from "../engine/json.ts";
import { changedKeys } from "../settings/kept.ts";
import type { Settings } from "../settings/keys.ts";
import type { RunRecord } from "./record.ts";
import type { Bound } from "./plan-record.ts";
import { code, money } from "./render/text.ts";

/** Digits of a plan's hash that people see and type; more of them are as good. */
const SHOWN_DIGITS = 8;

export const shownHash = (hash: string): string => hash.slice(0, SHOWN_DIGITS);

/** Whether what somebody typed names the plan with this hash. */
export const namesPlan = (typed: string, hash: string): boolean =>
  typed.length >= SHOWN_DIGITS && hash.startsWith(typed);

/** The same for the same plan on every machine. */
export function hashOf(bound: Bound): string {
  const fields = Object.entries(bound).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sha256(JSON.stringify(fields));
}

/** What the record says now; `script` is the text that would run, `rules` the commit that workflows are read at. */
export function boundOf(
  record: RunRecord,
  { script, rules }: { script: string; rules: string },
): Bound {
  const { base, limits, repository, id, thread } = record;
  return {
    repository: repository.repositoryId,
    run: id,
    thread,
    script: sha256(script),
    args: sha256(textOf(record.args)),
    branch: base?.branch ?? "",
    head: base?.commit ?? "",
    rules,
    agents: limits.agents,
    budgetUsd: limits.budgetUsd,
    hours: limits.hours,
    settings: sha256(JSON.stringify(record.settings)),
  };
}

const textOf = (args: Json | undefined): string => JSON.stringify(args) ?? "";

interface Sides {
  before: Bound;
  now: Bound;
  /** For naming the keys that differ. */
  settings: { before: Settings; now: Settings };
}

/** One sentence for each thing that is not as it was; none when the approval holds. */
export function changesIn({ before, now, settings }: Sides): string[] {
  const changes: string[] = [];
  const add = (isChanged: boolean, sentence: string): void => {
    if (isChanged) changes.push(sentence);
  };
  add(before.script !== now.script, `the script (${short(before.script)} → ${short(now.script)})`);
  add(before.args !== now.args, "the arguments");
  add(
    before.head !== now.head || before.branch !== now.branch,
    `${code(before.branch)} moved (${short(before.head)} → ${short(now.head)})`,
  );
  add(
    before.rules !== now.rules && before.rules !== before.head,
    `the branch that workflows and rules are read from moved (${short(before.rules)} → ${short(now.rules)})`,
  );
  add(before.agents !== now.agents, `the ceiling of agents (${before.agents} → ${now.agents})`);
  add(
    before.budgetUsd !== now.budgetUsd,
    `the cap (${money(before.budgetUsd)} → ${money(now.budgetUsd)})`,
  );
  add(before.hours !== now.hours, "its time");
  const keys = changedKeys(settings.before, settings.now).map((key) => code(key));
  add(
    before.settings !== now.settings,
    `the settings${keys.length === 0 ? "" : ` ${keys.join(", ")}`}`,
  );
  const place = (bound: Bound) => [bound.repository, bound.run, bound.thread].join("/");
  add(place(before) !== place(now), "the run it belongs to");
  return changes;
}

const short = (hash: string): string => code(hash === "" ? "gone" : hash.slice(0, 7));

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
