// How much is asked of each queue.

export interface QueueSizes {
  /** How many of the engines, in their order. */
  engines: number;
  /** Repositories that commands come from, and commands of each; the first of each is told apart. */
  commands: { repositories: number; ofEach: number };
  /** Runs with so many writers, each in a repository of its own, for each number of workers. */
  rate: { workers: readonly number[]; runs: number; parts: number };
  /** Each of another run, which has so many agents, one after the other. */
  recovery: { kills: number; looks: number };
  /** Runs that wait while one more is added. */
  waiting: number;
}

export const fullQueueSizes: QueueSizes = {
  engines: 3,
  commands: { repositories: 4, ofEach: 6 },
  rate: { workers: [1, 2, 3], runs: 6, parts: 10 },
  recovery: { kills: 6, looks: 6 },
  waiting: 1_000,
};

export const quickQueueSizes: QueueSizes = {
  engines: 1,
  commands: { repositories: 1, ofEach: 2 },
  rate: { workers: [1], runs: 1, parts: 1 },
  recovery: { kills: 1, looks: 4 },
  waiting: 20,
};
