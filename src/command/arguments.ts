// What stands behind a verb that is about runs, saved workflows or nothing: read by what the table of verbs says it takes.

import type { BudgetChange, Command, Verb } from "./command.ts";
import type { LineReading } from "./flags.ts";
import { dollars, moneyUnit } from "./values.ts";

/** Verbs whose words are not read here. */
export type Worded = "run" | "plan" | "approve" | "reject";

type Read = Pick<Extract<LineReading, { ok: true }>, "flags" | "dryRun" | "failedOnly" | "any">;

/** What the ids of runs look like. */
const runShape = /^wf-[0-9a-v]{1,16}$/u;

/** A run's id in small letters, out of what people put around ids; null when the word is none. */
function runIdIn(word: string): string | null {
  const id = plainId(word);
  return runShape.test(id) ? id : null;
}

export const isRunId = (word: string): boolean => runIdIn(word) !== null;

/** An id as people copy it: in backticks or quotes, behind `#` or `run=`, with a full stop behind it; in small letters. */
export function plainId(word: string): string {
  return word
    .toLowerCase()
    .replace(/^(?:hash|id|plan|run)[=:]/u, "")
    .replace(/^[`"'“‘(<[#]+/u, "")
    .replace(/[`"'”’)>\].,;:!]+$/u, "");
}

/** The command, or null when something else stands behind the verb than it takes. */
export function readArguments(
  verb: Exclude<Verb, Worded>,
  words: readonly string[],
  read: Read,
): Command | null {
  if (verb === "help" || verb === "version") return { verb };
  if (verb === "retry") return retryOf(words, read);
  if (read.failedOnly) return null;
  if (verb === "replay") return replayOf(words, read);
  return read.any ? null : readWords(verb, words);
}

function retryOf(words: readonly string[], { flags, dryRun }: Read): Command | null {
  const { budgetUsd, ...others } = flags;
  const run = onlyRun(words);
  const isOther = dryRun || Object.values(others).some((value) => value !== null);
  return run === undefined || isOther ? null : { verb: "retry", run, budgetUsd };
}

function replayOf(words: readonly string[], { flags, dryRun }: Read): Command | null {
  const { whatIfUsd, ...others } = flags;
  const run = onlyRun(words);
  const isOther = dryRun || Object.values(others).some((value) => value !== null);
  return run === undefined || isOther ? null : { verb: "replay", run, capUsd: whatIfUsd ?? null };
}

function readWords(
  verb: Exclude<Verb, Worded | "help" | "version" | "retry" | "replay">,
  words: readonly string[],
): Command | null {
  switch (verb) {
    case "status":
    case "list":
    case "schedules":
    case "config":
    case "doctor":
    case "off":
    case "on":
      return words.length === 0 ? { verb } : null;
    case "cancel":
    case "pause":
    case "resume":
    case "land":
    case "undo": {
      const run = onlyRun(words);
      return run === undefined ? null : { verb, run };
    }
    case "schedule":
      return scheduleOf(words);
    case "dismiss":
      return dismissalOf(words);
    case "undismiss": {
      const [id = "", ...more] = words;
      return isFindingId(plainId(id)) && more.length === 0 ? { verb, id: plainId(id) } : null;
    }
    case "budget":
      return budgetOf(words);
    case "show":
      return shownOf(words);
    case "save": {
      const { run, others } = runFirst(words);
      return others.length > 1 ? null : { verb, run, name: others[0] ?? null };
    }
    case "why": {
      const { run, others } = runFirst(words);
      return { verb, run, agent: others.length === 0 ? null : others.join(" ") };
    }
  }
}

function shownOf([what, ...more]: readonly string[]): Command | null {
  return more.length > 0 ? null : { verb: "show", what: runIdIn(what ?? "") ?? what ?? null };
}

const isFindingId = (word: string): boolean => /^f-[0-9a-v]{6,7}$/u.test(word);

/** `list` asks for less than the others, so it is a verb of its own. */
function scheduleOf([first = "list", name, ...more]: readonly string[]): Command | null {
  const act = first.toLowerCase();
  if (more.length > 0) return null;
  if (act === "list") return name === undefined ? { verb: "schedules" } : null;
  const isKnown = act === "run" || act === "pause" || act === "resume";
  return isKnown && name !== undefined ? { verb: "schedule", act, name: name.toLowerCase() } : null;
}

/** Without a reason nobody knows later whether it still holds. */
function dismissalOf([id = "", ...words]: readonly string[]): Command | null {
  const reason = (/^because$/iu.test(words[0] ?? "") ? words.slice(1) : words).join(" ");
  const finding = plainId(id);
  return isFindingId(finding) && reason !== "" ? { verb: "dismiss", id: finding, reason } : null;
}

/** Undefined when more stands there than the id of a run. */
function onlyRun(words: readonly string[]): string | null | undefined {
  const { run, others } = runFirst(words);
  return others.length === 0 ? run : undefined;
}

function runFirst(words: readonly string[]): { run: string | null; others: readonly string[] } {
  const [first = "", ...others] = words;
  const run = runIdIn(first);
  return run === null ? { run, others: words } : { run, others };
}

function budgetOf(words: readonly string[]): Command | null {
  const runs = words.flatMap((word) => runIdIn(word) ?? []);
  const [amount, ...more] = words.filter((word) => runIdIn(word) === null);
  const [unit = "", ...others] = more;
  const isApart = /^[+$\d.]+$/u.test(amount ?? "") && moneyUnit.test(unit);
  const change = amount === undefined ? null : changeOf(amount);
  if (change === null || (isApart ? others : more).length > 0 || runs.length > 1) return null;
  return { verb: "budget", run: runs[0] ?? null, change };
}

function changeOf(amount: string): BudgetChange | null {
  const isMore = /^\$?\+/u.test(amount);
  const usd = dollars(amount.replace("+", isMore ? "" : "+"));
  return usd === null ? null : { kind: isMore ? "by" : "to", usd };
}
