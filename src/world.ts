// Every port in one place: all that Fanfold knows of the outside.

import type { Model } from "./agent/model.ts";
import type { GitRemote } from "./repo/remote.ts";
import type { AuditLog } from "./world/audit-log.ts";
import type { Clock } from "./world/clock.ts";
import type { Disk } from "./world/disk.ts";
import type { Deliveries } from "./world/deliveries.ts";
import type { OpenForge, RepositoryRef } from "./world/forge.ts";
import type { Fleet } from "./world/fleet.ts";
import type { Inbox } from "./world/inbox.ts";
import type { Log } from "./world/log.ts";
import type { CheckModel } from "./world/model-check.ts";
import type { Queue } from "./world/queue.ts";
import type { Registration } from "./world/registration.ts";
import type { Telemetry } from "./world/telemetry.ts";

export interface World {
  clock: Clock;
  log: Log;
  /** Who did what to what, for whoever has to account for it. */
  auditLog: AuditLog;
  telemetry: Telemetry;
  /** Chance, from 0 up to 1: for waits that must not fall together. */
  random: () => number;
  disk: Disk;
  model: Model;
  checkModel: CheckModel;
  queue: Queue;
  /** What this process shares with others of the same bot; null when there are none. */
  fleet: Fleet | null;
  inbox: Inbox;
  deliveries: Deliveries;
  registration: Registration;
  openForge: OpenForge;
  /** Every repository of every installation, for finding runs that another machine left behind. */
  repositories: () => AsyncIterable<RepositoryRef>;
  openRemote: (ref: RepositoryRef) => Promise<GitRemote>;
}
