// What happens when someone speaks: parse, authorize, dispatch, answer.

import { admit, rightsOf } from "./bot/admit.ts";
import type { GuardedVerb } from "./command/verbs.ts";
import { carryOut, type GuardedCommand } from "./bot/carry-out.ts";
import { type Answer, confirmed, forAnyone, type Parts, place, type Talk } from "./bot/talk.ts";
import { notAPerson } from "./command/authorize.ts";
import type { Command, Verb } from "./command/command.ts";
import { parseComment, type Parsed } from "./command/parse.ts";
import * as replies from "./command/replies.ts";
import { RunRefused } from "./command/run-desk.ts";
import { createTally } from "./command/tally.ts";
import { limits } from "./config/limits.ts";
import { version } from "./config/version.ts";
import { ForgeError, type Comment, type Reaction } from "./world/forge.ts";
import type { CommentEvent } from "./world/inbox.ts";

/** `unanswered`: GitHub could not be reached or limits us; the same comment may be heard again later. */
export type Heard = "settled" | "unanswered";

export interface Bot {
  /** Carries out what the comment asks and answers it. Never rejects: what fails is answered where possible, and logged. */
  onComment(event: CommentEvent): Promise<Heard>;
}

/** The bot on a world, a desk and the rules of its repositories. Cheap; nothing is asked of them before somebody speaks. */
export function createBot(parts: Omit<Parts, "refusals">): Bot {
  const { refusalsPerHour } = limits.command;
  const refusals = createTally({ perHour: refusalsPerHour, now: () => parts.world.clock.now() });
  return {
    async onComment(event) {
      try {
        await hear({ ...parts, refusals }, event);
        return "settled";
      } catch (error) {
        parts.world.log.error({ ...place(event), err: error }, "A comment could not be answered.");
        return passes(error) ? "unanswered" : "settled";
      }
    },
  };
}

/** Whether the same attempt may succeed later. */
function passes(error: unknown): boolean {
  return error instanceof ForgeError && ["unreachable", "limited"].includes(error.kind);
}

async function hear(parts: Parts, event: CommentEvent): Promise<void> {
  const parsed = parseComment(event.comment.body);
  if (parsed.kind === "nothing") return;
  const stranger = notAPerson(speakerOf(event));
  if (stranger !== null || event.comment.body.includes("<!-- fanfold:")) {
    parts.world.log.info({ ...place(event), why: stranger ?? "our-own-words" }, "Command ignored.");
    return;
  }
  const talk = { ...parts, event, forge: await parts.world.openForge(event.repository) };
  await react(talk, "eyes");
  const marker = replies.replyMarker(event.comment.id);
  const earlier = await talk.forge.findComment(event.thread, marker);
  if (earlier !== null && !replies.asksAgain(earlier.body)) {
    parts.world.log.info(place(event), "Command already answered.");
    await quietly(talk, () => talk.forge.unreact(event.comment.id, "eyes"));
    return;
  }
  await say(talk, await answerOrFailure(talk, parsed), earlier);
}

async function answerOrFailure(talk: Talk, parsed: Exclude<Parsed, { kind: "nothing" }>) {
  if (parsed.kind === "problem") return forAnyone("confused", replies.problem(parsed.problem));
  try {
    return await answerTo(talk, parsed);
  } catch (error) {
    if (error instanceof RunRefused) return confirmed("confused", error.message);
    talk.world.log.error({ ...place(talk.event), err: error }, "A command failed.");
    return confirmed("-1", replies.failed(verbFor(parsed.command), talk.event.delivery));
  }
}

async function answerTo(
  talk: Talk,
  { command, notes }: Extract<Parsed, { kind: "command" }>,
): Promise<Answer> {
  if (command.verb === "help") return forAnyone("+1", replies.help(await rightsOf(talk)));
  if (command.verb === "version") return forAnyone("+1", replies.versionLine(version));
  if (command.verb === "empty") return forAnyone("confused", replies.empty(command.after));
  if (command.verb === "unknown") {
    return forAnyone("confused", replies.unknownWord(command.word, command.suggestion));
  }
  return answerToGuarded(talk, command, notes);
}

async function answerToGuarded(
  talk: Talk,
  command: GuardedCommand,
  notes: readonly string[],
): Promise<Answer> {
  const verb: GuardedVerb = command.verb;
  const admission = await admit(talk, verb);
  if (admission.refusal !== null) return admission.refusal;
  return carryOut(talk, command, { notes, rules: admission.rules });
}

/** The verb whose name counts for a command: words we do not know are as free as help. */
function verbFor(command: Command): Verb {
  return command.verb === "empty" || command.verb === "unknown" ? "help" : command.verb;
}

/** One reply for one comment: a repeated delivery found the earlier one by its mark, and only a failure is said anew. */
async function say(talk: Talk, answer: Answer, earlier: Comment | null): Promise<void> {
  const { forge, event } = talk;
  if (answer.text !== null && mayAnswer(talk, answer)) {
    const body = replies.marked(event.comment.id, answer.text);
    if (earlier === null) await forge.createComment(event.thread, body);
    else await forge.editComment(earlier.id, body);
  }
  await react(talk, answer.reaction);
  await quietly(talk, () => forge.unreact(event.comment.id, "eyes"));
}

/** Anyone may comment, so answers to unconfirmed people have a limit; a reaction still says that we heard. */
function mayAnswer({ refusals, event, world }: Talk, answer: Answer): boolean {
  if (answer.to === "confirmed" || refusals.admits(String(event.repository.repositoryId))) {
    return true;
  }
  world.log.warn(place(event), "Answered by a reaction only: too many refusals in this hour.");
  return false;
}

function react(talk: Talk, reaction: Reaction): Promise<void> {
  return quietly(talk, () => talk.forge.react(talk.event.comment.id, reaction));
}

/** Reactions are a courtesy: the words matter, so a failed reaction is logged and the rest goes on. */
async function quietly({ world, event }: Talk, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    world.log.warn({ ...place(event), err: error }, "A reaction could not be set.");
  }
}

function speakerOf({ comment, sender }: CommentEvent) {
  return {
    authorId: comment.authorId,
    senderId: sender.id,
    senderType: sender.type,
    viaApp: comment.viaApp,
  };
}
