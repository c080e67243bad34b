// What stands behind a verb that is about runs, saved workflows or nothing: read by what the table of verbs says it takes.

import type { BudgetChange, Command, Verb } from "./command.ts";
import { dollars, type LineReading } from "./flags.ts";

/** Verbs whose words are not read here. */
export type Worded = "run" | "plan" | "approve" | "reject";

type Read = Pick<Extract<LineReading, { ok: true }>, "flags" | "dryRun" | "any">;

/** What the ids of runs look like. */
const runShape = /^wf-[0-9a-v]{1,16}$/u;

export const isRunId = (word: string): boolean => runShape.test(word.toLowerCase());

/** The command, or null when something else stands behind the verb than it takes. */
export function readArguments(
  verb: Exclude<Verb, Worded>,
  words: readonly string[],
  read: Read,
): Command | null {
  if (verb === "help" || verb === "version") return { verb };
  if (verb === "retry") return retryOf(words, read);
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
      return isFindingId(id) && more.length === 0 ? { verb, id: id.toLowerCase() } : null;
    }
    case "budget":
      return budgetOf(words);
    case "show":
      return words.length > 1 ? null : { verb, what: words[0] ?? null };
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

const isFindingId = (word: string): boolean => /^f-[0-9a-v]{6,7}$/iu.test(word);

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
  return isFindingId(id) && reason !== ""
    ? { verb: "dismiss", id: id.toLowerCase(), reason }
    : null;
}

/** Undefined when more stands there than the id of a run. */
function onlyRun(words: readonly string[]): string | null | undefined {
  const { run, others } = runFirst(words);
  return others.length === 0 ? run : undefined;
}

function runFirst(words: readonly string[]): { run: string | null; others: readonly string[] } {
  const [first = "", ...others] = words;
  return isRunId(first) ? { run: first.toLowerCase(), others } : { run: null, others: words };
}

function budgetOf(words: readonly string[]): Command | null {
  const runs = words.filter(isRunId);
  const [amount, ...more] = words.filter((word) => !isRunId(word));
  const change = amount === undefined ? null : changeOf(amount);
  if (change === null || more.length > 0 || runs.length > 1) return null;
  return { verb: "budget", run: runs[0]?.toLowerCase() ?? null, change };
}

function changeOf(amount: string): BudgetChange | null {
  const usd = dollars(amount.replace(/^\+/u, ""));
  return usd === null ? null : { kind: amount.startsWith("+") ? "by" : "to", usd };
}
