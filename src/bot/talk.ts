// One conversation: who said what where, and everything that answering it needs.

import type { Person, RunDesk } from "../command/run-desk.ts";
import type { ScheduleDesk } from "../command/schedule-desk.ts";
import type { Tally } from "../quota/tally.ts";
import type { Eyes } from "./eyes.ts";
import type { Doctor } from "../doctor/examine.ts";
import type { ReplayDesk } from "../replay/desk.ts";
import type { Rules } from "../settings/rules.ts";
import type { World } from "../world.ts";
import type { Forge, Reactable, Reaction } from "../world/forge.ts";
import type { CommentEvent } from "../world/inbox.ts";
import type { SignsFirst } from "./signs-first.ts";

/** What every conversation of this process shares. */
export interface Parts {
  world: World;
  runs: RunDesk;
  schedules: ScheduleDesk;
  rules: Rules;
  doctor: Doctor;
  replays: ReplayDesk;
  tallies: Tallies;
  signs: SignsFirst;
  eyes: Eyes;
}

/** What this process counts for an hour. */
export interface Tallies {
  /** Answers to people whose right was not confirmed, by repository. */
  refusals: Tally;
  /** Runs that were asked for, by repository and person. */
  startsOfPerson: Tally;
  /** Runs that were asked for, by repository. */
  starts: Tally;
}

/** Everything one conversation needs at hand. */
export interface Talk extends Parts {
  forge: Forge;
  event: CommentEvent;
  /** Names the command within its repository: what it starts is started once. */
  key: string;
}

/** One command of a conversation. */
export interface CommandTalk extends Talk {
  /** The command's line as it was typed. */
  line: string;
}

/** What we answer: a reaction that stays, and words unless the run speaks for itself. Without a reaction the run's own stays. */
export interface Answer {
  reaction: Reaction | null;
  text: string | null;
  /** Whether this person's right was confirmed, or the answer goes to anyone who asks. */
  to: "confirmed" | "anyone";
}

export function confirmed(reaction: Reaction | null, text: string | null): Answer {
  return { reaction, text, to: "confirmed" };
}

/** It was taken on before, and tells by words and reaction how it stands. */
export const runSpeaks: Answer = confirmed(null, null);

export function forAnyone(reaction: Reaction, text: string): Answer {
  return { reaction, text, to: "anyone" };
}

export function personOf({ event: { sender } }: Talk): Person {
  return { id: sender.id, login: sender.login };
}

/** What bears our reaction; GitHub's API lets nobody react to reviews, labels and clicks. */
export function subjectOf({ source, comment, thread }: CommentEvent): Reactable | null {
  switch (source) {
    case "comment":
    case "edit":
      return { kind: "comment", id: comment.id };
    case "line":
      return { kind: "line", id: comment.id };
    case "body":
      return { kind: "body", id: thread };
    case "review":
    case "label":
    case "click":
    case "rerun":
    case "suite":
    case "pull":
      return null;
  }
}

/** Where it was said, for the log. */
export function place(event: CommentEvent) {
  return {
    delivery: event.delivery,
    repository: `${event.repository.owner}/${event.repository.name}`,
    thread: event.thread,
    source: event.source,
    comment: event.comment.id,
  };
}
