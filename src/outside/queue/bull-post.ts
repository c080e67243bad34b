// Letters in the queue's database: in lanes, so that what is said in one repository is answered in its order.

import type { Job } from "bullmq";

import type { Clock } from "../../world/clock.ts";
import type { Post } from "../../world/fleet.ts";
import { letterKey, Written } from "../../world/inbox.ts";
import type { Log } from "../../world/log.ts";
import { acting } from "../../world/permit.ts";
import { type Bull, type BullWorker, jobOptions } from "./bull.ts";
import { holdLock } from "./lock.ts";

export interface BullPostOptions {
  bull: Bull;
  clock: Clock;
  log: Log;
  /** A letter that could not be answered comes again after this. */
  againMs: number;
}

/** An answered letter is remembered for so many seconds: it may be delivered again before its answer is in GitHub's lists. */
const REMEMBERED_S = 60;
/** Letters that all processes answer at once. */
const LANES = 8;
const NAME = "letter";

type Answer = Parameters<Post["start"]>[0];

/** Opens the lanes; nothing is handed out before `start`. */
export function createBullPost(options: BullPostOptions): Post {
  const { bull, log } = options;
  const lanes = Array.from({ length: LANES }, (_, lane) => bull.queue(`letters-${lane}`));
  const workers: BullWorker[] = [];
  return {
    keep: async (letter) => {
      const lane = lanes[letter.event.repository.repositoryId % LANES];
      // One at a time in each lane, over all processes. Said each time: it is lost when the database is emptied.
      await lane?.setGlobalConcurrency(1);
      await lane?.add(
        NAME,
        { v: 1, ...letter },
        {
          ...jobOptions,
          removeOnComplete: { age: REMEMBERED_S },
          jobId: letterKey(letter),
        },
      );
    },
    start: (answer) => {
      if (workers.length > 0) throw new Error("The post was started twice.");
      for (let lane = 0; lane < LANES; lane++) {
        const process = (job: Job, token: string) => handOver(options, answer, { job, token });
        workers.push(bull.worker(`letters-${lane}`, process, { atOnce: 1 }));
      }
      for (const worker of workers) {
        worker.run().catch((err: unknown) => log.error({ err }, "letters are not taken any more"));
      }
    },
    close: (deadlineMs) => close(options, { workers, lanes, deadlineMs }),
  };
}

async function handOver(
  { bull, clock, log, againMs }: BullPostOptions,
  answer: Answer,
  { job, token }: { job: Job; token: string },
): Promise<void> {
  const letter = Written.safeParse(job.data);
  if (!letter.success) return log.error({ job: job.id }, "A letter cannot be read. Ask again.");
  using lock = holdLock({ job, token, clock, times: bull.times });
  const { at, event } = letter.data;
  const heard = await acting(lock.prove, () => answer({ at, event }));
  if (heard === "settled" || lock.signal.aborted) return;
  await job.moveToDelayed(clock.now() + againMs, token);
  throw bull.putBack.sleeping();
}

async function close(
  { clock, log }: BullPostOptions,
  parts: {
    workers: readonly BullWorker[];
    lanes: readonly { close(): Promise<void> }[];
    deadlineMs: number;
  },
): Promise<void> {
  const enough = new AbortController();
  const late = clock.sleep(parts.deadlineMs, enough.signal).then(
    () => log.warn({}, "Answers were still under way; another process gives them."),
    () => undefined,
  );
  const closed = Promise.all(parts.workers.map((worker) => worker.close()));
  await Promise.race([closed.then(() => enough.abort()), late]);
  await Promise.all(parts.lanes.map((lane) => lane.close()));
}
