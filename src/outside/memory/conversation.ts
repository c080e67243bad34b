// Threads, comments and reactions of the GitHub in memory.

import type { Comment, Forge } from "../../world/forge.ts";
import {
  checkBody,
  type GitHubState,
  type KeptComment,
  nextId,
  notFound,
  ourLogin,
  page,
} from "./state.ts";

type ConversationPart = Pick<
  Forge,
  "permissionOf" | "react" | "unreact" | "findComment" | "createComment" | "editComment" | "hide"
>;

export function conversationPart(state: GitHubState): ConversationPart {
  return {
    async permissionOf(login) {
      const person = state.people.get(login);
      return { role: person?.role ?? "none", userId: person?.id ?? 0 };
    },
    async react(commentId, reaction) {
      const { reactions } = commentOf(state, commentId);
      const known = reactions.some(({ by, content }) => by === ourLogin && content === reaction);
      if (!known) reactions.push({ by: ourLogin, content: reaction });
    },
    async unreact(commentId, reaction) {
      const comment = commentOf(state, commentId);
      comment.reactions = comment.reactions.filter(
        ({ by, content }) => by !== ourLogin || content !== reaction,
      );
    },
    async findComment(thread, marker) {
      checkThread(state, thread);
      const ours = state.comments.find(
        (each) => each.thread === thread && each.author === ourLogin && each.body.includes(marker),
      );
      return ours === undefined ? null : toComment(state, ours);
    },
    createComment: async (thread, body) =>
      toComment(state, addComment(state, { thread, body, author: ourLogin })),
    async editComment(commentId, body) {
      const comment = commentOf(state, commentId);
      checkBody(body);
      comment.earlier.push(comment.body);
      comment.body = body;
    },
    hide: async (thread, marker) => hide(state, thread, marker),
  };
}

function hide(state: GitHubState, thread: number, marker: string): number {
  checkThread(state, thread);
  const reviews = state.reviews.filter(({ pull }) => pull === thread);
  const said = [
    ...state.comments.filter((each) => each.thread === thread && each.author === ourLogin),
    ...reviews,
    ...reviews.flatMap(({ threads }) => threads),
  ];
  const shown = said.filter(({ body, hidden }) => !hidden && body.includes(marker));
  for (const each of shown) each.hidden = true;
  return shown.length;
}

/** Somebody, or we, say something in a thread. */
export function addComment(
  state: GitHubState,
  { thread, body, author }: { thread: number; body: string; author: string },
): KeptComment {
  checkThread(state, thread);
  checkBody(body);
  const comment = {
    id: nextId(state),
    thread,
    body,
    author,
    earlier: [],
    reactions: [],
    hidden: false,
  };
  state.comments.push(comment);
  return comment;
}

function checkThread({ issues, pulls }: GitHubState, thread: number): void {
  if ([...issues, ...pulls].every(({ number }) => number !== thread)) {
    throw notFound(`issue #${thread}`);
  }
}

function commentOf(state: GitHubState, id: number): KeptComment {
  const comment = state.comments.find((each) => each.id === id);
  if (comment === undefined) throw notFound(`comment ${id}`);
  return comment;
}

function toComment(state: GitHubState, { id, thread, body, author }: KeptComment): Comment {
  const url = page(state, `/issues/${thread}#issuecomment-${id}`);
  return { id, url, body, ours: author === ourLogin };
}
