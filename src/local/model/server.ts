// A server that speaks Anthropic's Messages API; one function decides every answer.

import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { findFault } from "./check-request.ts";
import { CountRequest, MessagesRequest } from "./protocol.ts";
import { describe, type RecordedRequest } from "./record.ts";
import { providerError, type JsonObject, type MessageReply, type Reply } from "./reply.ts";
import { bodyOf, brokenAt, eventsOf, wholeMessage, type StreamEvent } from "./stream.ts";
import { createPromptCache, inputTokensOf, tokensIn, type PromptCache } from "./usage.ts";
import { explain, headersOf, keyOf, readBody, sendError, sendJson } from "./wire.ts";

/** Lets what was sent reach the client first: a socket that dies before its first byte is another fault. */
const BEFORE_CUT_MS = 20;
const LIMITS_A_MINUTE = { requests: 4_000, "input-tokens": 2_000_000, "output-tokens": 400_000 };

export interface AnswerRequest {
  body: MessagesRequest;
  headers: Readonly<Record<string, string>>;
  /** How many requests came before this one. */
  n: number;
}

export interface ModelServerOptions {
  answer: (request: AnswerRequest) => Reply | Promise<Reply>;
  /** 0: any free port. */
  port?: number;
  /** Waited before each answer begins. */
  latencyMs?: number;
  /** Larger request bodies are refused with 413; the real server's limit unless given. */
  bodyBytesAtMost?: number;
}

export interface ModelServer {
  url: string;
  /** Every sound request to /v1/messages, in order of arrival. */
  requests: readonly RecordedRequest[];
  close(): Promise<void>;
}

interface Context {
  options: ModelServerOptions;
  requests: RecordedRequest[];
  cache: PromptCache;
  /** Aborted when the server closes, so that nothing keeps waiting. */
  closing: AbortSignal;
}

/** Starts on 127.0.0.1. Rejects when the port is taken. */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const closing = new AbortController();
  const context: Context = {
    options,
    requests: [],
    cache: createPromptCache(),
    closing: closing.signal,
  };
  const server = createServer((request, response) => {
    handle(context, request, response).catch((error: unknown) => fail(response, error));
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", () => {
      const address = server.address();
      resolve(address !== null && typeof address === "object" ? address.port : 0);
    });
  });
  return {
    url: `http://127.0.0.1:${port}`,
    requests: context.requests,
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  response.setHeader("request-id", `req_${randomUUID().replaceAll("-", "")}`);
  const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
  const route = `${request.method} ${pathname}`;
  if (route === "GET /_requests")
    return sendJson(response, 200, { requests: plain(context.requests) });
  if (keyOf(request) === "") return sendError(response, providerError.authentication());
  switch (route) {
    case "POST /v1/messages":
      return messages(context, request, response);
    case "POST /v1/messages/count_tokens":
      return count(context, request, response);
    case "GET /v1/models":
      return sendJson(response, 200, modelList());
    default:
      return sendError(response, providerError.notFound(`Not found: ${route}`));
  }
}

async function messages(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const read = await readBody(request, context.options.bodyBytesAtMost);
  if ("kind" in read) return sendError(response, read);
  const parsed = MessagesRequest.safeParse(read.json);
  if (!parsed.success)
    return sendError(response, providerError.invalid(explain(parsed.error.issues)));
  const body = parsed.data;
  const faulty = findFault(body);
  if (faulty !== null) return sendError(response, providerError.invalid(faulty));

  const at = Date.now();
  const record = describe(body, at);
  const n = context.requests.push(record) - 1;
  const reply = await context.options.answer({ body, headers: headersOf(request), n });
  await sleep(context.options.latencyMs ?? 0, undefined, { signal: context.closing });
  if (reply.kind === "error") return sendError(response, reply);

  const bill = context.cache.account(body, keyOf(request), at);
  const usage = {
    ...bill.usage,
    output_tokens: tokensIn(JSON.stringify(reply.content)),
    ...reply.usage,
  };
  bill.open();
  record.outputTokens = usage.output_tokens;
  setLimitHeaders(context, response);
  const message = wholeMessage(
    body.max_tokens === 0 ? { ...reply, content: [] } : reply,
    body.model,
    usage,
  );
  if (body.stream !== true) return sendJson(response, 200, bodyOf(message));
  await sendEvents(response, brokenAt(eventsOf(message), reply.break), reply);
}

async function count(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const read = await readBody(request, context.options.bodyBytesAtMost);
  if ("kind" in read) return sendError(response, read);
  const parsed = CountRequest.safeParse(read.json);
  if (!parsed.success)
    return sendError(response, providerError.invalid(explain(parsed.error.issues)));
  sendJson(response, 200, { input_tokens: inputTokensOf(parsed.data) });
}

async function sendEvents(
  response: ServerResponse,
  events: readonly StreamEvent[],
  reply: MessageReply,
): Promise<void> {
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
  });
  for (const event of events)
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  switch (reply.break?.how) {
    case "stall":
      return;
    case "cut":
      await sleep(BEFORE_CUT_MS);
      response.destroy();
      return;
    case "end":
    case "error":
    case undefined:
      response.end();
  }
}

function setLimitHeaders(context: Context, response: ServerResponse): void {
  const since = Date.now() - 60_000;
  const recent = context.requests.filter((request) => request.at > since);
  const used = {
    requests: recent.length,
    "input-tokens": recent.reduce((sum, request) => sum + request.inputTokens, 0),
    "output-tokens": recent.reduce((sum, request) => sum + request.outputTokens, 0),
  };
  const reset = new Date(Date.now() + 60_000).toISOString();
  for (const name of ["requests", "input-tokens", "output-tokens"] as const) {
    const header = `anthropic-ratelimit-${name}`;
    response.setHeader(`${header}-limit`, LIMITS_A_MINUTE[name]);
    response.setHeader(`${header}-remaining`, Math.max(0, LIMITS_A_MINUTE[name] - used[name]));
    response.setHeader(`${header}-reset`, reset);
  }
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  const text = error instanceof Error ? error.message : String(error);
  sendError(response, { ...providerError.internal(), message: `The model server failed: ${text}` });
}

function modelList(): JsonObject {
  return {
    data: [
      {
        type: "model",
        id: "fanfold-demo",
        display_name: "Fanfold's demo model (fixed rules, no AI)",
        created_at: "2026-01-01T00:00:00Z",
      },
    ],
    has_more: false,
    first_id: "fanfold-demo",
    last_id: "fanfold-demo",
  };
}

function plain(requests: readonly RecordedRequest[]): JsonObject[] {
  return requests.map((request) => ({ ...request }));
}
