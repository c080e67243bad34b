// Threads, comments and reactions of the GitHub in memory.

import type { Comment, Forge, Reactable } from "../../world/forge.ts";
import {
  checkBody,
  type GitHubState,
  type KeptComment,
  nextId,
  nextReaction,
  notFound,
  ourLogin,
  page,
} from "./state.ts";

type ConversationPart = Pick<
  Forge,
  | "permissionOf"
  | "react"
  | "unreact"
  | "removeLabel"
  | "findComment"
  | "createComment"
  | "editComment"
  | "hide"
>;

export function conversationPart(state: GitHubState): ConversationPart {
  return {
    async permissionOf(login) {
      const person = state.people.get(login);
      return { role: person?.role ?? "none", userId: person?.id ?? 0 };
    },
    async react(to, reaction) {
      const { reactions } = bearerOf(state, to);
      const known = reactions.find(({ by, content }) => by === ourLogin && content === reaction);
      if (known !== undefined) return { id: known.id, isNew: false };
      const id = nextReaction(state);
      reactions.push({ id, by: ourLogin, content: reaction });
      return { id, isNew: true };
    },
    async unreact(from, reaction, wanted) {
      const bearer = bearerOf(state, from);
      const isMeant = ({ id, by, content }: KeptComment["reactions"][number]): boolean =>
        by === ourLogin && content === reaction && (wanted === undefined || id === wanted);
      const isThere = bearer.reactions.some(isMeant);
      bearer.reactions = bearer.reactions.filter((each) => !isMeant(each));
      return isThere;
    },
    async removeLabel(thread, label) {
      checkThread(state, thread);
      state.labels = state.labels.filter((one) => one.thread !== thread || one.name !== label);
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

/** What is no comment of a thread bears its reactions from the first one on. */
function bearerOf(state: GitHubState, { kind, id }: Reactable): Pick<KeptComment, "reactions"> {
  if (kind === "comment") return commentOf(state, id);
  if (kind === "body") checkThread(state, id);
  const known = state.otherBearers.find((each) => each.kind === kind && each.id === id);
  const bearer = known ?? { kind, id, reactions: [] };
  if (known === undefined) state.otherBearers.push(bearer);
  return bearer;
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
