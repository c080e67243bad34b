// Probot in, our words out: the deliveries we act on, mapped and handed to the bot.

import type { Probot } from "probot";
import { z } from "zod";

import type { Bot, CommentEvent } from "./bot.ts";
import type { InFlight } from "./in-flight.ts";
import type { Log } from "./world/log.ts";

const Account = z.object({ id: z.int(), login: z.string(), type: z.string() });

/** What we read of an `issue_comment.created` delivery, and nothing else. */
const CommentCreated = z.object({
  installation: z.object({ id: z.int() }),
  repository: z.object({
    id: z.int(),
    name: z.string(),
    owner: z.object({ login: z.string() }),
  }),
  issue: z.object({ number: z.int(), pull_request: z.object({}).nullish() }),
  comment: z.object({
    id: z.int(),
    body: z.string().nullable(),
    user: Account.nullable(),
    performed_via_github_app: z.object({}).nullish(),
  }),
  sender: Account,
});
type CommentCreated = z.infer<typeof CommentCreated>;

/** What the app hands deliveries to. */
export interface AppParts {
  bot: Bot;
  log: Log;
  inFlight: InFlight;
}

/** Subscribes to the deliveries we act on. A webhook never waits for the work it causes. */
export function connect(probot: Pick<Probot, "on">, parts: AppParts): void {
  probot.on("issue_comment.created", ({ id, payload }) => onCommentCreated(parts, id, payload));
}

/** Exported for tests of the border: takes the delivery as it came, logs what does not fit, never throws. */
export function onCommentCreated(parts: AppParts, delivery: string, payload: unknown): void {
  const parsed = CommentCreated.safeParse(payload);
  if (!parsed.success) {
    const fields = parsed.error.issues.map(({ path }) => path.join("."));
    parts.log.error({ delivery, fields }, "A comment delivery lacks what is needed and was left.");
    return;
  }
  if (parsed.data.sender.type === "Bot") return;
  const event = eventOf(delivery, parsed.data);
  if (event === null) return;
  const key = `${event.repository.repositoryId}/${event.comment.id}`;
  parts.inFlight.add(key, () => parts.bot.onComment(event));
}

/** Null when the author's account is gone: nobody is left who could have the right. */
function eventOf(delivery: string, created: CommentCreated): CommentEvent | null {
  const { installation, repository, issue, comment, sender } = created;
  if (comment.user === null) return null;
  return {
    repository: {
      installationId: installation.id,
      repositoryId: repository.id,
      owner: repository.owner.login,
      name: repository.name,
    },
    thread: issue.number,
    isPullRequest: issue.pull_request != null,
    comment: {
      id: comment.id,
      body: comment.body ?? "",
      authorId: comment.user.id,
      authorLogin: comment.user.login,
      authorType: comment.user.type,
      viaApp: comment.performed_via_github_app != null,
    },
    sender,
    delivery,
  };
}
