// Telemetry by OpenTelemetry: numbers for Prometheus to fetch, traces sent to a collector.

import {
  type Context,
  context,
  type Counter as OtelCounter,
  type Histogram,
  type Meter,
  type Span,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";

import type { Counter, Gauge, Stretch, Telemetry, Timer } from "../../world/telemetry.ts";
import { counters, gauges, secondsBuckets, timers } from "./instruments.ts";
import type { TraceIds } from "./trace-ids.ts";

export interface Instruments {
  /** Null: numbers are not asked for. */
  meter: Meter | null;
  /** Null: traces are not asked for. */
  tracer: Tracer | null;
  ids: TraceIds;
}

export function createTelemetry({ meter, tracer, ids }: Instruments): Telemetry {
  const numbers = meter === null ? silent : numbersOf(meter);
  if (tracer === null) return { ...numbers, during: (_, work) => work(() => {}) };
  const runs = new Map<string, Span>();
  const during: Telemetry["during"] = async (stretch, work) => {
    const around = parentOf(runs, stretch);
    const start = () =>
      tracer.startSpan(stretch.name, { attributes: attributesOf(stretch) }, around);
    const isFirst = stretch.run !== undefined && trace.getSpan(around) === undefined;
    const span = isFirst ? ids.forRun(stretch.run ?? "", start) : start();
    if (stretch.name === "run" && stretch.run !== undefined) runs.set(stretch.run, span);
    try {
      return await context.with(trace.setSpan(around, span), () =>
        work((facts) => void span.setAttributes(prefixed(facts))),
      );
    } catch (error) {
      // Its name alone: a message may quote what people wrote.
      const name = error instanceof Error ? error.name : "Error";
      span.setStatus({ code: SpanStatusCode.ERROR, message: name });
      throw error;
    } finally {
      if (stretch.name === "run" && stretch.run !== undefined) runs.delete(stretch.run);
      span.end();
    }
  };
  return { ...numbers, during };
}

/** What is around a stretch: what goes on here, when it is the same run's; else its run's own stretch. */
function parentOf(runs: ReadonlyMap<string, Span>, { name, run }: Stretch): Context {
  const here = context.active();
  if (run === undefined) return here;
  const own = name === "run" ? undefined : runs.get(run);
  return own === undefined ? trace.deleteSpan(here) : trace.setSpan(here, own);
}

const attributesOf = ({ run, facts }: Stretch) => ({
  ...prefixed(facts),
  ...(run === undefined ? {} : { "fanfold.run": run }),
});

const prefixed = (facts: Stretch["facts"]) =>
  Object.fromEntries(Object.entries(facts).map(([name, value]) => [`fanfold.${name}`, value]));

type Numbers = Omit<Telemetry, "during">;
const silent: Numbers = { add: () => {}, took: () => {}, watch: () => {} };

function numbersOf(meter: Meter): Numbers {
  const counting = new Map<Counter, OtelCounter>();
  for (const name of keysOf(counters)) {
    const { name: outside, ...rest } = counters[name];
    counting.set(name, meter.createCounter(outside, rest));
  }
  const timing = new Map<Timer, Histogram>();
  for (const name of keysOf(timers)) {
    const { name: outside, ...rest } = timers[name];
    const advice = { explicitBucketBoundaries: secondsBuckets };
    timing.set(name, meter.createHistogram(outside, { ...rest, advice }));
  }
  return {
    add: (counter, by, facts) => counting.get(counter)?.add(by, facts),
    took: (timer, ms, facts) => timing.get(timer)?.record(ms / 1000, facts),
    watch: (gauge: Gauge, read) => {
      const { name, ...rest } = gauges[gauge];
      meter.createObservableGauge(name, rest).addCallback(async (result) => {
        for (const { value, facts } of await read()) result.observe(value, facts);
      });
    },
  };
}

const keysOf = <Key extends string>(table: Readonly<Record<Key, unknown>>): Key[] =>
  Object.keys(table).filter((key): key is Key => Object.hasOwn(table, key));
