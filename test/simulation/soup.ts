// Many worlds drawn from seeds: in this process, or in parts, each in a process of its own.

import { fork } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { z } from "zod";

import { hasFailed, playAndCompare } from "./explore.ts";
import type { Outcome } from "./world.ts";

const cli = fileURLToPath(new URL("cli.ts", import.meta.url));

/** Processes that died in a world leave their sandboxes in memory, some 7 MB a world: no process plays more than this. */
const WORLDS_OF_ONE = 250;

const Sums = z.object({
  worlds: z.number(),
  failed: z.number(),
  operations: z.number(),
  crashes: z.number(),
  takeOvers: z.number(),
});
type Sums = z.infer<typeof Sums>;

export interface Wanted {
  from: number;
  seeds: number;
}

interface Teller {
  say: (line: string) => void;
  tell: (outcome: Outcome) => void;
}

const none: Sums = { worlds: 0, failed: 0, operations: 0, crashes: 0, takeOvers: 0 };

/** How many worlds failed. `lanes`: processes at once where there are more worlds than one should play. */
export async function soup(
  { from, seeds, lanes }: Wanted & { lanes: number },
  teller: Teller,
): Promise<number> {
  const started = performance.now();
  const perSecond = (done: number): string =>
    (done / ((performance.now() - started) / 1_000)).toFixed(1);
  const onDone = ({ worlds, failed }: Sums): void =>
    teller.say(
      `${worlds} of ${seeds} worlds, ${perSecond(worlds)} a second, ${failed} failed so far`,
    );
  const isLarge = seeds > WORLDS_OF_ONE;
  const sums = isLarge
    ? await inParts({ from, seeds, lanes }, { ...teller, onDone })
    : await here({ from, seeds }, { ...teller, onDone });
  const { worlds, failed, operations, crashes, takeOvers } = sums;
  teller.say(
    `${worlds} worlds, ${operations} operations, ${crashes} crashes, ${takeOvers} take-overs: ${failed} failed (${perSecond(worlds)} a second)`,
  );
  return failed;
}

type Watcher = Teller & { onDone: (sums: Sums) => void };

async function here({ from, seeds }: Wanted, { tell, onDone }: Watcher): Promise<Sums> {
  let sums = none;
  for (let seed = from; seed < from + seeds; seed += 1) {
    const outcome = await playAndCompare({ seed });
    if (hasFailed(outcome)) tell(outcome);
    const { operations, crashes, takeOvers } = outcome;
    const failed = hasFailed(outcome) ? 1 : 0;
    sums = plus(sums, { worlds: 1, failed, operations, crashes, takeOvers });
    if (sums.worlds % 100 === 0) onDone(sums);
  }
  process.send?.(sums);
  return sums;
}

async function inParts(
  { from, seeds, lanes }: Wanted & { lanes: number },
  { say, onDone }: Watcher,
): Promise<Sums> {
  let sums = none;
  let next = from;
  const lane = async (): Promise<void> => {
    while (next < from + seeds) {
      const part = { from: next, seeds: Math.min(WORLDS_OF_ONE, from + seeds - next) };
      next += part.seeds;
      const found = await apart(part, say);
      sums = plus(sums, found);
      onDone(sums);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return sums;
}

/** Rejects when the process comes to no end of its own. */
async function apart(part: Wanted, say: (line: string) => void): Promise<Sums> {
  const args = ["--seeds", String(part.seeds), "--from", String(part.from)];
  const child = fork(cli, args, { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  const heard: unknown[] = [];
  child.on("message", (message) => heard.push(message));
  if (child.stdout !== null)
    createInterface(child.stdout).on("line", (line) => {
      if (/^(?:seed|\s)/u.test(line)) say(line);
    });
  await once(child, "close");
  const sums = Sums.safeParse(heard[0]);
  if (!sums.success)
    throw new Error(
      `Worlds ${part.from} to ${part.from + part.seeds - 1} came to no end. Play them alone: --seeds ${part.seeds} --from ${part.from}`,
    );
  return sums.data;
}

const plus = (one: Sums, other: Sums): Sums => ({
  worlds: one.worlds + other.worlds,
  failed: one.failed + other.failed,
  operations: one.operations + other.operations,
  crashes: one.crashes + other.crashes,
  takeOvers: one.takeOvers + other.takeOvers,
});
