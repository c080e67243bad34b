// Ways through the worlds: many seeds, every single crash, and the smallest plan that still fails.

import type { Fault } from "./core/fault.ts";
import type { Plan } from "./core/seam.ts";
import { opinionsOf } from "./model.ts";
import { isClumsyIn, type Outcome, play, scenarioOf, type WorldOptions } from "./world.ts";

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
  const { runs } = outcome.left;
  // A person's word that was lost with a machine's disk: the run says that it waits for it (docs/reliability.md).
  const isWaiting = runs.includes("waiting");
  if (outcome.plan.size === 0 || isOpenEnded || isOfModel || isWaiting || runs.length === 0)
    return outcome;
  const left = JSON.stringify(outcome.left);
  const about = JSON.stringify([scenario, opinionsOf(options.seed), isClumsyIn(options)]);
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

/** The operations of a world in which nothing goes wrong, in their order. */
export async function operationsOf(options: WorldOptions): Promise<string[]> {
  const operations: string[] = [];
  const onTrace = (line: string): void => {
    const [, operation] = /^\d+ (p1 \w+\.\w+ #\d+)$/u.exec(line) ?? [];
    if (operation !== undefined) operations.push(operation);
  };
  await play({ ...options, isCalm: true, onTrace });
  return operations;
}

/** One crash before or after each operation: twice as many plans as operations. */
export function crashPlans(operations: readonly string[]): Map<string, Fault>[] {
  const crashes: Fault[] = [{ kind: "crash-before" }, { kind: "crash-after" }];
  return (
    operations
      // Opening an engine changes nothing anywhere.
      .filter((operation) => !operation.includes("sandbox."))
      .flatMap((operation) => crashes.map((crash) => new Map([[operation, crash]])))
  );
}

/**
 * The fewest faults of a plan that still break the world, by taking away ever smaller parts (delta debugging). Faults of
 * operations that no longer happen fall away by themselves.
 */
export async function shrink(
  plan: Plan,
  fails: (plan: Plan) => Promise<boolean>,
): Promise<Map<string, Fault>> {
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
