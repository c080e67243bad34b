// Telemetry that keeps what it was told, for tests that ask what an operator would have seen.

import type { Facts, Gauge, Reading, Telemetry } from "../../world/telemetry.ts";

export interface Told {
  name: string;
  /** Counted, or milliseconds. */
  value: number;
  facts: Facts;
}

export interface MemoryTelemetry extends Telemetry {
  readonly counted: readonly Told[];
  readonly timed: readonly Told[];
  /** Stretches that are over, in the order of their ends. */
  readonly stretches: readonly { name: string; run: string | null; facts: Facts; ok: boolean }[];
  read(gauge: Gauge): Promise<readonly Reading[]>;
}

export function createMemoryTelemetry(): MemoryTelemetry {
  const counted: Told[] = [];
  const timed: Told[] = [];
  const stretches: { name: string; run: string | null; facts: Facts; ok: boolean }[] = [];
  const gauges = new Map<Gauge, Parameters<Telemetry["watch"]>[1]>();
  return {
    counted,
    timed,
    stretches,
    read: async (gauge) => (await gauges.get(gauge)?.()) ?? [],
    add: (name, value, facts) => void counted.push({ name, value, facts }),
    took: (name, value, facts) => void timed.push({ name, value, facts }),
    watch: (gauge, read) => void gauges.set(gauge, read),
    during: async ({ name, run = null, facts }, work) => {
      let known = facts;
      let ok = false;
      try {
        const done = await work((more) => void (known = { ...known, ...more }));
        ok = true;
        return done;
      } finally {
        stretches.push({ name, run, facts: known, ok });
      }
    },
  };
}
