// Ids of traces. A run's id makes its trace's, so that every machine that drove a run tells the same trace.

import { createHash } from "node:crypto";

import { type IdGenerator, RandomIdGenerator } from "@opentelemetry/sdk-trace";

export interface TraceIds extends IdGenerator {
  /** The trace that begins while `work` goes on is the run's. */
  forRun<T>(run: string, work: () => T): T;
}

export function createTraceIds(): TraceIds {
  const random = new RandomIdGenerator();
  let next: string | null = null;
  return {
    generateTraceId: () => next ?? random.generateTraceId(),
    generateSpanId: () => random.generateSpanId(),
    forRun: (run, work) => {
      next = traceOf(run);
      try {
        return work();
      } finally {
        next = null;
      }
    },
  };
}

/** 32 hexadecimal digits. */
export const traceOf = (run: string): string =>
  createHash("sha256").update(`fanfold run ${run}`).digest("hex").slice(0, 32);
