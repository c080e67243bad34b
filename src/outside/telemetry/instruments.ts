// What is counted, by its name outside. A unit stands in the name, as Prometheus has it, since its exporter adds none.

import type { Counter, Gauge, Timer } from "../../world/telemetry.ts";

interface Instrument {
  name: string;
  description: string;
}

export const counters: Readonly<Record<Counter, Instrument>> = {
  "runs.ended": {
    name: "fanfold.runs.ended",
    description: "Runs that came to their end, by status",
  },
  "agents.ended": {
    name: "fanfold.agents.ended",
    description: "Agents that came to their end, by role and outcome",
  },
  turns: {
    name: "fanfold.turns",
    description: "Requests to the model's provider, by model and outcome",
  },
  tokens: {
    name: "fanfold.tokens",
    description: "Tokens as the provider counted them, by model and kind",
  },
  spent: {
    name: "fanfold.spent.dollars",
    description: "Money spent at list prices, in US dollars, by model",
  },
  deliveries: {
    name: "fanfold.deliveries",
    description: "Webhook deliveries answered, by HTTP status",
  },
};

export const timers: Readonly<Record<Timer, Instrument>> = {
  turn: {
    name: "fanfold.turn.seconds",
    description: "From a request to the provider to its last byte, by model and outcome",
  },
  wait: {
    name: "fanfold.wait.seconds",
    description:
      "Work held up: by a free place at the provider, by its trouble, or by GitHub's limits",
  },
  delivery: {
    name: "fanfold.delivery.seconds",
    description: "From the first byte of a webhook delivery to its answer",
  },
};

export const gauges: Readonly<Record<Gauge, Instrument>> = {
  runs: {
    name: "fanfold.runs",
    description: "Runs in hand, by status; waiting and paused ones wait for people or for time",
  },
  queue: {
    name: "fanfold.queue.runs",
    description:
      "Runs in the queue, over all processes, by state: waiting for a place, sleeping, driven",
  },
  "github.budget": {
    name: "fanfold.github.budget.left.ratio",
    description:
      "Share of the hour's requests that the worst-off installation has left, from 0 to 1",
  },
};

/** Seconds: answers within GitHub's ten, turns of minutes, waits of hours. */
export const secondsBuckets = [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600];
