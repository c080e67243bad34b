// A check run, or all of a suite, is asked for again: which runs stand behind it, and which command that is for each.

import type { CommentEvent } from "../world/inbox.ts";
import { again, runBehind } from "./heard/signs.ts";
import type { Parts } from "./talk.ts";

const RETRY = /^\/workflow retry (wf-[0-9a-v]+)$/u;

/** A run that rests goes on; one that ended is run again. */
export async function commandOfRerun(
  { runs }: Parts,
  { repository, comment }: CommentEvent,
): Promise<string> {
  const [, id] = RETRY.exec(comment.body) ?? [];
  const known = (await runs.list(repository)).find(({ run }) => run === id);
  return known?.state === "paused" ? `/workflow resume ${id}` : comment.body;
}

/** Each run that has a check in the suite, as if its check alone had been asked for again. */
export async function checksOfSuite(
  { world }: Parts,
  event: CommentEvent,
): Promise<CommentEvent[]> {
  const forge = await world.openForge(event.repository);
  const checks = await forge.ourChecks(event.comment.body);
  const events = new Map<string, CommentEvent>();
  for (const check of checks) {
    const run = runBehind(check.externalId);
    if (run === null || events.has(run.id)) continue;
    const wish = { run: run.id, by: event.sender.id };
    const { id, body, key } = again({ id: check.id, completed_at: check.completedAt }, wish);
    const comment = { ...event.comment, id, body };
    events.set(run.id, { ...event, ...run.place, source: "rerun", key, comment });
  }
  return [...events.values()];
}
