// Starts the demo model: the general server with the demo's brain.

import { demoAnswer } from "./brain.ts";
import type { RecordedRequest } from "./record.ts";
import type { Reply } from "./reply.ts";
import { startModelServer, type AnswerRequest } from "./server.ts";

export interface DemoModelOptions {
  /** 0 or left out: any free port. */
  port?: number;
  /** Waited before each answer, so that people can follow. */
  latencyMs?: number;
  /** Answers in the brain's place where it returns a reply: for rehearsing errors and broken streams. */
  faults?: (request: AnswerRequest) => Reply | null;
}

export interface DemoModel {
  /** What `ANTHROPIC_BASE_URL` must be; any non-empty key is accepted. */
  url: string;
  requests: readonly RecordedRequest[];
  close(): Promise<void>;
}

/** Starts on 127.0.0.1; rejects when the port is taken. */
export async function startDemoModel(options: DemoModelOptions = {}): Promise<DemoModel> {
  const { faults, ...rest } = options;
  return startModelServer({
    ...rest,
    answer: (request) => faults?.(request) ?? demoAnswer(request),
  });
}
