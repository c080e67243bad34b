// The checkpoints of a world, opened at every move: one driver after the other, one history that only grows.

import type { Entry } from "../../src/engine/journal.ts";
import type { Oid } from "../../src/repo/git-data.ts";
import { parseJournal } from "../../src/runs/journal-file.ts";
import type { Lease } from "../../src/runs/lease.ts";
import { leaseIn } from "../../src/runs/manifest.ts";
import { isEnded, RunRecord } from "../../src/runs/record.ts";
import { openSeal } from "../../src/runs/seal.ts";
import type { Hub, Move } from "./git/hub.ts";

/** A run as its checkpoint tells it. */
export interface Chain {
  record: RunRecord;
  script: string | null;
  entries: Entry[];
  /** Blobs of journal segments by path. */
  segments: Map<string, Oid>;
  epoch: number;
  /** The process that its driver's word names. */
  driver: string;
  /** The newest epoch of each process of the simulation. */
  epochs: Map<string, number>;
  lease: Lease | null;
  movedAt: number;
}

interface ChainsWorld {
  hub: Hub;
  secret: string;
  now: () => number;
  violate: (invariant: string, what: string) => void;
}

/** Refs of a run other than its checkpoint, and what machines tell each other: those are for its driver alone. */
const WORK = /^refs\/(?:heads\/fanfold\/([^/]+)\/|fanfold\/runs\/([^/]+)\/(?:(?:w|kept)\/|line$))/u;
const STATE = /^refs\/fanfold\/runs\/([^/]+)\/state$/u;

/** The run whose checkpoint a ref is; null for any other ref. */
export const runOfState = (ref: string): string | null => STATE.exec(ref)?.[1] ?? null;

export class Chains {
  readonly runs = new Map<string, Chain>();
  takeOvers = 0;
  /** Every run at every move of its checkpoint. */
  readonly moments: Chain[] = [];
  /** Runs whose checkpoints people deleted. */
  private readonly erased = new Set<string>();
  private readonly world: ChainsWorld;

  constructor(world: ChainsWorld) {
    this.world = world;
  }

  onMove({ ref, from, to, by }: Move): void {
    this.judgeWork(ref, by);
    const run = runOfState(ref);
    if (run === null) return;
    if (to === null) return this.onGone(run, by);
    const { hub, violate } = this.world;
    if (from !== null && !hub.objects.commit(to).parents.includes(from))
      violate("a checkpoint moves only to a child of its head", `${ref}: ${from} to ${to}`);
    // Whoever writes it anew begins another history: there is nothing that the old one could be read from.
    const known = this.erased.delete(run) ? undefined : this.runs.get(run);
    const chain = this.read(run, to, known);
    this.runs.set(run, chain);
    this.moments.push(chain);
    if (by !== null) chain.epochs.set(by, chain.epoch);
    if (known !== undefined) this.compare(run, known, chain);
  }

  /** People may delete what they like; we clear away what has ended and was told, long afterwards. */
  private onGone(run: string, by: string | null): void {
    const record = this.runs.get(run)?.record;
    if (by === null) this.erased.add(run);
    else if (record === undefined || !isEnded(record.status) || !record.endTold)
      this.world.violate("a checkpoint outlives its run", `${run} by ${by}`);
  }

  private judgeWork(ref: string, by: string | null): void {
    const [, branchOf, hiddenOf] = WORK.exec(ref) ?? [];
    const worked = this.runs.get(branchOf ?? hiddenOf ?? "");
    if (worked !== undefined && by !== null && isFenced(worked, by))
      this.world.violate("a driver that lost its run moves no ref", `${ref} by ${by}`);
  }

  private read(run: string, commit: Oid, known: Chain | undefined): Chain {
    const { hub, secret } = this.world;
    const tree = hub.objects.treeOf(commit);
    const bytesAt = (path: string): Buffer => hub.objects.blob(tree.get(path)?.blob ?? "");
    const seal = openSeal(secret, run);
    const lease = leaseIn(seal, bytesAt("manifest"));
    const segments = new Map(
      [...tree].flatMap(([path, { blob }]) => (path.startsWith("journal/") ? [[path, blob]] : [])),
    );
    const fresh = [...segments.keys()].filter((path) => known?.segments.has(path) !== true);
    const entries = fresh
      .toSorted()
      .flatMap((path) => parseJournal(Buffer.from(seal.open(path, bytesAt(path)))));
    const script = tree.get("script.js");
    return {
      script: script === undefined ? null : hub.objects.text(script.blob),
      record: RunRecord.parse(JSON.parse(bytesAt("run.json").toString("utf8"))),
      entries: [...(known?.entries ?? []), ...entries],
      segments,
      epoch: lease?.epoch ?? 0,
      driver: lease?.process ?? "",
      epochs: new Map(known?.epochs),
      lease,
      movedAt: this.world.now(),
    };
  }

  private compare(run: string, before: Chain, after: Chain): void {
    const { violate } = this.world;
    const isSame = after.epoch === before.epoch && after.driver === before.driver;
    if (!isSame && after.epoch !== before.epoch + 1)
      violate("epochs rise, each with one driver", `${run}: ${before.epoch} to ${after.epoch}`);
    if (!isSame && before.lease?.isReleased === false && after.driver !== before.driver)
      this.onTakeOver(run, before, after);
    this.compareHistory(run, before, after);
  }

  private compareHistory(run: string, before: Chain, after: Chain): void {
    const { violate } = this.world;
    for (const [path, blob] of before.segments)
      if (after.segments.get(path) !== blob) violate("a journal only grows", `${run}: ${path}`);
    const ended = after.entries.flatMap((each) => (each.kind === "call-ended" ? [each.key] : []));
    if (new Set(ended).size < ended.length) {
      const twice = ended.filter((key, index) => ended.indexOf(key) !== index);
      violate("every call ends once", `${run}: ${twice.join(", ")}`);
    }
    if (isEnded(before.record.status) && after.record.status !== before.record.status)
      violate("an end is an end", `${run}: ${before.record.status} to ${after.record.status}`);
  }

  private onTakeOver(run: string, { lease, movedAt }: Chain, { lease: next }: Chain): void {
    this.takeOvers += 1;
    if (lease === null || lease.owner === next?.owner) return;
    const afterMs = this.world.now() - movedAt;
    if (afterMs < lease.ttlMs)
      this.world.violate(
        "nobody takes a run whose lease is not over",
        `${run} after ${afterMs} ms`,
      );
  }
}

/** Another process has driven the run since this one did. */
export function isFenced({ epochs, epoch }: Chain, process: string): boolean {
  const own = epochs.get(process);
  return own !== undefined && own < epoch;
}
