// One run, as it asks of the provider and of GitHub; what it computes costs nothing here.

import type { Role } from "../../src/agent/agent.ts";
import type { TurnRequest } from "../../src/agent/model.ts";
import { limits } from "../../src/config/limits.ts";
import type { Gate } from "../../src/gate/gate.ts";
import { openPacer } from "../../src/runs/pacer.ts";
import type { Clock } from "../../src/world/clock.ts";
import type { GitHubOf } from "./github.ts";
import { run as size } from "./sizes.ts";

const REQUEST: TurnRequest = {
  model: "claude-sonnet-5-5",
  effort: null,
  system: "",
  tools: [],
  messages: [{ role: "user", content: [{ kind: "text", text: "Do your part." }] }],
  maxTokens: limits.agent.turnOutputTokens,
};

export interface Place {
  clock: Clock;
  /** Of the process that drives the run. */
  gate: Gate;
  github: GitHubOf;
}

/** From its first word to its end. Resolves with how many agents worked for it. */
export async function playRun(
  place: Place,
  { run, installation }: { run: string; installation: number },
): Promise<number> {
  const { gate, github } = place;
  for (let read = 0; read < size.reads; read += 1) await github.read();
  await github.comment();
  const progress: Progress = { news: 1, isOver: false };
  const telling = tell(place, progress);
  const pushing = push(place, progress);
  const agent = async (role: Role): Promise<void> => {
    const model = gate.modelFor({ installation, run, role });
    for (let turn = 0; turn < size.turns; turn += 1)
      await model.turn(REQUEST, new AbortController().signal);
    progress.news += 1;
  };
  // A change is reviewed as soon as it is made.
  const pairs = Array.from({ length: size.writers }, () =>
    agent("worker").then(() => agent("reviewer")),
  );
  await Promise.all(pairs);
  progress.isOver = true;
  await Promise.all([telling, pushing]);
  await github.pull();
  for (let review = 0; review < size.reviews; review += 1) await github.comment();
  await github.edit();
  return 2 * size.writers;
}

interface Progress {
  /** Grows with everything that there is to tell and to push. */
  news: number;
  isOver: boolean;
}

async function tell({ clock, github }: Place, progress: Progress): Promise<void> {
  for (let told = 0; !progress.isOver;) {
    if (told < progress.news) {
      told = progress.news;
      await github.edit();
    }
    await clock.sleep(limits.publish.progressEditMs);
  }
}

/** Each run is in a repository of its own: the pace of pushes is the repository's. */
async function push({ clock }: Place, progress: Progress): Promise<void> {
  const pacer = openPacer(clock);
  for (let pushed = 0; !progress.isOver || pushed < progress.news;) {
    if (pushed < progress.news) {
      pushed = progress.news;
      await pacer.turn(new AbortController().signal);
    }
    await clock.sleep(limits.publish.tickMs);
  }
}
