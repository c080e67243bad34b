// What the audit log says of runs: which began, which plans were shown or are void, and who decided what.

import { type Audited, type Cause, causeNow } from "../world/audit-log.ts";
import type { House } from "./house.ts";
import type { RunRecord } from "./record.ts";

type NotedOf = Pick<House, "world">;

/** Noted under the run, on behalf of whoever is the cause of it. */
async function note(
  { world }: NotedOf,
  { repository }: Pick<RunRecord, "repository">,
  row: Omit<Audited, "repository">,
): Promise<void> {
  await world.auditLog.note([{ repository: repository.repositoryId, ...row }]);
}

/** The run joins the delivery that asked for it to everything that is done for it later. */
export const noteBegun = (house: NotedOf, record: RunRecord): Promise<void> =>
  note(house, record, { kind: "run", what: "begun", target: record.id, hash: null });

export const notePlan = (house: NotedOf, record: RunRecord, hash: string): Promise<void> =>
  note(house, record, { kind: "plan", what: "shown", target: record.id, hash });

export const noteVoid = (house: NotedOf, record: RunRecord, hash: string): Promise<void> =>
  note(house, record, { kind: "void", what: "changed", target: record.id, hash });

/** A word on a plan or a question; `id` is the plan's short hash or the question's id. */
export const noteDecision = (
  house: NotedOf,
  record: RunRecord,
  { id, approved }: { id: string; approved: boolean },
): Promise<void> =>
  note(house, record, {
    kind: "decision",
    what: approved ? "approved" : "rejected",
    target: record.id,
    hash: id,
  });

/** Of everything that is done for a run. Words of people that reach it while it is driven have causes of their own. */
export const causeOf = ({ id, requester, delivery }: RunRecord): Cause => ({
  delivery,
  actor: requester.id,
  run: id,
});

/** The delivery that asks for a run now. */
export const deliveryNow = (): string | null => causeNow().delivery;
