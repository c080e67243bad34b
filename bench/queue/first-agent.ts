// How long somebody waits from their comment to the first agent at work, one command after the other.

import { endOf } from "../../test/processes/fleet/left.ts";
import { openTown, type Place, type Town } from "../../test/processes/fleet/town.ts";
import { looksScript } from "../../test/processes/fleet/work.ts";
import { median, quantile, round } from "../statistics.ts";
import type { Engine } from "./engines.ts";
import type { FirstAgent } from "./result.ts";
import type { QueueSizes } from "./sizes.ts";
import { untilFound } from "./watch.ts";

/** Runs that may be under way, the one that is asked for included: a process has a place for each, so nobody waits for one. */
const AT_ONCE = 3;

export async function measureFirstAgent(
  { name, start }: Engine,
  { repositories, ofEach }: QueueSizes["commands"],
): Promise<FirstAgent> {
  await using stack = new AsyncDisposableStack();
  const server = start === null ? null : stack.use(await start());
  const work = { repositories, threads: ofEach, script: looksScript(1), settings: null };
  const options = server === null ? { work } : { work, queueUrl: server.url };
  const town = stack.use(await openTown(options));
  await town.start(undefined, server === null ? "both" : "serve");
  if (server !== null) await town.start(undefined, "work");
  await town.listening();
  const times: number[] = [];
  for (const [index, place] of town.places.entries()) {
    const before = town.places[index - AT_ONCE];
    if (before !== undefined) await untilFound("The run's end", () => endOf(town, before));
    times.push(await ask(town, place));
  }
  for (const place of town.places) await untilFound("The run's end", () => endOf(town, place));
  const [firsts, others] = [times.slice(0, repositories), times.slice(repositories)];
  return {
    engine: name,
    commands: others.length,
    ms: { p50: round(median(others), 0), p99: round(quantile(others, 0.99), 0) },
    firstOfRepositoryMs: round(median(firsts), 0),
  };
}

/** The next one asks in another repository while this run ends. */
async function ask(town: Town, place: Place): Promise<number> {
  const { requests } = town.provider;
  const before = requests.length;
  const askedAt = Date.now();
  await town.ask(place);
  const { at } = await untilFound("The first agent", () => requests[before]);
  return at - askedAt;
}
