// The answer to what a person commanded: one for each command, put together into one.

import type { Command, Verb } from "../command/command.ts";
import { nearest } from "../command/edit-distance.ts";
import type { GuardedVerb } from "../command/verbs.ts";
import type { Parsed, Typed } from "../command/parse.ts";
import * as replies from "../command/replies.ts";
import { RunRefused } from "../command/run-desk.ts";
import { version } from "../config/version.ts";
import type { Reaction } from "../world/forge.ts";
import { admit, beginsRun, rightsOf } from "./admit.ts";
import { carryOut, type GuardedCommand } from "./carry-out.ts";
import {
  type Answer,
  type CommandTalk,
  confirmed,
  forAnyone,
  place,
  runSpeaks,
  type Talk,
} from "./talk.ts";

type Commands = Extract<Parsed, { kind: "commands" }>;

/** Carries the commands out in their order. A failure of ours is an answer as well, and the next one is tried all the same. */
export async function answerTo(talk: Talk, { commands, notes }: Commands): Promise<Answer> {
  const [first, ...others] = commands;
  const one = await answerOrFailure({ ...talk, line: first.line }, first.command, notes);
  if (others.length === 0) return quoting(first, one);
  const answers = [{ ...one, line: first.line }];
  for (const [index, { command, line }] of others.entries()) {
    // What each starts has a name of its own.
    const apart = { ...talk, line, key: `${talk.key}-${index + 2}` };
    answers.push({ ...(await answerOrFailure(apart, command, notes)), line });
  }
  return {
    reaction: WORST_FIRST.find((each) => answers.some(({ reaction }) => reaction === each)) ?? null,
    text: replies.together(answers),
    to: answers.some(({ to }) => to === "confirmed") ? "confirmed" : "anyone",
  };
}

const WORST_FIRST: readonly Reaction[] = ["-1", "confused", "rocket", "+1"];

function quoting({ line }: Typed, answer: Answer): Answer {
  return answer.text === null ? answer : { ...answer, text: replies.quoting(line, answer.text) };
}

async function answerOrFailure(
  talk: CommandTalk,
  command: Command,
  notes: readonly string[],
): Promise<Answer> {
  try {
    return await answerToOne(talk, command, notes);
  } catch (error) {
    if (error instanceof RunRefused) return confirmed("confused", error.message);
    talk.world.log.error({ ...place(talk.event), err: error }, "A command failed.");
    return confirmed("-1", replies.failed(verbFor(command), talk.event.delivery));
  }
}

async function answerToOne(
  talk: CommandTalk,
  command: Command,
  notes: readonly string[],
): Promise<Answer> {
  if (command.verb === "help") {
    return forAnyone("+1", replies.help(await rightsOf(talk), await talk.runs.status(talk.event)));
  }
  if (command.verb === "version") return forAnyone("+1", replies.versionLine(version));
  if (command.verb === "empty") {
    if (command.after === null) return answerToOne(talk, { verb: "help" }, notes);
    return forAnyone("confused", replies.empty(command.after));
  }
  if (command.verb === "unknown") return answerToUnknown(talk, command, notes);
  return answerToGuarded(talk, command, notes);
}

/** Where a workflow has that name, it is no slip. Only those who may run it are looked after so far. */
async function answerToUnknown(
  talk: CommandTalk,
  { word, suggestion, run }: Extract<Command, { verb: "unknown" }>,
  notes: readonly string[],
): Promise<Answer> {
  if (run === null) return forAnyone("confused", replies.unknownWord(word, suggestion));
  const decides = suggestion === "approve" || suggestion === "reject";
  const runs = decides ? await talk.runs.status(talk.event) : [];
  const meant = replies.meantLine(suggestion, run.words.slice(1), runs);
  const { refusal } = await admit(talk, "run");
  if (refusal?.to === "anyone") {
    return forAnyone("confused", replies.unknownWord(word, meant));
  }
  const names = await talk.runs.workflows(talk.event);
  if (names.some((name) => name.toLowerCase() === word)) return answerToGuarded(talk, run, notes);
  return confirmed("confused", replies.unknownWord(word, meant, names));
}

async function answerToGuarded(
  talk: CommandTalk,
  command: GuardedCommand,
  notes: readonly string[],
): Promise<Answer> {
  const verb: GuardedVerb = command.verb;
  const admission = await admit(talk, verb);
  // What comes again was right when it was carried out, whatever has changed since.
  const wasDone =
    admission.refusal !== null &&
    beginsRun(verb) &&
    (await talk.runs.hasBegun(talk.event, talk.key));
  if (wasDone) return runSpeaks;

  await note(talk, { verb, isRefused: admission.refusal !== null });
  if (admission.refusal !== null) return admission.refusal;
  const slip = await slipOfName(talk, command);
  if (slip !== null) return slip;
  return carryOut(talk, command, { notes, rules: admission.rules });
}

/** A single word is the name of a workflow or a slip, no task: whoever means one writes a sentence. */
async function slipOfName(talk: Talk, command: GuardedCommand): Promise<Answer | null> {
  if (command.verb !== "run" && command.verb !== "plan") return null;
  const [word = "", ...more] = command.words;
  if (word === "" || more.length > 0 || command.task !== word || !NAME.test(word)) return null;
  const names = await namesIfKnown(talk);
  const wanted = word.toLowerCase();
  if (names.some((name) => name.toLowerCase() === wanted)) return null;
  const near = nearest(wanted, names, slipsIn(wanted));
  // What is near to none may be a file that cannot be used: the plan reads them and says why.
  if (near === null) return null;
  const meant = command.verb === "run" ? near : `${command.verb} ${near}`;
  return confirmed("confused", replies.noSuchName(word, meant, names));
}

/** Letters that may be wrong in a name of this length: any short word is near to some other. */
const slipsIn = ({ length }: string): number => (length > 4 ? 2 : length > 2 ? 1 : 0);

/** None where they cannot be read now: a courtesy keeps no command from being carried out, and the run meets the trouble itself. */
async function namesIfKnown(talk: Talk): Promise<readonly string[]> {
  try {
    return await talk.runs.workflows(talk.event);
  } catch (error) {
    const consequence =
      "The names of workflows could not be read; a word is taken as it was typed.";
    talk.world.log.warn({ ...place(talk.event), err: error }, consequence);
    return [];
  }
}

/** What could be the name of a workflow. */
const NAME = /^[a-z][\w:-]*$/iu;

/** Kept before anything comes of it. */
async function note(
  { world, event: { repository, thread } }: Talk,
  { verb, isRefused }: { verb: GuardedVerb; isRefused: boolean },
): Promise<void> {
  const kind = isRefused ? "refused" : "command";
  const target = `#${thread}`;
  const row = {
    kind,
    repository: repository.repositoryId,
    what: verb,
    target,
    hash: null,
  } as const;
  await world.auditLog.note([row]);
}

/** The verb whose name counts for a command: words we do not know are as free as help. */
function verbFor(command: Command): Verb {
  return command.verb === "empty" || command.verb === "unknown" ? "help" : command.verb;
}
