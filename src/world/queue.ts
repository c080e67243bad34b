// The port that wakes runs. Git is the truth: the queue may be wiped and rebuilt at any moment.

import type { RepositoryRef } from "./forge.ts";

/** Which run to drive. Nothing else travels: what the run is stands in its repository, and no secret is needed to find it. */
export interface Wake {
  run: string;
  repository: RepositoryRef;
}

/** Who waits for it: a person who just spoke, a person who asked for a run, or nobody. */
export const urgencies = ["word", "asked", "scheduled"] as const;
export type Urgency = (typeof urgencies)[number];

export interface WakeOptions {
  /** Milliseconds until it may be driven; 0 unless told. */
  delayMs?: number;
  /** `asked` unless told. */
  urgency?: Urgency;
}

/** What a driver knows of its hold on a run. */
export interface Hold {
  /** Aborted when the process stops, or when the run is another one's by now. */
  signal: AbortSignal;
  /** Resolves when nobody else can have been handed the run for as long as a request takes to leave; rejects when somebody may. */
  mayAct(): Promise<void>;
  /**
   * True when nobody else is handed the run before this hold is over or lost, on whichever machine: whoever held it before
   * acts no more. False for a queue that other processes do not see.
   */
  isExclusive: boolean;
  /** When it was handed out, by this machine's monotonic clock. */
  since: number;
}

/**
 * Drives one run until it ends or must wait. Resolves to the milliseconds after which it is to be driven again by itself, or
 * to null: only when somebody adds it. A rejection counts as null.
 */
export type DriveRun = (wake: Wake, hold: Hold) => Promise<number | null>;

/** How many runs are driven at once. */
export interface QueueLimits {
  /** By this process. */
  atOnce: number;
  /** Beside these: so many more of installations of which nothing is driven, so that nobody keeps all places from others. */
  guests: number;
  /** Of one repository, by all processes. */
  perRepository: number;
  /** Of one installation, by all processes. */
  perInstallation: number;
}

/** Runs in the queue, over all processes. */
export interface Depth {
  /** Those that could be driven if there were a place. */
  waiting: number;
  sleeping: number;
  driven: number;
}

/** A run in the queue: at work, free to be handed out as soon as there is a place, or asleep until its moment. */
export interface QueueEntry extends Wake {
  state: "driven" | "waiting" | "sleeping";
}

export interface Queue {
  /** How many runs it hands out at once. */
  readonly limits: QueueLimits;
  /** Starts handing out runs. Throws when it was started before. */
  start(drive: DriveRun): void;
  /**
   * Once by run id: a run that waits is not added again, and one that sleeps is woken when the new moment is earlier. Of one
   * that is being driven nothing changes: its driver looks for words before it lets go. Kept when it resolves.
   */
  add(wake: Wake, options?: WakeOptions): Promise<void>;
  /** Every run that waits, sleeps or is driven, in whichever process; those that wait in the order of their turns. */
  entries(): Promise<QueueEntry[]>;
  /** Cheap, however many there are. Rejects when the queue cannot be reached. */
  depth(): Promise<Depth>;
  /** Forgets a run that waits or sleeps; one that is being driven stays. */
  drop(run: string): Promise<void>;
  /** This process takes no more until `resume`; what it drives goes on. */
  pause(): void;
  resume(): void;
  /** Takes no more, aborts what is under way, resolves when it stopped or `deadlineMs` passed. Others may take it at once. */
  close(deadlineMs: number): Promise<void>;
}
