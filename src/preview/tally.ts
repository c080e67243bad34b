// What one run of a preview did: agents by phase, lines for people.

import type { Call } from "../engine/call.ts";
import type { RunEvent } from "../engine/events.ts";
import type { Kind } from "./cost.ts";

/** One call that starts agents. */
export interface Started {
  step: string;
  label: string;
  phase: string;
  agents: number;
  kind: Kind;
  model: string | null;
  effort: string | null;
}

/** Where calls outside of any phase are shown, as in a run. */
const NO_PHASE = "Run";
const MOST_LOGS = 1_000;

/** Collects during one run. */
export class Tally {
  readonly started: Started[] = [];
  readonly logs: string[] = [];
  /** The run went on without the answers it would have needed: at the ceiling of agents. */
  isCut = false;
  askedDiff = false;
  /** Something whose agents nobody can know took part: a workflow that is not here. */
  isGuessed = false;
  readonly #notes = new Set<string>();

  /** `model` and `effort` are those of the agent's type, for calls that name none. */
  count(
    call: Call,
    { agents, kind, ...type }: Pick<Started, "agents" | "kind" | "model" | "effort">,
  ): void {
    const { model = type.model, effort = type.effort } = call.input;
    this.started.push({
      step: call.step,
      label: call.label ?? call.step,
      phase: call.phase ?? NO_PHASE,
      agents,
      kind,
      model: typeof model === "string" ? model : null,
      effort: typeof effort === "string" ? effort : null,
    });
  }

  /** Something about the preview itself; each is said once. */
  note(message: string): void {
    if (this.#notes.has(message)) return;
    this.#notes.add(message);
    this.#log(`preview: ${message}`);
  }

  /** Hears the engine's events. */
  readonly see = (event: RunEvent): void => {
    if (event.kind === "logged") this.#log(event.message);
  };

  /** Agents of all calls. */
  agents(): number {
    return this.started.reduce((sum, { agents }) => sum + agents, 0);
  }

  #log(line: string): void {
    this.logs.push(line);
    if (this.logs.length > MOST_LOGS) this.logs.shift();
  }
}

/** Agents by phase: the declared ones first, in their order, then others as they were met. */
export function phasesOf(
  declared: readonly string[],
  started: readonly Started[],
): { title: string; agents: number }[] {
  const counts = new Map(declared.map((title) => [title, 0]));
  for (const { phase, agents } of started) counts.set(phase, (counts.get(phase) ?? 0) + agents);
  return [...counts].map(([title, agents]) => ({ title, agents }));
}
