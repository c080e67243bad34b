// `npm run simulate`: many worlds, one after the other, or a single one told line by line.

import { parseArgs } from "node:util";

import { crashPlans, hasFailed, operationsOf, playAndCompare, shrink } from "./explore.ts";
import { type Outcome, play } from "./world.ts";

const USAGE = `npm run simulate -- --seeds N [--from S]      worlds drawn from N seeds
npm run simulate -- --seed S [--trace]       one world; with --trace every operation
npm run simulate -- --matrix [--seed S]      a crash before and after every operation of one world
`;

const { values } = parseArgs({
  options: {
    seeds: { type: "string" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    trace: { type: "boolean", default: false },
    matrix: { type: "boolean", default: false },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function soup(from: number, seeds: number): Promise<Outcome[]> {
  const started = performance.now();
  const failed: Outcome[] = [];
  const sums = { crashes: 0, operations: 0 };
  for (let seed = from; seed < from + seeds; seed += 1) {
    const outcome = await playAndCompare({ seed });
    sums.crashes += outcome.crashes;
    sums.operations += outcome.operations;
    if (hasFailed(outcome)) {
      failed.push(outcome);
      tell(outcome);
    }
    const done = seed - from + 1;
    if (done % 100 === 0) {
      const perSecond = done / ((performance.now() - started) / 1_000);
      say(`${done} of ${seeds} worlds, ${perSecond.toFixed(1)} a second, ${failed.length} failed`);
    }
  }
  const seconds = (performance.now() - started) / 1_000;
  say(
    `${seeds} worlds, ${sums.operations} operations, ${sums.crashes} crashes: ${failed.length} failed ` +
      `(${(seeds / seconds).toFixed(1)} a second)`,
  );
  return failed;
}

function tell({ seed, scenario, plan, violations }: Outcome): void {
  say(`seed ${seed} (${scenario}, ${plan.size} faults)`);
  for (const { invariant, what } of violations) say(`  ${invariant}: ${what}`);
}

async function one(seed: number): Promise<Outcome[]> {
  const outcome = await playAndCompare({ seed, ...(values.trace ? { onTrace: say } : {}) });
  tell(outcome);
  if (!hasFailed(outcome)) return [];
  const plan = await shrink(outcome.plan, async (fewer) =>
    hasFailed(await playAndCompare({ seed, plan: fewer })),
  );
  say(`the fewest faults that do it:\n${JSON.stringify({ seed, plan: [...plan] }, null, 2)}`);
  return [outcome];
}

async function matrix(seed: number): Promise<Outcome[]> {
  const calm = await play({ seed, isCalm: true });
  const plans = crashPlans(await operationsOf({ seed }));
  const failed: Outcome[] = [];
  for (const plan of plans) {
    const outcome = await play({ seed, plan });
    const isSame = JSON.stringify(outcome.left) === JSON.stringify(calm.left);
    if (isSame && !hasFailed(outcome)) continue;
    failed.push(outcome);
    say(`${JSON.stringify([...plan])}: ${isSame ? "" : "another result"}`);
    tell(outcome);
  }
  say(`${plans.length} cells of seed ${seed} (${calm.scenario}): ${failed.length} failed`);
  return failed;
}

async function main(): Promise<Outcome[]> {
  if (values.matrix) return await matrix(Number(values.seed ?? 1));
  if (values.seed !== undefined) return await one(Number(values.seed));
  if (values.seeds !== undefined) return await soup(Number(values.from), Number(values.seeds));
  process.stderr.write(USAGE);
  process.exit(2);
}

process.exitCode = (await main()).length === 0 ? 0 : 1;
