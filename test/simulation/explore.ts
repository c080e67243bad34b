// Ways through the worlds: many seeds, every single crash, and the smallest plan that still fails.

import { pick } from "./core/draw.ts";
import type { Fault } from "./core/fault.ts";
import type { Plan } from "./core/seam.ts";
import { opinionsOf } from "./model.ts";
import {
  FAULTS_UNTIL,
  natureOf,
  type Outcome,
  play,
  scenarioOf,
  type WorldOptions,
} from "./world.ts";

export const hasFailed = ({ violations }: Outcome): boolean => violations.length > 0;

/** What people are left with by worlds without faults, by everything that it can follow from. */
const calmOnes = new Map<string, string>();

/**
 * Plays a world and, where nobody meddled and no answer of a model was lost, holds what people are left with against the
 * same world without faults.
 */
export async function playAndCompare(options: WorldOptions): Promise<Outcome> {
  const outcome = await play(options);
  const scenario = scenarioOf(options);
  const { isOpenEnded } = scenario;
  const isOfModel = [...outcome.plan.keys()].some((operation) => operation.includes(" model."));
  // What GitHub forbids is not asked for again, and people are told.
  const isForbidden = [...outcome.plan.values()].some(({ kind }) => kind === "forbidden");
  // A run whose drivers all die is given up, and says so.
  const isGivenUp = outcome.said.some((body) => body.includes("times in a row"));
  const { runs } = outcome.left;
  // A person's word that was lost with a machine's disk: the run says that it waits for it (docs/reliability.md).
  const isWaiting = runs.includes("waiting");
  if (
    outcome.plan.size === 0 ||
    isOpenEnded ||
    isOfModel ||
    isForbidden ||
    isGivenUp ||
    isWaiting ||
    runs.length === 0
  )
    return outcome;
  const left = JSON.stringify(outcome.left);
  const about = JSON.stringify([scenario, opinionsOf(options.seed), natureOf(options)]);
  if (calmOnes.get(about) === left) return outcome;
  // Its own one decides: what another seed was left with only spares the time.
  const wanted = JSON.stringify((await play({ ...options, isCalm: true })).left);
  calmOnes.set(about, wanted);
  if (left !== wanted)
    outcome.violations.push({
      invariant: "faults change nothing of what people get",
      at: outcome.virtualMs,
      what: `${left} instead of ${wanted}`,
    });
  return outcome;
}

/** Worlds in which nobody meddles, one for each kind of script, and two with stages of several kinds. */
export const references = [17, 43, 3, 2, 202, 210] as const;

/**
 * The operations of a process while there are faults, in their order; of the first one in a world in which nothing goes wrong
 * unless told otherwise.
 */
export async function operationsOf(options: WorldOptions, process = "p1"): Promise<string[]> {
  const operations: string[] = [];
  const pattern = new RegExp(`^(\\d+) (${process} \\w+\\.\\w+ #\\d+)$`, "u");
  const onTrace = (line: string): void => {
    const [, at, operation] = pattern.exec(line) ?? [];
    if (operation !== undefined && Number(at) < FAULTS_UNTIL) operations.push(operation);
  };
  await play({ isCalm: options.plan === undefined, ...options, onTrace });
  return operations;
}

/** One crash before or after each operation: twice as many plans as operations. */
export const crashPlans = (operations: readonly string[]): Map<string, Fault>[] =>
  operations
    .filter(changesSomething)
    .flatMap((operation) => crashes.map((crash) => new Map([[operation, crash]])));

const crashes: readonly [Fault, Fault] = [{ kind: "crash-before" }, { kind: "crash-after" }];

/** Opening an engine changes nothing anywhere. */
const changesSomething = (operation: string): boolean => !operation.includes("sandbox.");

/** Second crashes that are drawn for each first one: finding out what could meet them costs a world. */
const SECONDS = 4;

/**
 * Pairs of crashes, the second one in the process that follows: the first drawn from a reference world, and some second ones
 * for it. `seed` draws; a first one that nobody follows has none.
 */
export async function crashPairs(seed: number): Promise<(WorldOptions & { plan: Plan })[]> {
  const world = { seed: pick(seed, "reference", references) };
  const first = pick(seed, "first", asDrawn(crashPlans(await operationsOf(world))));
  const followers = (await operationsOf({ ...world, plan: first }, "p2")).filter(changesSomething);
  const [one, ...others] = followers;
  if (one === undefined) return [];
  return Array.from({ length: SECONDS }, (_, at) => {
    const operation = pick(seed, `second ${at}`, [one, ...others]);
    return { ...world, plan: new Map([...first, [operation, pick(seed, `side ${at}`, crashes)]]) };
  });
}

function asDrawn<T>(all: readonly T[]): [T, ...T[]] {
  const [first, ...others] = all;
  if (first === undefined) throw new Error("There is nothing to draw from.");
  return [first, ...others];
}

/**
 * The fewest faults of a plan that still break the world, none at all where it breaks in calm weather; by taking away ever smaller parts (delta debugging). Faults of
 * operations that no longer happen fall away by themselves.
 */
export async function shrink(
  plan: Plan,
  fails: (plan: Plan) => Promise<boolean>,
): Promise<Map<string, Fault>> {
  if (await fails(new Map())) return new Map();
  let faults = [...plan];
  for (let parts = 2; faults.length > 1 && parts <= faults.length * 2;) {
    const size = Math.ceil(faults.length / Math.min(parts, faults.length));
    const fewer = await firstThatFails(faults, { size, fails });
    if (fewer !== null) {
      faults = fewer;
      parts = Math.max(2, parts - 1);
    } else if (size === 1) break;
    else parts *= 2;
  }
  return new Map(faults);
}

async function firstThatFails(
  faults: readonly [string, Fault][],
  { size, fails }: { size: number; fails: (plan: Plan) => Promise<boolean> },
): Promise<[string, Fault][] | null> {
  for (let from = 0; from < faults.length; from += size) {
    const fewer = [...faults.slice(0, from), ...faults.slice(from + size)];
    if (await fails(new Map(fewer))) return fewer;
  }
  return null;
}
