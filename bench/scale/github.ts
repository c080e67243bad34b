// GitHub's side of a fleet: our own paces in front, the published limits behind them, and who ran into those.

import { createPacer, type Pacer } from "../../src/outside/github/pace.ts";
import * as limits from "../../src/outside/github/limits.ts";
import { openPrimary, type Primary } from "../../src/outside/github/primary.ts";
import type { Clock } from "../../src/world/clock.ts";
import { ForgeError } from "../../src/world/forge-error.ts";
import { github } from "./sizes.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What a run asks for; each resolves when GitHub has taken it. */
export interface GitHubOf {
  read(): Promise<void>;
  edit(): Promise<void>;
  comment(): Promise<void>;
  pull(): Promise<void>;
}

export interface GitHubSide {
  installation(id: number): GitHubOf;
  /** Requests beyond what GitHub publishes: there should be none. */
  readonly beyond: number;
  /** Times that somebody was told to come back later, since the wait was too long to be held. */
  readonly putOff: number;
}

interface Account {
  hour: { from: number; requests: number };
  /** Times of what was created in the last hour. */
  created: number[];
}

interface State {
  clock: Clock;
  pacers: Record<"content" | "pulls" | "writes", Pacer>;
  primary: Primary;
  accounts: Map<number, Account>;
  sums: { beyond: number; putOff: number };
}

export function openGitHubSide(clock: Clock): GitHubSide {
  const { patienceMs, contentPace, pullRequestPace, writePace } = limits;
  const common = { clock, patienceMs };
  const state: State = {
    clock,
    pacers: {
      content: createPacer({ ...common, pace: contentPace, what: "comments and reviews" }),
      pulls: createPacer({ ...common, pace: pullRequestPace, what: "new pull requests" }),
      writes: createPacer({ ...common, pace: writePace, what: "writes" }),
    },
    primary: openPrimary(clock),
    accounts: new Map(),
    sums: { beyond: 0, putOff: 0 },
  };
  return {
    installation: (id) => ({
      read: () => ask(state, id, []),
      edit: () => ask(state, id, ["writes"]),
      comment: () => ask(state, id, ["writes", "content"]),
      pull: () => ask(state, id, ["writes", "content", "pulls"]),
    }),
    get beyond() {
      return state.sums.beyond;
    },
    get putOff() {
      return state.sums.putOff;
    },
  };
}

/** In the order in which a client asks: its paces, then the hour's requests. */
async function ask(
  state: State,
  installation: number,
  paces: readonly (keyof State["pacers"])[],
): Promise<void> {
  const { pacers, primary } = state;
  const id = String(installation);
  for (const pace of paces) await untilLetThrough(state, () => pacers[pace].wait(id));
  await untilLetThrough(state, () => primary.wait(id));
  primary.note(id, answer(state, installation, paces.includes("content")));
}

/** What is put off is asked again at its time, as runs do. */
async function untilLetThrough({ sums, clock }: State, wait: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await wait();
    } catch (error) {
      if (!(error instanceof ForgeError) || error.retryAfterMs === null) throw error;
      sums.putOff += 1;
      await clock.sleep(error.retryAfterMs);
    }
  }
}

/** Counts the request as GitHub does, and says what is left of the hour. */
function answer({ accounts, clock, sums }: State, id: number, isContent: boolean): object {
  const now = clock.now();
  const account = accounts.get(id) ?? { hour: { from: now, requests: 0 }, created: [] };
  accounts.set(id, account);
  if (now - account.hour.from >= HOUR_MS) account.hour = { from: now, requests: 0 };
  account.hour.requests += 1;
  if (isContent) account.created = [...account.created.filter((at) => at > now - HOUR_MS), now];
  const inMinute = account.created.filter((at) => at > now - MINUTE_MS).length;
  const isBeyond =
    account.hour.requests > github.requestsPerHour ||
    (isContent &&
      (inMinute > github.contentPerMinute || account.created.length > github.contentPerHour));
  if (isBeyond) sums.beyond += 1;
  return {
    "x-ratelimit-limit": String(github.requestsPerHour),
    "x-ratelimit-remaining": String(Math.max(0, github.requestsPerHour - account.hour.requests)),
    "x-ratelimit-reset": String((account.hour.from + HOUR_MS) / 1000),
  };
}
