// Probot in, our words out: the deliveries we act on, mapped and handed to the intake.

import type { Probot } from "probot";
import { z } from "zod";

import { type Heard, type Kind, Scene } from "./bot/heard/payload.ts";
import { pushKinds } from "./bot/heard/pushes.ts";
import { signKinds } from "./bot/heard/signs.ts";
import { wordKinds } from "./bot/heard/words.ts";
import { namesUs } from "./command/parse.ts";
import type { Heard as HeardHere } from "./deliveries/heard.ts";
import type { Intake } from "./deliveries/intake.ts";
import type { Serves } from "./deliveries/served.ts";
import { BOARD_MARKER } from "./schedules/board.ts";
import type { CommentEvent } from "./world/inbox.ts";
import type { Log } from "./world/log.ts";

type Name = keyof typeof wordKinds | keyof typeof signKinds | keyof typeof pushKinds;
const tables: readonly Readonly<Record<string, Kind>>[] = [wordKinds, signKinds, pushKinds];
const isName = (name: string): name is Name => tables.some((table) => Object.hasOwn(table, name));
const names: readonly Name[] = [...new Set(tables.flatMap(Object.keys))].filter(isName);

/** When the App comes to repositories. */
const arrivals = ["installation.created", "installation_repositories.added"] as const;

/** The deliveries we act on and ask for again, by event and action. */
export const handled: readonly { event: string; action: string }[] = [...names, ...arrivals].map(
  (name) => {
    const [event = "", action = ""] = name.split(".");
    return { event, action };
  },
);
/** What we read of an `issues.edited` delivery: nobody commands there, and people tick boxes. */
const IssueWasEdited = Scene.extend({
  issue: z.object({ number: z.int(), body: z.string().nullable() }),
  changes: z.object({ body: z.object({ from: z.string().nullable() }) }),
});

const Named = z.object({ id: z.int(), name: z.string() });
/** What we read when the App comes to repositories: at its installation, or later. */
const WasInstalled = z.object({
  installation: z.object({ id: z.int(), account: z.object({ login: z.string() }) }),
  repositories: z.array(Named).default([]),
  repositories_added: z.array(Named).default([]),
});

/** What the app hands deliveries to. */
export interface AppParts {
  intake: Pick<Intake, "take">;
  /** Told of every delivery that needs no other attempt, by its GUID. */
  heard: Pick<HeardHere, "note">;
  /** Whether the operator lets the bot serve a repository. */
  serves: Serves;
  log: Log;
}

interface Delivery {
  /** GitHub's id of it. */
  id: string;
  name: Name;
  payload: unknown;
}

/** Subscribes to the deliveries we act on. A webhook waits until what it brought is kept, never for the work it causes. */
export function connect(probot: Pick<Probot, "on">, parts: AppParts): void {
  for (const name of names) {
    probot.on(name, async ({ id, payload }) => {
      await onDelivery(parts, { id, name, payload });
      parts.heard.note(id);
    });
  }
  for (const name of arrivals) {
    probot.on(name, async ({ id, payload }) => {
      await onInstalled(parts, id, payload);
      parts.heard.note(id);
    });
  }
  probot.on("issues.edited", ({ id, payload }) => onIssueEdited(parts, id, payload));
}

/** What does not fit is logged, what does not concern us is dropped. Rejects only when something was not kept. */
async function onDelivery({ intake, serves, log }: AppParts, delivery: Delivery): Promise<void> {
  const { id, name } = delivery;
  try {
    const events = eventsIn(delivery).filter(concernsUs);
    const [first] = events;
    if (first !== undefined && !serves(first.repository)) return notServed(log, first);
    // One after the other, so that what fails keeps the delivery from being acknowledged.
    for (const event of events) await intake.take(event);
  } catch (error) {
    if (error instanceof z.ZodError) {
      const fields = error.issues.map(({ path }) => path.join("."));
      log.error({ delivery: id, name, fields }, "A delivery lacks what is needed and was left.");
      return;
    }
    const consequence =
      "A delivery could not be kept and was refused. It is asked for again later.";
    log.error({ delivery: id, name, err: error }, consequence);
    throw new NotKept("The delivery could not be kept. Deliver again later.");
  }
}

