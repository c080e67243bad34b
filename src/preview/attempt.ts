// One run of a script against made-up answers, from start to end.

import { setImmediate as turn } from "node:timers/promises";

import { limits } from "../config/limits.ts";
import type { Json } from "../engine/json.ts";
import { ScriptError } from "../engine/errors.ts";
import { type FindWorkflow, runScript } from "../engine/run.ts";
import type { OpenSandbox } from "../engine/sandbox.ts";
import { scriptFunctions } from "../script/language.ts";
import type { Uses } from "../script/uses.ts";
import { createAnswers } from "./answers.ts";
import { createCauses } from "./causes.ts";
import { type FindChild, standInChild } from "./children.ts";
import type { Ground } from "./ground.ts";
import { standInInside } from "./stand-in/answer.ts";
import { moodOf, type Profile } from "./stand-in/mood.ts";
import { standInSteps } from "./steps.ts";
import { Tally } from "./tally.ts";

/** Why a script did not come to its end; the place is the script's own, where it is known. */
export interface PreviewError {
  name: string;
  message: string;
  line: number | null;
  column: number | null;
  help?: string;
}

/** What one run came to. */
export interface Attempt {
  tally: Tally;
  error: PreviewError | null;
  result: Json;
  /** The call after whose answer it ended. */
  lastAnswered: { key: string; question: string } | null;
}

/** What one run is given. */
export interface AttemptGiven {
  source: string;
  args: Json | undefined;
  ground: Ground;
  profile: Profile;
  seed: number;
  uses: Uses;
  /** Calls that get another answer than the first, by key. */
  variants: ReadonlyMap<string, number>;
  openSandbox: OpenSandbox;
  findChild: FindChild;
  signal?: AbortSignal;
}

const REFUSAL = "AgentLimitError";

/** Runs the script once. Whatever the script does is in what comes back; only a failure of ours rejects. */
export async function attempt(given: AttemptGiven): Promise<Attempt> {
  const { source, args, ground, profile, seed, uses, variants } = given;
  const tally = new Tally();
  const stop = new AbortController();
  const isRefusal = (name: string): boolean => {
    tally.isCut ||= name === REFUSAL;
    return name === REFUSAL;
  };
  const causes = createCauses(isRefusal, () => stop.abort());
  const note = (message: string): void => tally.note(message);
  const answers = createAnswers({
    seed,
    profile,
    uses,
    paths: ground.paths,
    roundOf: causes.roundOf,
    variants,
    note,
  });
  const end = (error: PreviewError | null, result: Json): Attempt => ({
    tally: cut(tally),
    error,
    result,
    lastAnswered: causes.lastAnswered(),
  });
  try {
    const { value } = await runScript({
      source,
      args,
      functions: scriptFunctions,
      constants: { repo: { head: ground.head, pull: ground.pull } },
      steps: standInSteps({ ground, answers, tally, reviewersMax: limits.agent.reviewersMax }),
      openSandbox: causes.watch(given.openSandbox),
      history: [],
      append: async () => {},
      emit: tally.see,
      now: () => 0,
      // Every timer is due at once, but behind the answers that are there already.
      sleep: async () => await turn(),
      findWorkflow: childOr(given, tally),
      limits: { agents: limits.run.agents, outputTokens: null },
      signal:
        given.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, given.signal]),
    });
    return end(null, value);
  } catch (error) {
    return end(tally.isCut ? null : describe(error), null);
  }
}

/** A child that is found runs as it would; for others there is what this script reads from their results. */
function childOr({ findChild, uses, seed, profile }: AttemptGiven, tally: Tally): FindWorkflow {
  return async (wanted) => {
    const found = await findChild(wanted);
    if (found !== null) return found;
    const name = "name" in wanted ? wanted.name : wanted.scriptPath;
    tally.note(
      `there is no workflow "${name}" here: it started no agents and gave a made-up result.`,
    );
    tally.isGuessed = true;
    const given = {
      seed: `${seed}\n${name}`,
      mood: moodOf(profile, 1),
      paths: [],
      words: uses.words,
    };
    return standInChild(name, standInInside(uses.children ?? { type: "object" }, given));
  };
}

function cut(tally: Tally): Tally {
  if (tally.isCut) {
    tally.note(
      `the script asked for more than ${limits.run.agents} agents, a run's ceiling, and was stopped there. In a run the next agent() throws.`,
    );
  }
  return tally;
}

function describe(error: unknown): PreviewError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), ...NOWHERE };
  if (!(error instanceof ScriptError))
    return { name: error.name, message: error.message, ...NOWHERE };
  const [, name = "Error", message = error.message] =
    /^(\w+): ([\s\S]*)$/.exec(error.message) ?? [];
  return { name, message, line: error.at?.line ?? null, column: error.at?.column ?? null };
}

const NOWHERE = { line: null, column: null };
