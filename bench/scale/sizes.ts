// How large a fleet is, what is asked of it, and what the outside allows.

/** One fleet for one day. */
export interface Scenario {
  name: string;
  installations: number;
  /** In a day, over all installations. */
  agents: number;
  processes: number;
  /** Of a provider's account, in the limits of its largest published tier. */
  accounts: number;
  hours: number;
  /** Whether the processes lease the provider's budgets from one board, as those of one queue do. */
  isSharing?: boolean;
}

/** Of the day's first hours, `hours` are counted; a fleet starts empty. */
const day = { installations: 10_000, hours: 24, isSharing: true };

export const fullScenarios: readonly Scenario[] = [
  { ...day, name: "a tenth of the load", agents: 100_000, processes: 8, accounts: 1 },
  { ...day, name: "a third of it", agents: 333_000, processes: 24, accounts: 1 },
  { ...day, name: "all of it on one account", agents: 1_000_000, processes: 72, accounts: 1 },
  { ...day, name: "… on three accounts' limits", agents: 1_000_000, processes: 72, accounts: 3 },
  { ...day, name: "… with half the processes", agents: 1_000_000, processes: 36, accounts: 3 },
];

export const quickScenarios: readonly Scenario[] = [
  {
    name: "an hour of little",
    installations: 50,
    agents: 4_800,
    processes: 2,
    accounts: 1,
    hours: 1,
  },
];

/**
 * The largest published tier, a minute, for one model of an organisation: https://platform.claude.com/docs/en/api/rate-limits,
 * November 2026.
 */
export const tier = { requests: 10_000, inputTokens: 10_000_000, outputTokens: 2_000_000 };

/** A turn: tokens that no cache held, what it says, and how long it takes at 50 tokens a second. */
export const turn = { inputTokens: 3_000, outputTokens: 1_200, firstByteMs: 2_000, restMs: 23_000 };

/** A run: writers, then a reviewer for each, of four turns each; what it asks of GitHub beside its edits and pushes. */
export const run = { writers: 10, turns: 4, reviews: 4, reads: 25 };

/** GitHub's published limits of one installation: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api. */
export const github = { requestsPerHour: 5_000, contentPerMinute: 80, contentPerHour: 500 };
