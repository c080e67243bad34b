// Probot in, our words out: the deliveries we act on, mapped and handed to the intake.

import type { Probot } from "probot";
import { z } from "zod";

import { parseComment } from "./command/parse.ts";
import type { ScheduleDesk } from "./command/schedule-desk.ts";
import type { Intake } from "./deliveries/intake.ts";
import type { CommentEvent } from "./world/inbox.ts";
import type { Log } from "./world/log.ts";

/** The deliveries we act on. */
export const handled = { event: "issue_comment", action: "created" } as const;

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
/** What we read of an `issues.edited` delivery. */
const IssueWasEdited = z.object({
  installation: CommentCreated.shape.installation,
  repository: CommentCreated.shape.repository,
  issue: z.object({ number: z.int(), body: z.string().nullable() }),
  sender: Account,
});
type CommentCreated = z.infer<typeof CommentCreated>;

/** What the app hands deliveries to. */
export interface AppParts {
  intake: Intake;
  /** Hears of edited issues: people tick boxes on the dashboard. */
  schedules: Pick<ScheduleDesk, "edited">;
  log: Log;
}

/** Subscribes to the deliveries we act on. A webhook waits until what it brought is kept, never for the work it causes. */
export function connect(probot: Pick<Probot, "on">, parts: AppParts): void {
  const name = `${handled.event}.${handled.action}` as const;
  probot.on(name, ({ id, payload }) => onCommentCreated(parts, id, payload));
  probot.on("issues.edited", ({ id, payload }) => onIssueEdited(parts, id, payload));
}

/** What does not fit is logged, what does not concern us is dropped. Rejects only when the comment was not kept. */
async function onCommentCreated(
  { intake, log }: AppParts,
  delivery: string,
  payload: unknown,
): Promise<void> {
  const parsed = CommentCreated.safeParse(payload);
  if (!parsed.success) {
    const fields = parsed.error.issues.map(({ path }) => path.join("."));
    log.error({ delivery, fields }, "A comment delivery lacks what is needed and was left.");
    return;
  }
  const event = eventOf(delivery, parsed.data);
  if (event === null || !concernsUs(event)) return;
  try {
    await intake.take(event);
  } catch (error) {
    const consequence = "A comment could not be kept and was refused. It is asked for again later.";
    log.error({ delivery, err: error }, consequence);
    throw new NotKept("The comment could not be kept. Deliver again later.");
  }
}

/**
 * The webhook does not wait for what follows. An edit that is lost does no harm: what stays ticked is put back at the next
 * look at the dashboard, and nothing is done on the word of somebody who is not known any more.
 */
function onIssueEdited({ schedules, log }: AppParts, delivery: string, payload: unknown): void {
  const parsed = IssueWasEdited.safeParse(payload);
  if (!parsed.success) return;
  const { installation, repository, issue, sender } = parsed.data;
  const { id: repositoryId, name, owner } = repository;
  const ref = { installationId: installation.id, repositoryId, owner: owner.login, name };
  schedules
    .edited({ repository: ref, issue: issue.number, body: issue.body ?? "", sender })
    .catch((err: unknown) => {
      log.error(
        { delivery, err },
        "A box that was ticked could not be acted on. It is put back at the next look.",
      );
    });
}

/** Most comments end here: nobody speaks to us in them, and nothing of them is kept. */
function concernsUs({ sender, comment }: CommentEvent): boolean {
  return sender.type !== "Bot" && parseComment(comment.body).kind !== "nothing";
}

/** Answered with 503, so that GitHub notes the delivery as failed and can be asked for it again. */
class NotKept extends Error {
  override readonly name = "NotKept";
  readonly status = 503;

  /** The webhook library hangs the whole payload on an error and Probot logs what hangs on it: not on this one. */
  set event(_: unknown) {}
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
    sender: { id: sender.id, login: sender.login, type: sender.type },
    delivery,
  };
}
