// Says what a script would do and cost before it does anything: runs it against made-up answers, several times.

import { resolveModel } from "../config/models.ts";
import type { Json } from "../engine/json.ts";
import type { OpenSandbox } from "../engine/sandbox.ts";
import type { Checked } from "../script/check.ts";
import { checkWithEngine } from "../script/check-patterns.ts";
import type { Meta } from "../script/meta.ts";
import { sentenceOf } from "../script/problem.ts";
import { usesOf } from "../script/uses.ts";
import type { Attempt, PreviewError } from "./attempt.ts";
import type { FindChild } from "./children.ts";
import { briefly, choose, PROFILES, run } from "./choose.ts";
import { type CostRange, costOf } from "./cost.ts";
import type { Ground } from "./ground.ts";
import type { Profile } from "./stand-in/mood.ts";
import { phasesOf, type Started } from "./tally.ts";

/** What a script would do. Without `exact`, `agents` and `phases` are at least so many: the run with the fewest. */
export interface Preview {
  ok: boolean;
  error?: PreviewError;
  meta: Meta | null;
  phases: { title: string; agents: number }[];
  agents: number;
  /** The number is the same whatever agents answer. */
  exact: boolean;
  costUsd: CostRange;
  logs: string[];
  result: Json;
}

/** The preview, and what is behind it for people to look at. */
export interface Previewed {
  preview: Preview;
  /** Of the run that is shown: the usual one. */
  shown: { phases: Preview["phases"]; agents: number; started: readonly Started[] };
}

/** What a preview needs. */
export interface PreviewGiven {
  source: string;
  /** Set when the person gave some, even if that is nothing. */
  args: { given: Json | undefined } | null;
  seed: number;
  /** Model of calls that name none. */
  model: string;
  /** Tokens that every agent's conversation begins with here, counted by the provider; left out: the usual. */
  prefixTokens?: number | null;
  openSandbox: OpenSandbox;
  /** The repository as it looks to a run, for each profile; `pull` is set for a run on a pull request. */
  groundFor: (profile: Profile, isPull: boolean) => Promise<Ground>;
  findChild: FindChild;
  /** Ends the preview with what it has seen until then. */
  signal?: AbortSignal;
}

/** Runs the script in every profile and compares. Rejects only when the preview itself fails. */
export async function previewScript(given: PreviewGiven): Promise<Previewed> {
  const checked = await checkWithEngine(given.source);
  if (!checked.ok) return refused(checked);
  const uses = usesOf(given.source);
  const chosen = await choose(given, uses);
  // At the ceiling other answers would only be as many again.
  if (chosen.attempt.error !== null || chosen.attempt.tally.isCut) {
    return summary(given, checked.meta, { shown: chosen.attempt, all: [chosen.attempt] });
  }
  const others = await Promise.all(
    PROFILES.filter((profile) => profile !== chosen.profile).map((profile) =>
      run(given, uses, { profile, situation: chosen.situation }),
    ),
  );
  for (const other of others) {
    if (other.error === null) continue;
    chosen.attempt.tally.note(`with other answers the script throws: ${briefly(other.error)}`);
  }
  return summary(given, checked.meta, { shown: chosen.attempt, all: [chosen.attempt, ...others] });
}

function summary(
  given: PreviewGiven,
  meta: Meta,
  { shown, all }: { shown: Attempt; all: readonly Attempt[] },
): Previewed {
  const titles = meta.phases.map(({ title }) => title);
  const { tally, error, result } = shown;
  const ended = all.filter((one) => one.error === null);
  const fewest = ended.reduce(
    (few, one) => (one.tally.agents() < few.tally.agents() ? one : few),
    shown,
  ).tally;
  const costs = ended.map((one) => costOf(priced(given, one), given.prefixTokens));
  for (const name of new Set(costs.flatMap(({ unpriced }) => unpriced))) {
    tally.note(
      `no list price is known for the model ${name}: it is counted at the dearest one that is.`,
    );
  }
  const preview: Preview = {
    ok: error === null,
    ...(error === null ? {} : { error }),
    meta,
    phases: phasesOf(titles, fewest.started),
    agents: fewest.agents(),
    exact: isExact(titles, all),
    costUsd: {
      low: costs.length === 0 ? 0 : Math.min(...costs.map(({ costUsd }) => costUsd.low)),
      high: Math.max(...costs.map(({ costUsd }) => costUsd.high), 0),
    },
    logs: tally.logs,
    result,
  };
  const { started } = tally;
  return {
    preview,
    shown: { phases: phasesOf(titles, started), agents: tally.agents(), started },
  };
}

/** Every run came to its own end, with the same agents in the same phases. */
function isExact(titles: readonly string[], all: readonly Attempt[]): boolean {
  if (all.some(({ error, tally }) => error !== null || tally.isCut || tally.isGuessed))
    return false;
  return (
    new Set(all.map(({ tally }) => JSON.stringify(phasesOf(titles, tally.started)))).size === 1
  );
}

function priced({ model }: PreviewGiven, { tally }: Attempt) {
  return tally.started.map((call) => ({ ...call, model: resolveModel(call.model ?? model).id }));
}

function refused(checked: Extract<Checked, { ok: false }>): Previewed {
  const [first] = checked.problems;
  const where = { line: first?.line ?? null, column: first?.column ?? null };
  const message = first === undefined ? "It does not pass the check." : sentenceOf(first);
  const preview: Preview = {
    ok: false,
    error: { name: "SyntaxError", message, ...where },
    meta: checked.meta,
    phases: [],
    agents: 0,
    exact: false,
    costUsd: { low: 0, high: 0 },
    logs: [],
    result: null,
  };
  return { preview, shown: { phases: [], agents: 0, started: [] } };
}
