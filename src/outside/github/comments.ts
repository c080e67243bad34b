// What is said in a thread, and the reactions to it.

import { z } from "zod";

import type { Comment, Forge, Reaction } from "../../world/forge.ts";
import { asking, at, firstInPages, type ForgeContext, isOurs, reading } from "./context.ts";

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
  "react" | "unreact" | "findComment" | "createComment" | "editComment"
>;

export function commentsPart(context: ForgeContext): CommentsPart {
  const { issues } = context.client.rest;
  return {
    react: (commentId, reaction) => asking("react", () => react(context, commentId, reaction)),
    unreact: (commentId, reaction) =>
      asking("take a reaction away", () => unreact(context, commentId, reaction)),
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

async function react(context: ForgeContext, commentId: number, reaction: Reaction): Promise<void> {
  await context.client.rest.reactions.createForIssueComment({
    ...at(context),
    comment_id: commentId,
    content: reaction,
    // The same reaction twice is one reaction: safe to repeat.
    request: { repeatable: true },
  });
}

async function unreact(
  context: ForgeContext,
  commentId: number,
  reaction: Reaction,
): Promise<void> {
  const { paginate, rest } = context.client;
  const { slug } = await context.identity();
  const comment = { ...at(context), comment_id: commentId };
  const pages = paginate.iterator(rest.reactions.listForIssueComment, {
    ...comment,
    content: reaction,
    per_page: 100,
  });
  const ours = await firstInPages(pages, (item) => {
    const answer = ReactionAnswer.parse(item);
    return answer.user?.login === `${slug}[bot]` && answer.content === reaction ? answer.id : null;
  });
  if (ours !== null) {
    await rest.reactions.deleteForIssueComment({ ...comment, reaction_id: ours });
  }
}
