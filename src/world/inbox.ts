// The port to what was said to us and is not answered yet: it outlives the process.

import { z } from "zod";

import { RepositoryRef } from "./forge.ts";

/**
 * What carries a person's words: a comment, one that was edited, a comment on a line of a diff, a review, the body of a new
 * thread; what stands for words: a label, a button of a check run, the wish to run a check or a whole suite again; or a pull
 * request's newest commit, which says nothing and may bring settings.
 */
export const sources = [
  "comment",
  "edit",
  "line",
  "review",
  "body",
  "label",
  "click",
  "rerun",
  "suite",
  "pull",
] as const;
export type Source = (typeof sources)[number];

/** The line of a diff that somebody spoke on. */
export interface Place {
  path: string;
  /** Null for a whole file, or where the line is not in the diff any more. */
  line: number | null;
  side: "LEFT" | "RIGHT";
  hunk: string;
}

/** What someone just said to us, in our words. */
export interface CommentEvent {
  source: Source;
  /** Names what was said within its repository, the same for every delivery of it: letters, digits and hyphens. */
  key: string;
  place: Place | null;
  repository: RepositoryRef;
  /** Number of the issue or pull request. */
  thread: number;
  isPullRequest: boolean;
  comment: {
    /** Of what carries the words; of the label or check run where there are none. */
    id: number;
    /**
     * For an edit only the lines that came to speak to us by it; for a label or a button the command it stands for; of a suite
     * or a pull request its newest commit.
     */
    body: string;
    authorId: number;
    authorLogin: string;
    authorType: string;
    /** Made through some App with this person's token. */
    viaApp: boolean;
  };
  sender: { id: number; login: string; type: string };
  /** GitHub's id of the delivery, for the log. */
  delivery: string;
}

/** Somebody edited an issue of ours, in which people tick boxes. */
export interface IssueEvent extends Pick<CommentEvent, Named | "sender"> {
  source: "issue";
  body: string;
  /** The body as it was. */
  before: string;
}

/** The App came to repositories, of which `repository` is the first. */
export interface ArrivalEvent extends Pick<CommentEvent, Named> {
  source: "arrival";
  repositories: RepositoryRef[];
}

type Named = "key" | "repository" | "thread" | "delivery";

/** Whatever is kept before its delivery is answered. */
export type LetterEvent = CommentEvent | IssueEvent | ArrivalEvent;

/** What was said and is taken in. One saying is one letter, however often it is delivered. */
export interface Letter {
  /** When it came, in milliseconds since 1970. */
  at: number;
  event: LetterEvent;
}

export interface Inbox {
  /** Survives a crash once it resolves; keeping the same comment again changes nothing. Rejects with `InboxFull`. */
  keep(letter: Letter): Promise<void>;
  /** All that is kept, oldest first. What cannot be read is set aside, and the log names it. */
  letters(): Promise<Letter[]>;
  /** Forgets the letter; nothing happens when it is not kept. */
  remove(letter: Letter): Promise<void>;
}

/** Nothing more is taken in until something is answered. */
export class InboxFull extends Error {
  override readonly name = "InboxFull";
}

/** What makes two letters the same one. */
export function letterKey({ event }: Letter): string {
  return `${event.repository.repositoryId}-${event.key}`;
}

const Account = z.object({ id: z.int(), login: z.string(), type: z.string() });

const named = {
  key: z.string().regex(/^[a-z\d-]{1,100}$/u),
  repository: RepositoryRef,
  thread: z.int(),
  delivery: z.string(),
};

const Words = z.object({
  ...named,
  source: z.enum(sources),
  place: z
    .object({
      path: z.string(),
      line: z.int().nullable(),
      side: z.enum(["LEFT", "RIGHT"]),
      hunk: z.string(),
    })
    .nullable(),
  isPullRequest: z.boolean(),
  comment: z.object({
    id: z.int(),
    body: z.string(),
    authorId: z.int(),
    authorLogin: z.string(),
    authorType: z.string(),
    viaApp: z.boolean(),
  }),
  sender: Account,
});
const Issue = z.object({
  ...named,
  source: z.literal("issue"),
  body: z.string(),
  before: z.string(),
  sender: Account,
});
const Arrival = z.object({
  ...named,
  source: z.literal("arrival"),
  repositories: z.array(RepositoryRef),
});

/** A letter as it is kept, wherever. */
export const Written = z.object({
  v: z.literal(1),
  at: z.number(),
  event: z.discriminatedUnion("source", [Words, Issue, Arrival]),
});
