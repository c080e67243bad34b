// Every sentence we say in answer to a command. Pure: data in, Markdown out.

import { limits } from "../config/limits.ts";
import type { Decision } from "./authorize.ts";
import type { Verb } from "./command.ts";
import type { Role, VerbEntry } from "./verb-entry.ts";
import { allVerbs, verbs } from "./verbs.ts";
import { reservedWords } from "./verb-words.ts";
import type { RunState, RunSummary } from "./run-desk.ts";
import { codeSpan, shorten } from "./text.ts";
import { unreachable } from "./unreachable.ts";

/** The hidden mark that makes one comment get one reply, however often it is delivered. */
export function replyMarker(key: string): string {
  return `<!-- fanfold:reply=${key} -->`;
}

/** A reply as it is posted: within GitHub's size, mark first. */
export function marked(key: string, text: string): string {
  return `${replyMarker(key)}\n${shorten(text, limits.publish.commentChars)}`;
}

/** An answer below the command that it answers, which has no effect there. */
export function quoting(line: string, text: string): string {
  return `> ${codeSpan(line)}\n\n${text}`;
}

/** Answers to several commands of one comment, in their order. */
export function together(answers: readonly { line: string; text: string | null }[]): string {
  return (
    answers
      .map(({ line, text }) => quoting(line, text ?? "Started; its own comment says how it goes."))
      // One that failed would have all of them carried out anew.
      .map((text) => text.replace(`${againMarker}\n`, ""))
      .join("\n\n")
  );
}

const againMarker = "<!-- fanfold:again -->";

/** Whether a reply is about a failure of ours, so that a repeated delivery may try once more. */
export function asksAgain(reply: string): boolean {
  return reply.includes(againMarker);
}

export const nothingStarted = "Nothing was started, nothing was spent.";

const INTRODUCTION =
  "Fanfold plans a task, runs it with many agents, has every change reviewed, and opens one draft pull request.";

/** Who asks for help: what each verb needs here, and whether this person has it; null when nobody could tell. */
export interface Rights {
  login: string;
  role: string;
  /** The least role of each verb here; a verb that is missing is for anyone. */
  needs: ReadonlyMap<Verb, Role>;
  may: ReadonlySet<Verb>;
}

/** What fits a run where it stands. */
const FITTING: Readonly<Record<RunState, readonly Verb[]>> = {
  planning: ["status", "cancel"],
  waiting: ["status", "approve", "reject", "cancel"],
  paused: ["resume", "budget", "land", "cancel"],
  running: ["status", "pause", "land", "cancel"],
  completed: ["show", "undo"],
  partial: ["why", "retry", "undo"],
  failed: ["why", "retry", "undo"],
  cancelled: ["retry", "undo"],
};

/** The runs of a thread, each with the commands that this person may use on it. */
function fittingHere({ may }: Rights, runs: readonly RunSummary[]): string[] {
  return runs.slice(-5).map(({ run, state, asks }) => {
    // What waits for a word is named: several of them may be open, also in a run that is paused.
    const words = asks.flatMap((id) => [`approve ${id}`, `reject ${id}`]);
    const verbs =
      words.length === 0 ? FITTING[state] : FITTING[state].filter((verb) => !isWord(verb));
    const can = verbs.filter((verb) => may.has(verb));
    const all = [...(may.has("approve") ? words : []), ...can];
    const commands = all.map((typed) => codeSpan(`/workflow ${typed}`)).join(", ");
    return `- Run ${codeSpan(run)} is **${state}**: ${all.length === 0 ? "nothing you may do" : commands}`;
  });
}

const isWord = (verb: Verb): boolean => verb === "approve" || verb === "reject";

