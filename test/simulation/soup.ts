// Many worlds drawn from seeds: in this process, or in parts, each in a process of its own.

import { fork } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { z } from "zod";

import { commitNow } from "./commit.ts";
import { hasFailed, playAndCompare } from "./explore.ts";
import { openProgress } from "./progress.ts";
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

/** What a part tells whoever started it: how far it is, and that it has come to its end. */
const Message = z.object({ sums: Sums, isEnd: z.boolean() });

export interface Wanted {
  from: number;
  seeds: number;
}

interface Teller {
  say: (line: string) => void;
  tell: (outcome: Outcome) => void;
}

const none: Sums = { worlds: 0, failed: 0, operations: 0, crashes: 0, takeOvers: 0 };

/** How many worlds failed. `lanes`: processes at once. `everyMs`: between two lines that say how far it is. */
export async function soup(
  { from, seeds, lanes }: Wanted & { lanes: number },
  teller: Teller,
  { everyMs }: { everyMs?: number } = {},
): Promise<number> {
  const started = performance.now();
  const perSecond = (done: number): string =>
    (done / ((performance.now() - started) / 1_000)).toFixed(1);
  const onDone = openProgress(
    ({ worlds, failed }: Sums): void =>
      teller.say(
        `${worlds} of ${seeds} worlds, ${perSecond(worlds)} a second, ${failed} failed so far`,
      ),
    everyMs === undefined ? {} : { everyMs },
  );
  const isApart = seeds > WORLDS_OF_ONE || lanes > 1;
  const sums = isApart
    ? await inParts({ from, seeds, lanes }, { ...teller, onDone, play: apart })
    : await here({ from, seeds }, { ...teller, onDone });
  const { worlds, failed, operations, crashes, takeOvers } = sums;
  teller.say(
    `${worlds} worlds from ${from} on ${commitNow()}, ${operations} operations, ${crashes} crashes, ${takeOvers} take-overs: ${failed} failed (${perSecond(worlds)} a second, ${perSecond(worlds / lanes)} of each of ${lanes} lanes)`,
  );
  return failed;
}

type OnSums = (sums: Sums) => void;
type Watcher = Teller & { onDone: OnSums };

async function here({ from, seeds }: Wanted, { tell, onDone }: Watcher): Promise<Sums> {
  let sums = none;
  let seed = from;
  // What nobody waits for ends the process: at least with its seed.
  process.on("uncaughtException", (error) => {
    process.stderr.write(`The world of seed ${seed} ended this process: ${String(error)}\n`);
    process.exit(1);
  });
  for (; seed < from + seeds; seed += 1) {
    const outcome = await playAndCompare({ seed });
    if (hasFailed(outcome)) tell(outcome);
    const { operations, crashes, takeOvers } = outcome;
    const failed = hasFailed(outcome) ? 1 : 0;
    sums = plus(sums, { worlds: 1, failed, operations, crashes, takeOvers });
    process.send?.({ sums, isEnd: false });
    onDone(sums);
  }
  process.send?.({ sums, isEnd: true });
  return sums;
}

type PlayWatched = (...given: [...Parameters<PlayPart>, onSums: OnSums]) => ReturnType<PlayPart>;

export async function inParts(
  { from, seeds, lanes }: Wanted & { lanes: number },
  { say, onDone, play }: Pick<Watcher, "say" | "onDone"> & { play: PlayWatched },
): Promise<Sums> {
  let sums = none;
  let next = from;
  const underway = new Map<Wanted, Sums>();
  const tell = (): void => onDone(totalOf([sums, ...underway.values()]));
  const most = Math.min(WORLDS_OF_ONE, Math.ceil(seeds / lanes));
  const lane = async (): Promise<void> => {
    while (next < from + seeds) {
      const part = { from: next, seeds: Math.min(most, from + seeds - next) };
      next += part.seeds;
      const onSums = (soFar: Sums): void => {
        underway.set(part, soFar);
        tell();
      };
      const found = await halved(part, { say, play: watched(play, onSums) });
      underway.delete(part);
      sums = plus(sums, found);
      tell();
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return sums;
}

/** Hears how far a part is, with all its pieces; what comes to no end of its own is played again, and counts no more. */
function watched(play: PlayWatched, onSums: OnSums): PlayPart {
  const pieces = new Map<Wanted, Sums>();
  return async (piece, say) => {
    const found = await play(piece, say, (soFar) => {
      pieces.set(piece, soFar);
      onSums(totalOf([...pieces.values()]));
    });
    pieces.set(piece, found ?? none);
    return found;
  };
}

/** Plays worlds in another process; null when that came to no end of its own. */
type PlayPart = (part: Wanted, say: (line: string) => void) => Promise<Sums | null>;

/** A part that ends its process is played in halves, until the one world is found that does it: that one has failed. */
export async function halved(
  part: Wanted,
  { say, play }: { say: (line: string) => void; play: PlayPart },
): Promise<Sums> {
  const found = await play(part, say);
  if (found !== null) return found;
  const { from, seeds } = part;
  if (seeds === 1) {
    say(`seed ${from} ended the process that played it`);
    return { ...none, worlds: 1, failed: 1 };
  }
  const first = { from, seeds: seeds >> 1 };
  const second = { from: from + first.seeds, seeds: seeds - first.seeds };
  return plus(await halved(first, { say, play }), await halved(second, { say, play }));
}

async function apart(...[part, say, onSums]: Parameters<PlayWatched>): Promise<Sums | null> {
  const args = ["--seeds", String(part.seeds), "--from", String(part.from)];
  const child = fork(cli, args, { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  let ended: Sums | null = null;
  child.on("message", (message) => {
    const { sums, isEnd } = Message.parse(message);
    if (isEnd) ended = sums;
    else onSums(sums);
  });
  if (child.stdout !== null)
    createInterface(child.stdout).on("line", (line) => {
      if (/^(?:seed|\s)/u.test(line)) say(line);
    });
  await once(child, "close");
  return ended;
}

const totalOf = (each: readonly Sums[]): Sums => each.reduce(plus, none);

const plus = (one: Sums, other: Sums): Sums => ({
  worlds: one.worlds + other.worlds,
  failed: one.failed + other.failed,
  operations: one.operations + other.operations,
  crashes: one.crashes + other.crashes,
  takeOvers: one.takeOvers + other.takeOvers,
});
