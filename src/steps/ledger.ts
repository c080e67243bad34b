// The run's shared state: its trunk and its changes, moved only in journal order.

import type { Oid } from "../repo/git-data.ts";
import type { ChangeRecord, Fold, StepRecord } from "./records.ts";

export type Verdict = "accepted" | "rejected" | "unverified";

/** A change and what is known of it now. */
export interface ChangeState extends ChangeRecord {
  /** The newest verdict, about exactly this head; a revision makes an older one worthless. */
  verdict: { head: Oid; verdict: Verdict } | null;
  folded: boolean;
  /** The head that is in the trunk; an older one than `head` when a revision came after the fold. */
  foldedHead: Oid | null;
  /** The head that is proposed by itself, in a pull request of its own: it is in no trunk. */
  proposedHead: Oid | null;
}

/** What it holds is on its way to people, in the run's own pull request or in one of its own. */
export const isDelivered = (change: ChangeState): boolean =>
  change.proposedHead === change.head || (change.folded && !isBehind(change));

/** A revision of it was made after it was folded in: the trunk holds the older version. */
export const isBehind = ({ folded, foldedHead, head }: ChangeState): boolean =>
  folded && foldedHead !== head;

/** A change as it is when it was just made. */
export const freshChange = (change: ChangeRecord): ChangeState => ({
  ...change,
  verdict: null,
  folded: false,
  foldedHead: null,
  proposedHead: null,
});

/** Trunk and changes of one run; a pure fold of the journal's records. */
export interface Ledger {
  readonly base: Oid;
  trunk: Oid;
  readonly changes: Map<string, ChangeState>;
  readonly folds: Fold[];
}

/** The state before anything happened: the trunk is the pinned base. */
export function openLedger(base: Oid): Ledger {
  return { base, trunk: base, changes: new Map(), folds: [] };
}

/** Applies one record, in journal order, live and on resume alike. */
export function applyRecord(ledger: Ledger, record: StepRecord): void {
  switch (record.kind) {
    case "changed":
      ledger.changes.set(record.change.id, freshChange(record.change));
      if (record.fold !== null) applyFold(ledger, record.fold);
      return;
    case "revised": {
      const { folded = false, foldedHead = null } = ledger.changes.get(record.change.id) ?? {};
      ledger.changes.set(record.change.id, { ...freshChange(record.change), folded, foldedHead });
      return;
    }
    case "reviewed": {
      const change = ledger.changes.get(record.change);
      if (change !== undefined) change.verdict = judged(change, record);
      return;
    }
    case "combined":
      for (const fold of record.folds) applyFold(ledger, fold);
      return;
    case "checked": {
      const change = ledger.changes.get(record.change);
      if (change?.head === record.from) moveHead(change, record.head);
      return;
    }
    case "proposed":
      for (const { change: id, head } of record.shards) {
        const change = ledger.changes.get(id);
        if (change !== undefined) change.proposedHead = head;
      }
      return;
    case "answered":
    case "unchanged":
    case "verified":
    case "decided":
    case "listed":
    case "reported":
      return;
  }
}

/** To a commit of the same files: what was said of the old one holds for it. */
function moveHead(change: ChangeState, head: Oid): void {
  if (change.verdict?.head === change.head) change.verdict = { ...change.verdict, head };
  if (change.foldedHead === change.head) change.foldedHead = head;
  if (change.proposedHead === change.head) change.proposedHead = head;
  change.head = head;
}

/** A rejection of a head stands until a revision makes a new one, whoever else looks at it and in whatever order. */
function judged(
  { verdict: before }: ChangeState,
  { head, verdict }: { head: Oid; verdict: Verdict },
): ChangeState["verdict"] {
  const isStanding = before?.head === head && before.verdict === "rejected";
  return isStanding ? before : { head, verdict };
}

/** The verdict that counts for a change: about its present head, or `unverified`. */
export function verdictOf(change: ChangeState): Verdict {
  return change.verdict?.head === change.head ? change.verdict.verdict : "unverified";
}

function applyFold(ledger: Ledger, fold: Fold): void {
  ledger.trunk = fold.commit;
  ledger.folds.push(fold);
  const change = ledger.changes.get(fold.change);
  if (change === undefined) return;
  change.folded = true;
  change.foldedHead = fold.head;
}
