// What is said in a thread, and the reactions to it.

import { z } from "zod";

import type { Comment, Forge, Reactable, Reacted, Reaction } from "../../world/forge.ts";
import { asking, at, firstInPages, type ForgeContext, isOurs, reading } from "./context.ts";
import { refusalOf } from "./errors.ts";

const CommentAnswer = z.object({
  id: z.number(),
  html_url: z.string(),
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullish(),
  performed_via_github_app: z.object({ id: z.number() }).nullish(),
});

const ReactionAnswer = z.object({
  id: z.number(),
  content: z.string(),
  user: z.object({ login: z.string() }).nullable(),
});

type CommentsPart = Pick<
  Forge,
  "react" | "unreact" | "removeLabel" | "findComment" | "createComment" | "editComment"
>;

export function commentsPart(context: ForgeContext): CommentsPart {
  const { issues } = context.client.rest;
  return {
    react: (to, reaction) => asking("react", () => react(context, to, reaction)),
    unreact: (from, reaction, id) =>
      asking("take a reaction away", () => unreact(context, from, { reaction, id })),
    removeLabel: (thread, name) =>
      asking(`take a label off #${thread}`, async () => {
        try {
          await issues.removeLabel({ ...at(context), issue_number: thread, name });
        } catch (error) {
          if (refusalOf(error)?.status !== 404) throw error;
        }
      }),
    findComment: (thread, marker) =>
      reading(`read the comments of #${thread}`, () => findComment(context, thread, marker)),
    createComment: (thread, body) =>
      asking(`comment on #${thread}`, async () => {
        const { data } = await issues.createComment({ ...at(context), issue_number: thread, body });
        return toComment(context, data);
      }),
    editComment: (commentId, body) =>
      asking("edit our comment", async () => {
        await issues.updateComment({ ...at(context), comment_id: commentId, body });
      }),
  };
}

async function toComment(context: ForgeContext, data: unknown): Promise<Comment> {
  const answer = CommentAnswer.parse(data);
  const { id } = await context.identity();
  const ours =
    answer.performed_via_github_app?.id === id || (await isOurs(context, answer.user?.login));
  return { id: answer.id, url: answer.html_url, body: answer.body ?? "", ours };
}

async function findComment(
  context: ForgeContext,
  thread: number,
  marker: string,
): Promise<Comment | null> {
  const { paginate, rest } = context.client;
  const { id, slug } = await context.identity();
  const pages = paginate.iterator(rest.issues.listComments, {
    ...at(context),
    issue_number: thread,
    per_page: 100,
  });
  return firstInPages(pages, (item) => {
    const answer = CommentAnswer.parse(item);
    const body = answer.body ?? "";
    const ours =
      answer.performed_via_github_app?.id === id || answer.user?.login === `${slug}[bot]`;
    return ours && body.includes(marker)
      ? { id: answer.id, url: answer.html_url, body, ours }
      : null;
  });
}

async function react(context: ForgeContext, to: Reactable, content: Reaction): Promise<Reacted> {
  // The same reaction twice is one reaction: safe to repeat.
  const asked = { ...at(context), content, request: { repeatable: true } };
  const { status, data } = await answerOf();
  // 200: it was there. https://docs.github.com/rest/reactions/reactions
  return { id: ReactionAnswer.parse(data).id, isNew: status === 201 };

  function answerOf(): Promise<{ status: number; data: unknown }> {
    const { reactions } = context.client.rest;
    switch (to.kind) {
      case "comment":
        return reactions.createForIssueComment({ ...asked, comment_id: to.id });
      case "line":
        return reactions.createForPullRequestReviewComment({ ...asked, comment_id: to.id });
      case "body":
        return reactions.createForIssue({ ...asked, issue_number: to.id });
    }
  }
}

async function unreact(
  context: ForgeContext,
  from: Reactable,
  { reaction, id }: { reaction: Reaction; id: number | undefined },
): Promise<boolean> {
  const ours = id ?? (await ourReaction(context, from, reaction));
  if (ours === null) return false;
  try {
    await remove(context, from, ours);
    return true;
  } catch (error) {
    if (refusalOf(error)?.status === 404) return false;
    throw error;
  }
}

async function ourReaction(
  context: ForgeContext,
  to: Reactable,
  reaction: Reaction,
): Promise<number | null> {
  const { slug } = await context.identity();
  return await firstInPages(reactionsTo(context, to, reaction), (item) => {
    const answer = ReactionAnswer.parse(item);
    return answer.user?.login === `${slug}[bot]` && answer.content === reaction ? answer.id : null;
  });
}

async function remove(context: ForgeContext, from: Reactable, id: number): Promise<void> {
  const { reactions } = context.client.rest;
  const asked = { ...at(context), reaction_id: id };
  switch (from.kind) {
    case "comment":
      await reactions.deleteForIssueComment({ ...asked, comment_id: from.id });
      return;
    case "line":
      await reactions.deleteForPullRequestComment({ ...asked, comment_id: from.id });
      return;
    case "body":
      await reactions.deleteForIssue({ ...asked, issue_number: from.id });
      return;
  }
}

function reactionsTo(
  context: ForgeContext,
  { kind, id }: Reactable,
  content: Reaction,
): AsyncIterable<{ data: readonly unknown[] }> {
  const { paginate, rest } = context.client;
  const asked = { ...at(context), content, per_page: 100 };
  switch (kind) {
    case "comment":
      return paginate.iterator(rest.reactions.listForIssueComment, { ...asked, comment_id: id });
    case "line":
      return paginate.iterator(rest.reactions.listForPullRequestReviewComment, {
        ...asked,
        comment_id: id,
      });
    case "body":
      return paginate.iterator(rest.reactions.listForIssue, { ...asked, issue_number: id });
  }
}
