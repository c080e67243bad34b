// The port to what was said to us and is not answered yet: it outlives the process.

import type { RepositoryRef } from "./forge.ts";

/** A comment someone just made, in our words. */
export interface CommentEvent {
  repository: RepositoryRef;
  /** Number of the issue or pull request. */
  thread: number;
  isPullRequest: boolean;
  comment: {
    id: number;
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

/** A comment that was taken in. One comment is one letter, however often it is delivered. */
export interface Letter {
  /** When it came, in milliseconds since 1970. */
  at: number;
  event: CommentEvent;
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

/** What makes two letters the same one: the comment, by the ids of GitHub. */
export function letterKey({ event }: Letter): string {
  return `${event.repository.repositoryId}-${event.comment.id}`;
}
