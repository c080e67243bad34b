// How much is asked of each queue.

export interface QueueSizes {
  /** Repositories that commands come from, and commands of each; the first of each is told apart. */
  commands: { repositories: number; ofEach: number };
  /** Runs with so many writers, each in a repository of its own, for each number of workers. */
  rate: { workers: readonly number[]; runs: number; parts: number };
  kills: number;
  /** Runs that wait while one more is added. */
  waiting: number;
}

export const fullQueueSizes: QueueSizes = {
  commands: { repositories: 5, ofEach: 8 },
  rate: { workers: [1, 2, 3], runs: 12, parts: 10 },
  kills: 10,
  waiting: 1_000,
};

export const quickQueueSizes: QueueSizes = {
  commands: { repositories: 1, ofEach: 2 },
  rate: { workers: [1], runs: 1, parts: 1 },
  kills: 1,
  waiting: 20,
};
