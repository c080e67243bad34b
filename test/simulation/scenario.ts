// What happens in a world: a repository with a workflow, people who ask for it and meddle, machines that come and go.

import { draw, drawInt, pick } from "./core/draw.ts";
import { composed, shapes } from "./shapes.ts";

/** Somebody does something at a moment, in milliseconds from the start. */
export type Deed = { at: number } & (
  | { kind: "says"; by: string; body: string }
  | { kind: "answers"; word: "approve" | "reject" }
  /** Raises the cap in money once a run rests at it. */
  | { kind: "raises"; byUsd: number }
  | { kind: "pushes"; files: Readonly<Record<string, string>> }
  /** Closes one of our pull requests, or deletes one of our branches, by its place among them. */
  | { kind: "closes" | "deletes"; which: number }
  /** Deletes the checkpoint of a run, by its place among them; in no drawn world: docs/reliability.md says what is open. */
  | { kind: "erases"; which: number }
  /** Deletes a comment of ours, by its place among them, or the command itself. */
  | { kind: "deletes-ours" | "deletes-command"; which: number }
  /** The repository has another name from now on. */
  | { kind: "renames"; to: string }
  /** Whoever asked may do so no more. */
  | { kind: "revokes"; from: string }
);

/**
 * What worlds are drawn from: the first are those of before scripts were composed, and before people deleted comments, took
 * rights away or renamed repositories. Worlds that once broke are played as they were.
 */
export type Edition = 1 | 2;
/** Of worlds of which nothing else is said. */
export const NEWEST: Edition = 2;

export interface Scenario {
  name: string;
  script: string;
  args: string;
  deeds: readonly Deed[];
  /** Of its reviews. */
  lenses: readonly string[];
  /** In US dollars, that the run is asked for with; null: none that is ever met. */
  capUsd: number | null;
  /** Somebody meddled: what comes of it depends on when. */
  isOpenEnded: boolean;
}

const MINUTE_MS = 60_000;

/** Of all worlds: in theirs a script is composed of stages. */
const COMPOSED = 0.35;

/** A world drawn from its seed. */
export function drawScenario(seed: number, edition: Edition = NEWEST): Scenario {
  const isComposed = edition > 1 && draw(seed, "composed") < COMPOSED;
  const shape = isComposed ? composed(seed) : pick(seed, "shape", shapes);
  const parts = drawInt(seed, "parts", [1, 6]);
  const deeds: Deed[] = [{ at: 0, kind: "says", by: "ada", body: commandFor(parts) }];
  if (shape.asks) {
    const at = drawInt(seed, "answer", [1, 20]) * MINUTE_MS;
    deeds.push({ at, kind: "answers", word: draw(seed, "word") < 0.8 ? "approve" : "reject" });
  }
  const meddling = draw(seed, "meddling");
  const at = drawInt(seed, "meddling at", [20, 400]) * 1_000;
  const isCancelled = meddling < 0.1;
  if (isCancelled) deeds.push({ at, kind: "says", by: "ada", body: "/workflow cancel" });
  else if (meddling < 0.25)
    deeds.push({ at, kind: "pushes", files: { "README.md": "They went on.\n" } });
  else if (meddling < 0.4)
    deeds.push({
      at,
      kind: meddling < 0.33 ? "closes" : "deletes",
      which: drawInt(seed, "which", [0, 99]),
    });
  if (edition > 1) deeds.push(...unfitting(seed));
  return {
    name: shape.name,
    script: shape.script(seed),
    args: commandFor(parts),
    deeds,
    lenses: shape.lenses,
    capUsd: null,
    isOpenEnded: deeds.some(({ kind, at: when }) => !CHANGES_NOTHING.has(kind) && when > 0),
  };
}

/** What comes of a run does not depend on these. */
const CHANGES_NOTHING: ReadonlySet<Deed["kind"]> = new Set([
  "answers",
  "deletes-ours",
  "deletes-command",
  "renames",
]);

/** What people do that has nothing to do with the work. */
function unfitting(seed: number): Deed[] {
  const kind = draw(seed, "unfitting");
  const at = drawInt(seed, "unfitting at", [5, 400]) * 1_000;
  const which = drawInt(seed, "unfitting which", [0, 99]);
  if (kind < 0.05) return [{ at, kind: "deletes-ours", which }];
  if (kind < 0.08) return [{ at, kind: "deletes-command", which }];
  if (kind < 0.13) return [{ at, kind: "renames", to: "pages" }];
  return kind < 0.16 ? [{ at, kind: "revokes", from: "ada" }] : [];
}

/** Of all worlds: in theirs turns have a price, and the run a cap that it may meet. */
const MONEY = 0.12;
const RAISED = 0.6;
const CAP_CENTS = [5, 200] as const;

/** Of worlds with money: in theirs a day has a cap as well. */
const DAY = 0.4;
const DAY_CENTS = [40, 300] as const;

/** In US dollars, what a process may spend a day in a world with money; null in most of them. */
export const dayCapOf = (seed: number): number | null =>
  draw(seed, "day") < DAY ? drawInt(seed, "day cap", DAY_CENTS) / 100 : null;

/** The cap of a world; null in most of them. */
export const capOf = (seed: number): number | null =>
  draw(seed, "purse") < MONEY ? drawInt(seed, "cap", CAP_CENTS) / 100 : null;

/** The same world under a cap, which somebody may raise. What comes of it depends on what was lost on the way. */
export function withCap(scenario: Scenario, seed: number, capUsd: number | null): Scenario {
  if (capUsd === null) return scenario;
  const [first, ...others] = scenario.deeds;
  if (first?.kind !== "says") return scenario;
  const asked = { ...first, body: `${first.body} --budget $${capUsd.toFixed(2)}` };
  const at = drawInt(seed, "raised", [1, 20]) * MINUTE_MS;
  const raise: Deed[] = draw(seed, "raises") < RAISED ? [{ at, kind: "raises", byUsd: 20 }] : [];
  return { ...scenario, deeds: [asked, ...others, ...raise], capUsd, isOpenEnded: true };
}

const commandFor = (parts: number): string => `/workflow sim {"parts": ${parts}}`;
