// Fleets of growing size, each for one day of virtual time.

import { round } from "../statistics.ts";
import { type Day, playDay } from "./fleet.ts";
import type { Fleet, ScaleResult } from "./result.ts";
import { type Scenario, tier, turn } from "./sizes.ts";

export async function measureScale(
  scenarios: readonly Scenario[],
  say: (line: string) => void,
): Promise<ScaleResult> {
  const fleets: Fleet[] = [];
  for (const scenario of scenarios) {
    say(`${scenario.name}: ${scenario.agents} agents a day, ${scenario.processes} processes …`);
    fleets.push(figuresOf(scenario, await playDay(scenario), await aloneMs(scenario)));
  }
  return { scale: fleets };
}

/** A run that has the whole fleet to itself. */
async function aloneMs(scenario: Scenario): Promise<number> {
  const day = await playDay({ ...scenario, hours: 1 }, [{ run: "wf-0", installation: 0, at: 0 }]);
  return day.ended[0]?.ms ?? 0;
}

function figuresOf(scenario: Scenario, day: Day, alone: number): Fleet {
  const perHour = (tier.outputTokens * scenario.accounts * 60) / turn.outputTokens;
  const waits = day.ended.map(({ waitMs }) => waitMs);
  const lengths = day.ended.map(({ ms }) => ms);
  const places = day.hours.map((hour) => hour.places);
  return {
    name: scenario.name,
    agentsPerDay: scenario.agents,
    processes: scenario.processes,
    accounts: scenario.accounts,
    runsAsked: day.asked,
    runsEnded: day.ended.length,
    agentsEnded: day.ended.reduce((sum, { agents }) => sum + agents, 0),
    agentsLost: day.lost,
    startWaitS: secondsOf(waits),
    runS: secondsOf(lengths),
    aloneS: round(alone / 1000),
    providerShare: round(day.turns / (perHour * scenario.hours), 3),
    providerShareMost: round(Math.max(...day.hours.map(({ turns }) => turns)) / perHour, 3),
    refusedShare: round(day.refused / Math.max(1, day.turns), 4),
    placesShare: round(places.reduce((sum, value) => sum + value, 0) / scenario.hours, 3),
    placesShareMost: round(Math.max(...places), 3),
    beyondGitHub: day.beyondGitHub,
    putOff: day.putOff,
  };
}

function secondsOf(values: readonly number[]): { p50: number; p99: number } {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number): number =>
    round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) / 1000);
  return { p50: at(0.5), p99: at(0.99) };
}