/** Kept before it is answered; what cannot be read is let pass, since everything works without it. */
async function onInstalled(
  { intake, serves, log }: AppParts,
  delivery: string,
  payload: unknown,
): Promise<void> {
  const parsed = WasInstalled.safeParse(payload);
  if (!parsed.success) return log.warn({ delivery }, "An installation could not be read.");
  const { installation, repositories, repositories_added: added } = parsed.data;
  const refs = [...repositories, ...added]
    .map(({ id: repositoryId, name }) => ({
      installationId: installation.id,
      repositoryId,
      owner: installation.account.login,
      name,
    }))
    .filter(serves);
  const [repository] = refs;
  if (repository === undefined) return;
  try {
    const key = keyOf("installed", delivery);
    const source = "arrival";
    await intake.take({ source, key, repository, repositories: refs, thread: 0, delivery });
  } catch (err) {
    log.error({ delivery, err }, "An installation could not be kept. It is asked for again later.");
    throw new NotKept("The delivery could not be kept. Deliver again later.");
  }
}

/**
 * Kept before it is answered. One that is lost all the same does no harm: what stays ticked is put back at the next look at
 * the dashboard, and nothing is done on the word of somebody who is not known any more.
 */
async function onIssueEdited(
  { intake, serves, log }: AppParts,
  delivery: string,
  payload: unknown,
): Promise<void> {
  const parsed = IssueWasEdited.safeParse(payload);
  if (!parsed.success) return;
  const { installation, repository, issue, sender, changes } = parsed.data;
  const { id: repositoryId, name, owner } = repository;
  const ref = { installationId: installation.id, repositoryId, owner: owner.login, name };
  const body = issue.body ?? "";
  // Most end here: they are no dashboard, or what we wrote ourselves.
  if (sender.type === "Bot" || !body.includes(BOARD_MARKER) || !serves(ref)) return;
  try {
    await intake.take({
      source: "issue",
      key: keyOf("edited", delivery),
      repository: ref,
      thread: issue.number,
      body,
      before: changes.body.from ?? "",
      sender: { id: sender.id, login: sender.login, type: sender.type },
      delivery,
    });
  } catch (err) {
    log.error({ delivery, err }, "An edited dashboard could not be kept. Its boxes are put back.");
    throw new NotKept("The delivery could not be kept. Deliver again later.");
  }
}

/** Of a letter that is named by its delivery alone. */
const keyOf = (what: string, delivery: string): string =>
  `${what}-${delivery.toLowerCase().replaceAll(/[^a-z\d-]/gu, "")}`.slice(0, 100);

function notServed(log: Log, { delivery, repository: { owner, name } }: CommentEvent): void {
  const why = "A delivery was left: FANFOLD_REPOSITORIES does not name its repository.";
  log.warn({ delivery, repository: `${owner}/${name}` }, why);
}

/** Most end here, and nothing of them is kept: our name is not in them. Whether it stands where it counts is read later. */
function concernsUs({ source, sender, comment }: CommentEvent): boolean {
  if (source === "pull") return true;
  if (sender.type === "Bot") return false;
  return source === "suite" || namesUs(comment.body);
}

/** Answered with 503, so that GitHub notes the delivery as failed and can be asked for it again. */
class NotKept extends Error {
  override readonly name = "NotKept";
  readonly status = 503;

  /** The webhook library hangs the whole payload on an error and Probot logs what hangs on it: not on this one. */
  set event(_: unknown) {}
}

/** A new pull request both says something and brings files. Nothing is heard from an account that is gone. */
function eventsIn({ id, name, payload }: Delivery): CommentEvent[] {
  const scene = Scene.parse(payload);
  return tables.flatMap((table) => {
    const kind = table[name];
    const heard = kind?.read(payload) ?? null;
    if (kind === undefined || heard === null || heard.author === null) return [];
    return [eventOf({ ...heard, author: heard.author }, { scene, source: kind.source, id })];
  });
}

function eventOf(
  { author, ...heard }: Heard & { author: NonNullable<Heard["author"]> },
  { scene, source, id }: Pick<Kind, "source"> & { scene: z.infer<typeof Scene>; id: string },
): CommentEvent {
  const { installation, repository, sender } = scene;
  return {
    source,
    key: heard.key,
    place: heard.place ?? null,
    repository: {
      installationId: installation.id,
      repositoryId: repository.id,
      owner: repository.owner.login,
      name: repository.name,
    },
    thread: heard.thread,
    isPullRequest: heard.isPullRequest,
    comment: {
      id: heard.id,
      body: heard.body,
      authorId: author.id,
      authorLogin: author.login,
      authorType: author.type,
      viaApp: heard.viaApp ?? false,
    },
    sender: { id: sender.id, login: sender.login, type: sender.type },
    delivery: id,
  };
}
