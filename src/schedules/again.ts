// A person's word that is heard again, or said anew since it failed: it is one run, however often it is asked for.

import type { Ground } from "./ground.ts";
import type { Candidate, Cause } from "./guards.ts";
import { ensureIssue } from "./issue.ts";
import type { Kit } from "./kit.ts";
import { beginAnew, type Started } from "./start.ts";

interface Asked {
  ground: Ground;
  candidate: Candidate;
  cause: Extract<Cause, { kind: "person" }>;
}

/** What came of the word; null for one that nothing came of so far. */
export async function startedBefore(kit: Kit, asked: Asked): Promise<Started | null> {
  const { ground, candidate, cause } = asked;
  const { current, told, said } = candidate.state;
  const run = said.find(({ word }) => word === cause.word)?.run ?? null;
  if (current !== null && (run === current.run || isSaidAnew(asked))) {
    const outcome = await kit.desk.outcome(ground.ref, current.run);
    if (outcome === null) {
      return await beginAnew(kit, ground, { schedule: candidate.schedule, current });
    }
  }
  if (run === null || (run !== current?.run && !told.includes(run))) return null;
  return { kind: "started", run, issue: await ensureIssue(kit, ground, candidate.schedule.name) };
}

/** Whoever was told that it failed says it anew. */
function isSaidAnew({ candidate: { state }, cause: { by } }: Asked): boolean {
  const { current, said } = state;
  return current?.requester.id === by.id && said.some(({ run }) => run === current.run);
}
