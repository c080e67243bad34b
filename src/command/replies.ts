// Every sentence we say in answer to a command. Pure: data in, Markdown out.

import { limits } from "../config/limits.ts";
import type { Decision } from "./authorize.ts";
import type { Verb } from "./command.ts";
import { allVerbs, type Role, type Takes, verbs } from "./verbs.ts";
import { reservedWords } from "./verb-words.ts";
import type { Problem } from "./parse.ts";
import type { Deciding } from "./run-desk.ts";
import { codeBlock, codeSpan, shorten } from "./text.ts";
import { unreachable } from "./unreachable.ts";

/** The hidden mark that makes one comment get one reply, however often it is delivered. */
export function replyMarker(commentId: number): string {
  return `<!-- fanfold:reply=${commentId} -->`;
}

/** A reply as it is posted: within GitHub's size, mark first. */
export function marked(commentId: number, text: string): string {
  return `${replyMarker(commentId)}\n${shorten(text, limits.publish.commentChars)}`;
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

/** The table of verbs. `opening` says why it is shown, if there is a reason. */
export function help(rights: Rights | null = null, opening = INTRODUCTION): string {
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
        ]),
    "Example: `/workflow fix the flaky tests in src/net --budget $5`",
    "",
    "RUN is an id such as `wf-0a1b2c3d4e`; without it the run of this thread is meant. A command stands at the start of a line of ordinary text. Code, quotes, lists, tables and headings are never read as commands; lines below the command belong to the task.",
  ].join("\n");
}

/** The name alone, or `run` or `plan` with no task behind it. */
export function empty(after: "run" | "plan" | null): string {
  if (after === null) return help();
  return help(null, `😕 \`/workflow ${after}\` needs a task behind it. ${nothingStarted}`);
}

export function versionLine(version: string): string {
  return `This is Fanfold ${version}.`;
}

/** A word that is no verb: a slip, or one that this version keeps for later. */
export function unknownWord(word: string, suggestion: Verb | null): string {
  const asTask = `To run a task that begins with this word, write ${codeSpan(`/workflow run ${word} …`)}.`;
  if (reservedWords.includes(word)) {
    return `😕 ${codeSpan(`/workflow ${word}`)} is not part of this version. ${nothingStarted}\n\n${asTask} \`/workflow help\` lists what there is.`;
  }
  const meant = suggestion === null ? "" : ` Did you mean ${codeSpan(`/workflow ${suggestion}`)}?`;
  return `😕 I don't know ${codeSpan(`/workflow ${word}`)}.${meant} ${nothingStarted}\n\n${asTask} \`/workflow help\` lists everything.`;
}

/** A comment that speaks to us and cannot be carried out. */
export function problem(problem: Problem): string {
  switch (problem.kind) {
    case "mistake":
      return mistake(problem.line, problem.mistake);
    case "wrong-words":
      return `😕 ${codeSpan(`/workflow ${problem.verb}`)} takes ${TAKES[verbs[problem.verb].takes]}, and this line has something else:\n\n${codeBlock(shorten(problem.line, 500))}\n\nIf you meant the command: ${codeSpan(verbs[problem.verb].usage)}. If you meant a task, write ${codeSpan(`/workflow run ${problem.verb} …`)}. ${nothingStarted}`;
    case "takes-no-flags":
      return `😕 ${codeSpan(`/workflow ${problem.verb}`)} takes no flags: a plan runs within the limits it shows, or not at all. Nothing was decided.\n\n${codeBlock(shorten(problem.line, 500))}\n\nFor other limits post the task again with them, for example \`/workflow plan TASK --budget $5\`.`;
    case "several":
      return `😕 I found ${problem.count} commands in one comment and carry out one at a time. ${nothingStarted}\n\nPlease post each in a comment of its own.`;
    case "lazy-quote":
      return `😕 The \`/workflow\` line directly below a quote belongs to the quote, and commands in quotes are not read. ${nothingStarted}\n\nPlease post it again with an empty line between the quote and the command.`;
    case "setext-heading":
      return `😕 The line of dashes directly below \`/workflow …\` turns it into a heading, and commands in headings are not read. ${nothingStarted}\n\nPlease post it again with an empty line between the command and the dashes.`;
    default:
      return unreachable(problem);
  }
}

const TAKES = {
  task: "a task",
  decision: "an id and words",
  nothing: "nothing behind it",
  anything: "nothing behind it",
  run: "at most the id of a run",
  "run and flags": "at most the id of a run and `--budget`",
  "run and amount": "an amount such as `$5`, and at most the id of a run",
  "run or name": "the id of a run or the name of a saved workflow",
  "run and name": "the id of a run and a name for its script",
  "run and agent": "the id of a run and a part of an agent's name",
  schedule: "`list`, or `run`, `pause` or `resume` and the name of a schedule",
  finding: "the id of a finding, such as `f-0a1b2c`",
  "finding and reason": "the id of a finding, such as `f-0a1b2c`, and a reason",
} as const satisfies Record<Takes, string>;

