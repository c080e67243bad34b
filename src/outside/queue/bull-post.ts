// Letters in the queue's database: what is said in one repository is answered in its order, and beside all others.

import type { Job } from "bullmq";

import type { Clock } from "../../world/clock.ts";
import type { Post } from "../../world/fleet.ts";
import { letterKey } from "../../world/inbox.ts";
import type { Log } from "../../world/log.ts";
import { acting } from "../../world/permit.ts";
import { type Bull, type BullQueue, type BullWorker, jobOptions } from "./bull.ts";
import { placeInTime } from "./bull-turns.ts";
import { createLetterBook, Kept, type LetterBook } from "./letter-book.ts";
import { nextOf, waitOf } from "./letter-turn.ts";
import { holdLock } from "./lock.ts";
import type { Given } from "./put-back.ts";

export interface BullPostOptions {
  bull: Bull;
  clock: Clock;
  log: Log;
  /** A letter that could not be answered comes again after this. */
  againMs: number;
}

/** An answered letter is remembered for so many seconds: it may be delivered again before its answer is in GitHub's lists. */
const REMEMBERED_S = 60;
/** Letters that one process answers at once. Most of their time they wait for GitHub. */
const AT_ONCE = 16;
/** Letters of one installation that all processes answer at once: it may wait for its own pace, and others not for it. */
const PER_INSTALLATION = 4;
const NAME = "letters";

type Answer = Parameters<Post["start"]>[0];

interface State extends BullPostOptions {
  queue: BullQueue;
  book: LetterBook;
}

/** Opens the post; nothing is handed out before `start`. */
export function createBullPost(options: BullPostOptions): Post {
  const { bull, clock, log } = options;
  const queue = bull.queue(NAME);
  const state: State = { ...options, queue, book: createLetterBook(queue, clock) };
  let worker: BullWorker | null = null;
  let last = 0;
  return {
    keep: async (letter) => {
      // Two of one millisecond come in an order as well.
      const order = Math.max(last + 1, clock.now() * 1_000);
      last = order;
      const removeOnComplete = { age: REMEMBERED_S };
      const kept = { ...jobOptions, removeOnComplete, jobId: letterKey(letter) };
      await queue.add(NAME, { v: 1, ...letter, order }, kept);
    },
    start: (answer) => {
      if (worker !== null) throw new Error("The post was started twice.");
      const process = (job: Job, token: string) => handOver(state, answer, { job, token });
      worker = bull.worker(NAME, process, { atOnce: AT_ONCE });
      worker.run().catch((err: unknown) => log.error({ err }, "letters are not taken any more"));
    },
    close: (deadlineMs) => close(state, worker, deadlineMs),
  };
}

async function handOver(state: State, answer: Answer, { job, token }: Given): Promise<void> {
  const { bull, clock, log, againMs } = state;
  const letter = Kept.safeParse(job.data);
  if (!letter.success) return log.error({ job: job.id }, "A letter cannot be read. Ask again.");
  using lock = holdLock({ job, token, clock, times: bull.times });
  const { at, event, order } = letter.data;
  const { repositoryId } = event.repository;
  const hasShare = await hasShareOf(state, job, event.repository.installationId);
  const waitMs = waitOf({ id: job.id ?? "", order }, await state.book.of(repositoryId), hasShare);
  if (waitMs > 0) {
    await job.moveToDelayed(clock.now() + waitMs, token);
    throw bull.putBack.sleeping();
  }
  const heard = await acting(lock.prove, () => answer({ at, event }));
  if (lock.signal.aborted) return;
  if (heard === "unanswered") await job.updateData({ ...job.data, isAgain: true });
  await wakeNext(state, repositoryId);
  if (heard === "settled") return;
  await job.moveToDelayed(clock.now() + againMs, token);
  throw bull.putBack.sleeping();
}

/** Of the letters in hand, in whichever process, those that were handed out earlier come first. */
async function hasShareOf({ queue }: State, job: Job, installationId: number): Promise<boolean> {
  const mine = placeInTime(job);
  const active = (await queue.getJobs(["active"])).filter((each) => each !== undefined);
  const earlier = active.filter((each) => {
    const { data } = Kept.safeParse(each.data);
    return data?.event.repository.installationId === installationId && placeInTime(each) < mine;
  });
  return earlier.length < PER_INSTALLATION;
}

/** Nothing is lost when it fails: a letter that waits asks again by itself. */
async function wakeNext(state: State, repositoryId: number): Promise<void> {
  const { queue, book, log } = state;
  try {
    const next = nextOf(await book.of(repositoryId));
    const job = next === undefined ? undefined : await queue.getJob(next.id);
    if ((await job?.isDelayed()) === true) await job?.promote();
  } catch (err) {
    log.info({ err }, "the next letter of a repository was not woken; it comes by itself");
  }
}

async function close(
  { clock, log, queue }: State,
  worker: BullWorker | null,
  deadlineMs: number,
): Promise<void> {
  const enough = new AbortController();
  const late = clock.sleep(deadlineMs, enough.signal).then(
    () => log.warn({}, "Answers were still under way; another process gives them."),
    () => undefined,
  );
  const closed = worker?.close() ?? Promise.resolve();
  await Promise.race([closed.then(() => enough.abort()), late]);
  await queue.close();
}
