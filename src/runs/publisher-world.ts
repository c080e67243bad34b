// What a publisher works with: the run it reads, the remote it writes to, and what it knows of that.

import type { Entry } from "../engine/journal.ts";
import type { Mirror } from "../repo/contract.ts";
import type { Oid } from "../repo/git-data.ts";
import type { Clock } from "../world/clock.ts";
import type { Effects } from "./effects.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { KeptAgents } from "./kept-agents.ts";
import type { Holder, Lease } from "./lease.ts";
import type { Pacer } from "./pacer.ts";
import type { OnWait } from "./patience.ts";
import type { PushPolicy } from "./push-in-groups.ts";
import type { RunRecord } from "./record.ts";
import type { Seal } from "./seal.ts";
import type { Transcripts } from "./transcripts.ts";

/** The run as its driver holds it; the publisher only reads. */
export interface RunSource {
  record: () => RunRecord;
  script: () => string | null;
  entries: () => readonly Entry[];
  folder: { transcripts: Pick<Transcripts, "underWay" | "linesOf"> };
}

export interface PublisherWorld {
  mirror: Mirror;
  seal: Seal;
  clock: Clock;
  pacer: Pacer;
  /** Shared by the runs of a repository. */
  policy: PushPolicy;
  effects: Effects;
  source: RunSource;
  /** As whom this process drives runs. */
  holder: Holder;
  /** What the remote holds already, when a run is taken up again. */
  known: PushedState;
  onWait: OnWait;
  /** A branch of ours that somebody deleted or moved is left alone from then on. */
  onLeftAlone: (ref: string) => void;
}

/** What is on the remote, as far as this process knows. */
export interface PushedState {
  refs: Map<string, Oid>;
  state: Oid | null;
  segments: number;
  /** Of all of them together. */
  journalDigest: string;
  entries: number;
  agents: KeptAgents;
  record: RunRecord | null;
  script: string | null;
  lease: Lease | null;
  /** What an older key sealed there, sealed with the newest one: it goes along with the next push. */
  anew: Checkpoint["anew"];
  /** Branches of ours that are not where our last push left them: a person's wish, respected. */
  leftAlone: ReadonlySet<string>;
  /** Heads of changes that are nowhere any more: their branches were deleted, and the host forgot them. */
  gone: ReadonlySet<Oid>;
}
