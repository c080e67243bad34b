// Entries that several processes change: read, changed here, and put back only where nobody was faster.

import { type Board, BoardAway, type Change } from "../../world/board.ts";
import type { Clock } from "../../world/clock.ts";
import type { Log } from "../../world/log.ts";

/** One row or key of a database for each entry. */
export interface Cells {
  read(key: string): Promise<{ text: string | null; now: number }>;
  /** False when the entry is not `before` any more. */
  swap(
    key: string,
    before: string | null,
    after: { text: string; keepMs: number },
  ): Promise<boolean>;
  close(): Promise<void>;
}

export interface BoardOptions {
  cells: Cells;
  clock: Pick<Clock, "sleep">;
  /** From 0 up to 1. */
  random: () => number;
  log: Log;
}

/** A database that is slower than this is as good as away: limits must not hold up what they protect. */
const PATIENCE_MS = 2_000;
/** Longest wait after somebody was faster. */
const CROWD_MS = 20;

interface Waiting {
  change: Change<unknown>;
  keepMs: number;
  answer: PromiseWithResolvers<unknown>;
}

/** Opens the board; nothing is asked for before the first change. */
export function createBoard(options: BoardOptions): Board {
  const tell = teller(options.log);
  const waiting = new Map<string, Waiting[]>();
  const changing = new Set<string>();
  const pump = async (key: string): Promise<void> => {
    if (changing.has(key)) return;
    changing.add(key);
    for (let batch = waiting.get(key); batch !== undefined; batch = waiting.get(key)) {
      waiting.delete(key);
      tell(await settle(options, key, batch));
    }
    changing.delete(key);
  };
  return {
    async change<Answer>(
      key: string,
      change: Change<Answer>,
      { keepMs }: { keepMs: number },
    ): Promise<Answer> {
      let answered: { answer: Answer } | null = null;
      const noted: Change<null> = (text, now) => {
        const changed = change(text, now);
        answered = { answer: changed.answer };
        return { text: changed.text, answer: null };
      };
      const one: Waiting = { change: noted, keepMs, answer: Promise.withResolvers() };
      waiting.set(key, [...(waiting.get(key) ?? []), one]);
      void pump(key);
      await one.answer.promise;
      return answerIn(answered);
    },
  };
}

/** It was noted by then: whatever settles a change has asked it. */
function answerIn<Answer>(answered: { answer: Answer } | null): Answer {
  if (answered === null) throw new Error("A change of the board was settled without being asked.");
  return answered.answer;
}

/** Says once that the board went away, and once that it is back. */
function teller(log: Log): (away: BoardAway | null) => void {
  let isAway = false;
  return (away) => {
    if (away !== null && !isAway) log.warn({ err: away }, WENT);
    if (away === null && isAway) log.info({}, "limits are shared with the other processes again");
    isAway = away !== null;
  };
}

const WENT =
  "The queue's database is away: this process keeps to its part of GitHub's and the provider's limits, and starts no agent " +
  "under a cap of the day until it is back.";

async function settle(
  options: BoardOptions,
  key: string,
  batch: readonly Waiting[],
): Promise<BoardAway | null> {
  const late = new AbortController();
  const patience = options.clock.sleep(PATIENCE_MS, late.signal).then(
    () => Promise.reject(new BoardAway("The queue's database did not answer in time.")),
    () => undefined,
  );
  try {
    await Promise.race([changeAll(options, { key, batch, late: late.signal }), patience]);
    for (const { answer } of batch) answer.resolve(null);
    return null;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const away = cause instanceof BoardAway ? cause : new BoardAway(why, { cause });
    for (const { answer } of batch) answer.reject(away);
    return away;
  } finally {
    late.abort(new Error("It was answered."));
  }
}

async function changeAll(
  { cells, clock, random }: BoardOptions,
  { key, batch, late }: { key: string; batch: readonly Waiting[]; late: AbortSignal },
): Promise<void> {
  while (!late.aborted) {
    const { text: before, now } = await cells.read(key);
    const text = batch.reduce((one, { change }) => change(one, now).text ?? one, before);
    if (text === null || text === before) return;
    const keepMs = Math.max(...batch.map((one) => one.keepMs));
    if (await cells.swap(key, before, { text, keepMs })) return;
    await clock.sleep(random() * CROWD_MS, late);
  }
}