/** The table of verbs, and what fits in this thread. `opening` says why it is shown, if there is a reason. */
export function help(
  rights: Rights | null = null,
  runs: readonly RunSummary[] = [],
  opening = INTRODUCTION,
): string {
  const rows = allVerbs.map((verb) => {
    const { usage, does, needs } = verbs[verb];
    const least = rights?.needs.get(verb) ?? needs;
    const who = least === "anyone" ? "anyone" : `${least} or more`;
    const mark = rights === null ? "" : ` ${rights.may.has(verb) ? "✅" : "–"} |`;
    return `| ${codeSpan(usage).replaceAll("|", "\\|")} | ${does} | ${who} |${mark}`;
  });
  const yours = rights === null ? "" : ` ${rights.login} |`;
  return [
    opening,
    "",
    `| Command | What it does | Who may |${yours}`,
    `|---|---|---|${rights === null ? "" : "---|"}`,
    ...rows,
    "",
    ...(rights === null
      ? []
      : [
          `You have **${rights.role}** access here (checked just now); ✅ is what you may use.`,
          "",
          ...(runs.length === 0 ? [] : ["In this thread:", ...fittingHere(rights, runs), ""]),
        ]),
    "Example: `/workflow fix the flaky tests in src/net --budget $5`",
    "",
    "RUN is an id such as `wf-0a1b2c3d4e`; without it the run of this thread is meant. A command stands at the start of a line of ordinary text. Code, quotes, lists, tables and headings are never read as commands; lines below the command belong to the task.",
  ].join("\n");
}

/** `run` or `plan` with no task behind it. */
export function empty(after: "run" | "plan"): string {
  return `😕 \`/workflow ${after}\` needs a task behind it. ${nothingStarted}\n\nFor example: ${codeSpan(`/workflow ${after} fix the flaky tests in src/net --budget $5`)}. The task may also stand on the lines below. \`/workflow help\` lists everything.`;
}

export function versionLine(version: string): string {
  return `This is Fanfold ${version}.`;
}

/** What somebody meant who mistyped a verb, with what they typed behind it, or else with the one thing that waits for their word. */
export function meantLine(
  verb: Verb | null,
  behind: readonly string[],
  runs: readonly RunSummary[],
): string | null {
  if (verb === null) return null;
  const [only, ...more] = runs.flatMap(({ asks }) => asks);
  const decides = verb === "approve" || verb === "reject";
  const isSure = decides && behind.length === 0 && only !== undefined && more.length === 0;
  return [verb, ...(isSure ? [only] : behind)].join(" ");
}

/** A word that is no verb: a slip, or one that this version keeps for later. `suggestion` is what stands behind our name. */
export function unknownWord(
  word: string,
  suggestion: string | null,
  workflows: readonly string[] = [],
): string {
  const asTask = `To run a task that begins with this word, write ${codeSpan(`/workflow run ${word} …`)}.`;
  if (reservedWords.includes(word)) {
    return `😕 ${codeSpan(`/workflow ${word}`)} is not part of this version. ${nothingStarted}\n\n${asTask} \`/workflow help\` lists what there is.`;
  }
  const meant = suggestion === null ? "" : ` Did you mean ${codeSpan(`/workflow ${suggestion}`)}?`;
  const names = workflows.slice(0, 30).map((name) => codeSpan(name));
  const known = names.length === 0 ? "" : ` Workflows here: ${names.join(", ")}.`;
  return `😕 I don't know ${codeSpan(`/workflow ${word}`)}.${meant} ${nothingStarted}\n\n${asTask}${known} \`/workflow help\` lists everything.`;
}

/** One word behind `run` that no workflow is named by. `suggestion` is what stands behind our name. */
export function noSuchName(word: string, suggestion: string, workflows: readonly string[]): string {
  const names = workflows.slice(0, 30).map((name) => codeSpan(name));
  return `😕 I know no workflow ${codeSpan(word)}. Did you mean ${codeSpan(`/workflow ${suggestion}`)}? ${nothingStarted}\n\nThere are: ${names.join(", ")}. Use one of these names, or describe the task in a sentence: \`/workflow fix the flaky tests in src/net\`.`;
}

