// A Messages API on the loopback interface that sends exactly the bytes a test asks for.

import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { z } from "zod";

import type { Turn } from "../../../src/agent/model.ts";
import { eventFrame } from "./aws.ts";

/** What the server does with one request. */
export type Play =
  | {
      kind: "stream";
      events: readonly SseEvent[];
      after: "end" | "cut" | "hang";
      headers?: Record<string, string>;
    }
  /** An answer of Bedrock: the same events in frames of AWS, and what AWS says instead of going on. */
  | { kind: "aws"; events: readonly SseEvent[]; exception?: { type: string; message: string } }
  | { kind: "status"; status: number; headers?: Record<string, string>; body: unknown }
  | { kind: "reset" };

export interface SseEvent {
  type: string;
  [key: string]: unknown;
}

export interface SeenRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
  /** The body as it came. */
  text: string;
}

export interface FakeMessages extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** Sends one more event on the answer that hangs. */
  readonly push: (event: SseEvent) => void;
}

/** Plays one entry for each request, in order; more requests than entries get a 500 that names the test's mistake. */
export async function startFakeMessages(plays: readonly Play[]): Promise<FakeMessages> {
  const requests: SeenRequest[] = [];
  let last: ServerResponse | null = null;
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (part: string) => (text += part));
    request.on("end", () => {
      const body = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
      const { method = "", url: path = "", headers } = request;
      const n = requests.push({ method, path, headers, body, text }) - 1;
      last = response;
      act(plays[n] ?? surplus, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    push: (event) => void last?.write(wire(event)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const surplus: Play = {
  kind: "status",
  status: 500,
  body: {
    type: "error",
    error: { type: "api_error", message: "The test planned no such request." },
  },
};

function wire(event: SseEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

function act(play: Play, response: ServerResponse): void {
  if (play.kind === "reset") {
    response.destroy();
    return;
  }
  if (play.kind === "status") {
    response.writeHead(play.status, {
      "content-type": "application/json",
      "request-id": "req_test",
      ...play.headers,
    });
    response.end(JSON.stringify(play.body));
    return;
  }
  if (play.kind === "aws") {
    response.writeHead(200, { "content-type": "application/vnd.amazon.eventstream" });
    for (const event of play.events) response.write(eventFrame("chunk", chunkOf(event)));
    if (play.exception !== undefined) {
      const { type, message } = play.exception;
      response.write(eventFrame(type, { message }, "exception"));
    }
    response.end();
    return;
  }
  response.writeHead(200, {
    "content-type": "text/event-stream",
    "request-id": "req_test",
    ...play.headers,
  });
  response.flushHeaders();
  for (const event of play.events) response.write(wire(event));
  if (play.after === "end") response.end();
  // Destroyed before the bytes are out, it would be a connection that never answered: another fault.
  if (play.after === "cut") setTimeout(() => response.destroy(), 20);
}

const chunkOf = (event: SseEvent): unknown => ({
  bytes: Buffer.from(JSON.stringify(event)).toString("base64"),
});

const startUsage = {
  input_tokens: 11,
  cache_creation_input_tokens: 22,
  cache_read_input_tokens: 33,
  output_tokens: 1,
};

const startMessage = {
  id: "msg_test",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-5-5",
  content: [],
  stop_reason: null,
  stop_sequence: null,
  usage: startUsage,
};

/** The first event of an answer, with its first counts: 11 input, 22 written, 33 read, 1 output. */
export const messageStart: SseEvent = { type: "message_start", message: startMessage };

/** The events of a whole answer; the final counts are the turn's. */
export function eventsOf(turn: Turn): SseEvent[] {
  const { usage } = turn;
  return [
    {
      ...messageStart,
      message: {
        ...startMessage,
        usage: {
          input_tokens: usage.inputTokens,
          cache_creation_input_tokens: usage.cacheWriteTokens,
          cache_read_input_tokens: usage.cacheReadTokens,
          output_tokens: 1,
        },
      },
    },
    { type: "ping" },
    ...turn.content.flatMap(blockEvents),
    {
      type: "message_delta",
      delta: { stop_reason: wireReasons[turn.stopReason], stop_sequence: null },
      usage: { output_tokens: usage.outputTokens },
    },
    { type: "message_stop" },
  ];
}

const wireReasons = {
  end: "end_turn",
  "tool-use": "tool_use",
  "max-tokens": "max_tokens",
  refusal: "refusal",
  pause: "pause_turn",
} as const satisfies Record<Turn["stopReason"], string>;

function blockEvents(part: Turn["content"][number], index: number): SseEvent[] {
  const stop = { type: "content_block_stop", index };
  const start = (block: unknown): SseEvent => ({
    type: "content_block_start",
    index,
    content_block: block,
  });
  const delta = (delta: unknown): SseEvent => ({ type: "content_block_delta", index, delta });
  if (part.kind === "text")
    return [
      start({ type: "text", text: "" }),
      ...halves(part.text).map((text) => delta({ type: "text_delta", text })),
      stop,
    ];
  if (part.kind === "tool-use")
    return [
      start({ type: "tool_use", id: part.id, name: part.name, input: {} }),
      ...halves(JSON.stringify(part.input)).map((partial_json) =>
        delta({ type: "input_json_delta", partial_json }),
      ),
      stop,
    ];
  return [start(part.block), stop];
}

function halves(text: string): string[] {
  const middle = Math.floor(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)].filter((half) => half !== "");
}
