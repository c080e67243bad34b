// What happens when someone speaks: whether it is a person who commands, what they asked for, and one answer.

import { answerTo } from "./bot/answer.ts";
import { checkSettings } from "./bot/check-settings.ts";
import { type Hands, openEyes } from "./bot/eyes.ts";
import { labelOf } from "./bot/heard/signs.ts";
import { checksOfSuite, commandOfRerun } from "./bot/run-again.ts";
import { createSignsFirst } from "./bot/signs-first.ts";
import { type Answer, forAnyone, type Parts, place, subjectOf, type Talk } from "./bot/talk.ts";
import { whence } from "./bot/whence.ts";
import { notAPerson } from "./command/authorize.ts";
import { parseComment, type Parsed } from "./command/parse.ts";
import * as problems from "./command/problem-replies.ts";
import * as replies from "./command/replies.ts";
import { createSharedTally, createTally, type Tally } from "./quota/tally.ts";
import { limits } from "./config/limits.ts";
import { because } from "./world/audit-log.ts";
import type { Comment, Reacted, Reaction } from "./world/forge.ts";
import { ForgeError } from "./world/forge-error.ts";
import type { CommentEvent } from "./world/inbox.ts";

/** `unanswered`: GitHub could not be reached, limits us or does not let us; the same comment is heard again later. */
export type Heard = "settled" | "unanswered";

export interface Bot {
  /**
   * Carries out what was asked for and answers it. Never rejects: what fails is answered where possible, and logged. `isLeft`:
   * whoever had it before is known to be gone.
   */
  onComment(event: CommentEvent, how?: { isLeft: boolean }): Promise<Heard>;
}

/** The bot on a world, a desk and the rules of its repositories. Cheap; nothing is asked of them before somebody speaks. */
export function createBot(parts: Omit<Parts, "tallies" | "signs" | "eyes">): Bot {
  const tallies = openTallies(parts.world);
  const signs = createSignsFirst(parts.world.clock);
  const eyes = openEyes(parts.world);
  return {
    async onComment(event, { isLeft } = { isLeft: false }) {
      try {
        if (isLeft) eyes.take(event);
        const { delivery, sender } = event;
        const cause = { delivery, actor: sender.id, run: null };
        await because(cause, () => hear({ ...parts, tallies, signs, eyes }, event));
        return "settled";
      } catch (error) {
        parts.world.log.error({ ...place(event), err: error }, "A comment could not be answered.");
        if (passes(error)) return "unanswered";
        eyes.close(event);
        return "settled";
      }
    },
  };
}

/** Of all processes together, where there are several. */
function openTallies({ clock, fleet }: Parts["world"]): Parts["tallies"] {
  const { refusalsPerHour, startsPerPersonAndHour, startsPerHour } = limits.command;
  const tally = (name: string, perHour: number): Tally => {
    const limit = { perHour, now: () => clock.now() };
    return fleet === null ? createTally(limit) : createSharedTally(fleet.board, name, limit);
  };
  return {
    refusals: tally("refusals", refusalsPerHour),
    startsOfPerson: tally("person", startsPerPersonAndHour),
    starts: tally("starts", startsPerHour),
  };
}

/** Whether the same attempt may succeed later. Rights are given back: a suspension ends, a thread is unlocked. */
function passes(error: unknown): boolean {
  return (
    error instanceof ForgeError && ["unreachable", "limited", "forbidden"].includes(error.kind)
  );
}

async function hear(parts: Parts, event: CommentEvent): Promise<void> {
  if (event.source === "pull") return checkSettings(parts, event);
  const stranger = notAPerson(speakerOf(event));
  if (stranger !== null || event.comment.body.includes("<!-- fanfold:")) {
    parts.world.log.info({ ...place(event), why: stranger ?? "our-own-words" }, "Command ignored.");
    return;
  }
  if (event.source === "suite") {
    for (const each of await checksOfSuite(parts, event)) await hear(parts, each);
    return;
  }
  const body = event.source === "rerun" ? await commandOfRerun(parts, event) : event.comment.body;
  const parsed = parseComment(body);
  if (parsed.kind !== "nothing") await heed(parts, event, parsed);
}

type Spoken = Exclude<Parsed, { kind: "nothing" }>;

async function heed(parts: Parts, event: CommentEvent, parsed: Spoken): Promise<void> {
  const forge = await parts.world.openForge(event.repository);
  const talk = { ...parts, event, forge, key: event.key };
  const hands = handsOf(talk);
  await parts.eyes.open(event, { ...hands, put: () => parts.signs.give(hands.put) });
  const isAnswered = await answer(talk, parsed);
  if (isAnswered) parts.world.log.info(place(event), "Command already answered.");
  await takeEyesAway(talk, parts.eyes.close(event));
  if (event.source === "label") await forge.removeLabel(event.thread, labelOf(event.comment.body));
}

