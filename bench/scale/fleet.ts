// A fleet through its hours: runs are asked for, wait for a place, are driven by the process with the most room, and end.

import { limits, queueLimits } from "../../src/config/limits.ts";
import { openGate, type Gate } from "../../src/gate/gate.ts";
import { createMemoryBoard } from "../../src/outside/memory/board.ts";
import { createEmbeddedQueue } from "../../src/outside/queue/embedded.ts";
import { createEventClock } from "./event-clock.ts";
import { openGitHubSide } from "./github.ts";
import { type Ask, asksOf, randomOf } from "./load.ts";
import { playRun } from "./play.ts";
import { createProvider } from "./provider.ts";
import { type Scenario, tier } from "./sizes.ts";

export interface Ended {
  installation: number;
  waitMs: number;
  ms: number;
  agents: number;
}

/** What there was to see. */
export interface Day {
  asked: number;
  ended: Ended[];
  /** Runs of which the provider lost an agent. */
  lost: number;
  turns: number;
  refused: number;
  /** Each hour: turns taken, and the mean share of places that were taken, of those kept for guests as well. */
  hours: { turns: number; places: number }[];
  beyondGitHub: number;
  putOff: number;
}

const HOUR_MS = 3_600_000;
const SEED = 20_261_129;
const silent = { info: () => {}, warn: () => {}, error: () => {} };

interface Process {
  gate: Gate;
  busy: number;
}

export async function playDay(scenario: Scenario, asks = asksOf(scenario, SEED)): Promise<Day> {
  const clock = createEventClock();
  const times = (amount: number): number => amount * scenario.accounts;
  const provider = createProvider(clock, {
    requests: times(tier.requests),
    inputTokens: times(tier.inputTokens),
    outputTokens: times(tier.outputTokens),
  });
  const github = openGitHubSide(clock);
  const random = randomOf(SEED);
  const board = scenario.isSharing === true ? createMemoryBoard(clock) : null;
  const processes: Process[] = Array.from({ length: scenario.processes }, () => ({
    gate: openGate({ model: provider, clock, random, board }),
    busy: 0,
  }));
  const byRun = new Map(asks.map((ask) => [ask.run, ask]));
  const day: Day = {
    asked: asks.length,
    ended: [],
    lost: 0,
    turns: 0,
    refused: 0,
    hours: [],
    beyondGitHub: 0,
    putOff: 0,
  };
  const concurrency = scenario.processes * limits.run.runsAtOnce;
  const guests = scenario.processes * queueLimits.guests;
  const places = concurrency + guests;
  const shares = { ...queueLimits, atOnce: concurrency, guests };
  const queue = createEmbeddedQueue({ limits: shares, clock, log: silent });
  queue.start(async ({ run }) => {
    const ask = byRun.get(run);
    const host = processes.reduce((one, other) => (other.busy < one.busy ? other : one));
    if (ask === undefined) return null;
    const began = clock.now();
    host.busy += 1;
    try {
      const place = { clock, gate: host.gate, github: github.installation(ask.installation) };
      const agents = await playRun(place, ask);
      const { installation } = ask;
      day.ended.push({ installation, waitMs: began - ask.at, ms: clock.now() - began, agents });
    } catch {
      day.lost += 1;
    } finally {
      host.busy -= 1;
    }
    return null;
  });
  void askInTime(asks, { clock, add: (ask) => queue.add(wakeOf(ask)) });
  for (let hour = 0; hour < scenario.hours; hour += 1) {
    const before = provider.taken;
    let taken = 0;
    for (let minute = 0; minute < 60; minute += 1) {
      await clock.runTo(hour * HOUR_MS + (minute + 1) * 60_000);
      taken += processes.reduce((sum, { busy }) => sum + busy, 0) / places / 60;
    }
    day.hours.push({ turns: provider.taken - before, places: taken });
  }
  return {
    ...day,
    turns: provider.taken,
    refused: provider.refused,
    beyondGitHub: github.beyond,
    putOff: github.putOff,
  };
}

async function askInTime(
  asks: readonly Ask[],
  { clock, add }: { clock: ReturnType<typeof createEventClock>; add: (ask: Ask) => Promise<void> },
): Promise<void> {
  for (const ask of asks) {
    if (ask.at > clock.now()) await clock.sleep(ask.at - clock.now());
    await add(ask);
  }
}

/** Each run is in a repository of its own. */
const wakeOf = ({ run, installation }: Ask) => ({
  run,
  repository: {
    installationId: installation,
    repositoryId: Number(run.slice(3)),
    owner: "o",
    name: "r",
  },
});