/** What a person without the right hears. */
export function denied(
  who: { login: string; verb: Verb },
  decision: Extract<Decision, { allowed: false }>,
): string {
  const command = codeSpan(`/workflow ${who.verb}`);
  switch (decision.why) {
    case "role":
      return `😕 ${who.login}: ${command} needs **${decision.needs}** on this repository${asksForMore(who.verb, decision.needs)}; you have **${decision.has}** (checked just now; custom roles count as their base role).\n\nSomeone with ${decision.needs} access can do it for you by commenting the same line${opened(who.verb, decision)}. ${nothingStarted}`;
    case "other-account":
      return `😕 ${who.login}: this login now belongs to another account than the one that wrote the comment, so ${command} was refused. ${nothingStarted}\n\nPlease comment again from the account you use now.`;
    case "unchecked":
      return `😕 ${who.login}: GitHub did not tell me which access you have, so ${command} was refused. ${nothingStarted}\n\nPlease post the command again in a few minutes. If this goes on, whoever runs this bot finds the cause in its log.`;
    default:
      return unreachable(decision);
  }
}

/** Within the right, and too often in this hour. */
export function tooManyStarts(of: "person" | "repository"): string {
  const { startsPerPersonAndHour, startsPerHour } = limits.command;
  return of === "person"
    ? `😕 You asked for ${startsPerPersonAndHour} runs in this repository within an hour, and I take no more of one person until that hour is over. Runs that were started go on.`
    : `😕 This repository was asked for ${startsPerHour} runs within an hour, and I take no more until that hour is over. Runs that were started go on.`;
}

function asksForMore(verb: Verb, needs: Role): string {
  return needs === verbs[verb].needs ? "" : ` (\`permissions.${verb}\` in \`.github/fanfold.yml\`)`;
}

/** Where the verb may be opened to this person's role, and how. */
function opened(verb: Verb, { has, needs }: Extract<Decision, { why: "role" }>): string {
  const { opensTo }: VerbEntry = verbs[verb];
  if (opensTo === undefined || opensTo !== has || opensTo === needs) return "";
  return `, or open it to your role by \`permissions: { ${verb}: ${opensTo} }\` in \`.github/fanfold.yml\``;
}

/** What became of `off`. */
export function switchedOff(stopping: readonly string[]): string {
  return `⏸️ Fanfold is off in this repository: nothing is started until someone with maintain access writes \`/workflow on\`. ${stoppedRuns(stopping)}`;
}

/** `off` stands on the disk of the machine that heard it and could not be kept where the others look. */
export function switchedOffHere(stopping: readonly string[]): string {
  return `${againMarker}\n⚠️ Fanfold is off **on the machine that heard you**, which could not write it into the repository: another machine of this bot may still start something. ${stoppedRuns(stopping)} Post \`/workflow off\` again in a minute.`;
}

function stoppedRuns(stopping: readonly string[]): string {
  const runs = stopping.map((run) => codeSpan(run)).join(", ");
  return stopping.length === 0
    ? "Nothing was running."
    : `Stopping ${runs}; what is finished is kept on their branches.`;
}

/** What became of `on`. `wasOff`: there was something to take back. `isClosed`: something else still keeps it off. */
export function switchedOn(wasOff: boolean, isClosed: boolean): string {
  const what = wasOff
    ? "The switch is on again. Runs that `off` stopped stay stopped: post their commands again."
    : "The switch was not off, so nothing was changed.";
  const but =
    " Something else still keeps Fanfold from starting anything; `/workflow config` says what.";
  return `${what}${isClosed ? but : ""}`;
}

/** Something broke on our side before a run existed. `reference` finds the log line. */
export function failed(verb: Verb, reference: string): string {
  return `${againMarker}\n❌ Something went wrong on my side while I was taking on ${codeSpan(`/workflow ${verb}`)}.\n\nNo agent was started for it. Please post the command again; if it fails again, whoever runs this bot finds the cause in its log under ${codeSpan(reference)}.`;
}