function mistake(
  line: string,
  { what, at, expected }: { what: string; at: number; expected: string },
): string {
  const from = Math.max(0, at - 80);
  const excerpt = line.slice(from, at + 60).replaceAll(/\s/gu, " ");
  const pointer = `${excerpt}\n${" ".repeat(at - from)}^`;
  return `😕 I could not read this line: ${what}. ${nothingStarted}\n\n${codeBlock(pointer)}\n\nExpected ${expected}. Example: \`/workflow run --budget $5 --base main fix the flaky tests\``;
}

/** What a person without the right hears. */
export function denied(
  who: { login: string; verb: Verb },
  decision: Extract<Decision, { allowed: false }>,
): string {
  const command = codeSpan(`/workflow ${who.verb}`);
  switch (decision.why) {
    case "role":
      return `😕 ${who.login}: ${command} needs **${decision.needs}** on this repository${asksForMore(who.verb, decision.needs)}; you have **${decision.has}** (checked just now; custom roles count as their base role).\n\nSomeone with ${decision.needs} access can do it for you by commenting the same line. ${nothingStarted}`;
    case "other-account":
      return `😕 ${who.login}: this login now belongs to another account than the one that wrote the comment, so ${command} was refused. ${nothingStarted}\n\nPlease comment again from the account you use now.`;
    case "unchecked":
      return `😕 ${who.login}: GitHub did not tell me which access you have, so ${command} was refused. ${nothingStarted}\n\nPlease post the command again in a few minutes. If this goes on, whoever runs this bot finds the cause in its log.`;
    default:
      return unreachable(decision);
  }
}

function asksForMore(verb: Verb, needs: Role): string {
  return needs === verbs[verb].needs ? "" : ` (\`permissions.${verb}\` in \`.github/fanfold.yml\`)`;
}

/** What became of somebody's word on a plan or a question. */
export function decided(outcome: Deciding): string {
  switch (outcome.kind) {
    case "decided":
      return outcome.what === "plan" ? planDecided(outcome) : questionDecided(outcome);
    case "decided-before": {
      const who = outcome.by === null ? "its time ran out" : `${outcome.by} decided`;
      return `😕 ${codeSpan(outcome.id)} is not open any more: ${who} (${outcome.approved ? "approved" : "not approved"}), and that stands. Nothing was changed.`;
    }
    case "unnamed-plan":
      return `😕 An approval names the plan it is for, so that nobody approves what they did not read. Nothing was approved. Read the plan above; if it is the right one: ${codeSpan(`/workflow approve ${outcome.id}`)}`;
    case "not-shown":
      return `😕 The script of plan ${codeSpan(outcome.id)} cannot be read in this thread in full yet, and nobody can approve what they cannot read. Nothing was approved. Try again in a minute; if it stays so, ${codeSpan(`/workflow reject ${outcome.id}`)} ends the plan.`;
    case "needs-another":
      return `😕 ${outcome.requester} asked for plan ${codeSpan(outcome.id)}, and in this repository somebody else has to approve it (\`approval.twoPeople\` in \`.github/fanfold.yml\`). Nothing was approved; the plan goes on waiting.`;
    case "nothing-asked":
      return "No run waits for a decision in this thread, so there is nothing to decide. `/workflow status` shows what runs.";
    case "which": {
      const open = outcome.open
        .slice(0, 20)
        .map(({ id, text }) => `- ${codeSpan(id)}: ${codeSpan(text, 120)}`);
      return `😕 I do not guess what you mean. Nothing was decided. Put the id behind the command; these are open:\n\n${open.join("\n")}`;
    }
    default:
      return unreachable(outcome);
  }
}

type Decided = Extract<Deciding, { kind: "decided" }>;

function questionDecided({ id, run, approved }: Decided): string {
  return `${approved ? "Approved" : "Rejected"}: question ${codeSpan(id)}. Run ${codeSpan(run)} goes on.`;
}

function planDecided({ id, run, approved }: Decided): string {
  return approved
    ? `Approved: plan ${codeSpan(id)}. Run ${codeSpan(run)} starts if nothing it is bound to changed meanwhile; its comment says so.`
    : `Rejected: plan ${codeSpan(id)}. Run ${codeSpan(run)} ends without having changed anything.`;
}

/** What became of `off`. */
export function switchedOff(stopping: readonly string[]): string {
  const runs = stopping.map((run) => codeSpan(run)).join(", ");
  const stopped =
    stopping.length === 0
      ? "Nothing was running."
      : `Stopping ${runs}; what is finished is kept on their branches.`;
  return `⏸️ Fanfold is off in this repository: nothing is started until someone with maintain access writes \`/workflow on\`. ${stopped}`;
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