/** Whether somebody had answered, or has meanwhile: those words stay. */
async function answer(talk: Talk, parsed: Spoken): Promise<boolean> {
  const lookedAt = talk.world.clock.monotonic();
  const earlier = await earlierAnswer(talk);
  if (isGood(earlier)) return true;
  const ours = await answerFor(talk, parsed);
  const newest = earlier ?? (await answerMeanwhile(talk, ours, lookedAt));
  if (isGood(newest)) return true;
  await say(talk, ours, newest);
  return false;
}

const earlierAnswer = ({ forge, event }: Talk): Promise<Comment | null> =>
  forge.findComment(event.thread, replies.replyMarker(event.key));

/** Whether nothing is left to be said: a failure of ours is said anew. */
const isGood = (answer: Comment | null): boolean =>
  answer !== null && !replies.asksAgain(answer.body);

/** Another process may have answered while this one was busy, or stood still. It may stand still again while it looks. */
async function answerMeanwhile(
  talk: Talk,
  { text }: Answer,
  firstLookAt: number,
): Promise<Comment | null> {
  if (text === null) return null;
  const { clock } = talk.world;
  let lookedAt = firstLookAt;
  for (let look = 0; look < LOOKS_MAX; look++) {
    const isOurs = await talk.eyes.mayAnswer(talk.event, handsOf(talk));
    if (isOurs && clock.monotonic() - lookedAt <= limits.publish.listsLagMs) return null;
    lookedAt = clock.monotonic();
    const answer = await earlierAnswer(talk);
    if (answer !== null) return answer;
  }
  return null;
}

/** Where GitHub takes longer than its lists are behind, whoever looks again gets no nearer. */
const LOOKS_MAX = 4;

/** An edit commands nothing, whatever it says. */
async function answerFor(talk: Talk, parsed: Spoken): Promise<Answer> {
  const { source, comment } = talk.event;
  if (source === "edit") return forAnyone("confused", problems.edited(comment.body));
  if (parsed.kind === "problem") return forAnyone("confused", problems.problem(parsed.problem));
  const answer = await answerTo(talk, parsed);
  // The run's own comment shows what came of a click; only what it did not do has to be said beside.
  const isQuiet = source === "click" && [null, "+1", "rocket"].includes(answer.reaction);
  return isQuiet ? { ...answer, text: null } : answer;
}

/** One reply for one saying: a repeated delivery found the earlier one by its mark, and only a failure is said anew. */
async function say(talk: Talk, answer: Answer, earlier: Comment | null): Promise<void> {
  const { forge, event } = talk;
  if (answer.text !== null && (await mayAnswer(talk, answer))) {
    const from = whence(event);
    const text = from === null ? answer.text : `${from}\n\n${answer.text}`;
    const body = replies.marked(event.key, text);
    if (earlier === null) await forge.createComment(event.thread, body);
    else await forge.editComment(earlier.id, body);
  }
  if (answer.reaction !== null) await react(talk, answer.reaction);
}

/** Anyone may comment, so answers to unconfirmed people have a limit; a reaction still says that we heard. */
async function mayAnswer({ tallies, event, world }: Talk, answer: Answer): Promise<boolean> {
  if (answer.to === "confirmed") return true;
  if (await tallies.refusals.admits(String(event.repository.repositoryId), event.key)) return true;
  world.log.warn(place(event), "Answered by a reaction only: too many refusals in this hour.");
  return false;
}

/** What GitHub lets nobody react to goes without. */
async function react(talk: Talk, reaction: Reaction): Promise<Reacted | null> {
  const subject = subjectOf(talk.event);
  return subject === null ? null : await quietly(talk, () => talk.forge.react(subject, reaction));
}

async function takeEyesAway(talk: Talk, id: number | null): Promise<boolean | null> {
  const subject = subjectOf(talk.event);
  if (subject === null) return null;
  return await quietly(talk, () => talk.forge.unreact(subject, "eyes", id ?? undefined));
}

const handsOf = (talk: Talk): Hands => ({
  put: () => react(talk, "eyes"),
  takeAway: (id) => takeEyesAway(talk, id),
});

/** Reactions are a courtesy: the words matter, so a failed reaction is logged and the rest goes on. */
async function quietly<T>({ world, event }: Talk, act: () => Promise<T>): Promise<T | null> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    world.log.warn({ ...place(event), err: error }, "A reaction could not be set.");
    return null;
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
