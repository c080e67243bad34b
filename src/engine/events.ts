// The one stream every watcher reads: progress comment, terminal, dashboard.

import type { Usage } from "./call.ts";

/** Something that happened in a run, for watchers only: nothing depends on an event being seen. */
export type RunEvent =
  | { kind: "phase-started"; title: string }
  | { kind: "logged"; message: string }
  /** Something outside holds the run up, in a sentence with the time of the next try; null: it moves again. */
  | { kind: "held-up"; reason: string | null }
  | {
      kind: "call-started";
      key: string;
      step: string;
      label: string | null;
      phase: string | null;
      replayed: boolean;
    }
  | {
      kind: "call-ended";
      key: string;
      ok: boolean;
      error: string | null;
      usage: Usage | null;
      replayed: boolean;
    }
  | { kind: "agent-started"; key: string; agent: string; role: string; label: string }
  | { kind: "agent-turned"; key: string; agent: string; turns: number; usage: Usage }
  | {
      kind: "agent-ended";
      key: string;
      agent: string;
      ok: boolean;
      reason: string | null;
      usage: Usage;
    };

/** Receives events; must not throw. */
export type Emit = (event: RunEvent) => void;
