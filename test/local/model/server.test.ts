import Anthropic, {
  APIError,
  BadRequestError,
  InternalServerError,
  RateLimitError,
} from "@anthropic-ai/sdk";
import { afterEach, expect, test } from "vitest";

import { startDemoModel } from "../../../src/local/model/demo.ts";
import { providerError, type Break, type Reply } from "../../../src/local/model/reply.ts";
import { ErrorBody } from "./shapes.ts";
import { startModelServer, type AnswerRequest } from "../../../src/local/model/server.ts";

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function serve(
  answer: (request: AnswerRequest) => Reply,
  options: { bodyBytesAtMost?: number } = {},
) {
  const server = await startModelServer({ answer, ...options });
  open.push(server);
  return { server, client: new Anthropic({ apiKey: "x", baseURL: server.url, maxRetries: 0 }) };
}

const HELLO = {
  model: "claude-opus-5-5",
  max_tokens: 100,
  messages: [{ role: "user" as const, content: "Hello" }],
};

const TOOL = { name: "look", input_schema: { type: "object" as const } };

function broken(how: Break): Reply {
  return { kind: "message", content: [{ type: "text", text: "x".repeat(2000) }], break: how };
}

function saying(text: string): Reply {
  return { kind: "message", content: [{ type: "text", text }] };
}

test("the SDK reads a streamed text, piece by piece, with its usage", async () => {
  const long = "Größe 👍 ".repeat(100);
  const { client, server } = await serve(() => saying(long));
  const stream = client.messages.stream(HELLO);
  const pieces: string[] = [];
  stream.on("text", (piece) => pieces.push(piece));
  const message = await stream.finalMessage();
  expect(message.content).toMatchObject([{ type: "text", text: long }]);
  expect(pieces.length).toBeGreaterThan(1);
  expect(message.stop_reason).toBe("end_turn");
  expect(message.usage.output_tokens).toBe(server.requests[0]?.outputTokens);
  expect(message.usage.output_tokens).toBeGreaterThan(200);
});

test("the SDK reads streamed tool calls with their input, beside text and thinking", async () => {
  const input = { path: "src/Größen und Maße.js", deep: { list: [1, "zwei", null] } };
  const { client } = await serve(() => ({
    kind: "message",
    content: [
      { type: "thinking", thinking: "hm", signature: "sig" },
      { type: "text", text: "I look." },
      { type: "tool_use", name: "look", input },
      { type: "tool_use", name: "look", input: {} },
    ],
  }));
  const message = await client.messages.stream({ ...HELLO, tools: [TOOL] }).finalMessage();
  expect(message.stop_reason).toBe("tool_use");
  expect(message.content).toMatchObject([
    { type: "thinking", thinking: "hm", signature: "sig" },
    { type: "text", text: "I look." },
    { type: "tool_use", name: "look", input },
    { type: "tool_use", name: "look", input: {} },
  ]);
  const ids = message.content.flatMap((block) => (block.type === "tool_use" ? [block.id] : []));
  expect(new Set(ids).size).toBe(2);
});

test("without streaming the same answer comes in one body, with request-id and limits", async () => {
  const { client } = await serve(() => saying("Hi"));
  const { data, response } = await client.messages.create(HELLO).withResponse();
  expect(data).toMatchObject({ type: "message", role: "assistant", content: [{ text: "Hi" }] });
  expect(response.headers.get("request-id")).toMatch(/^req_/);
  for (const kind of ["requests", "input-tokens", "output-tokens"])
    expect(Number(response.headers.get(`anthropic-ratelimit-${kind}-remaining`))).toBeGreaterThan(
      0,
    );
});

test("count_tokens and models answer", async () => {
  const { client, server } = await serve(() => saying("Hi"));
  const { max_tokens: _, ...rest } = HELLO;
  const counted = await client.messages.countTokens(rest);
  await client.messages.create(HELLO);
  expect(counted.input_tokens).toBe(server.requests[0]?.inputTokens);
  const models = await client.models.list();
  expect(models.data.map(({ id }) => id)).toEqual(["fanfold-demo"]);
});

test.each([
  { reply: providerError.rateLimit(3), kind: RateLimitError, status: 429, wait: "3" },
  { reply: providerError.overloaded(), kind: APIError, status: 529, wait: null },
  { reply: providerError.internal(), kind: InternalServerError, status: 500, wait: null },
  { reply: providerError.invalid("no"), kind: BadRequestError, status: 400, wait: null },
])("the SDK knows a scripted error $status", async ({ reply, kind, status, wait }) => {
  const { client } = await serve(() => reply);
  const error: unknown = await client.messages
    .stream(HELLO)
    .finalMessage()
    .catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(kind);
  expect(error).toMatchObject({ status, type: reply.type });
  expect(error instanceof APIError && error.headers?.get("retry-after")).toBe(wait);
});

test.each(["cut", "end"] as const)(
  "a stream that breaks off (%s) is an error for the SDK, not a short answer",
  async (how) => {
    const { client } = await serve(() => broken({ how, afterEvents: 4 }));
    const stream = client.messages.stream(HELLO);
    let heard = "";
    stream.on("text", (piece) => (heard += piece));
    await expect(stream.finalMessage()).rejects.toThrow(/terminated|ended|socket/i);
    expect(heard.length).toBeGreaterThan(0);
    expect(heard.length).toBeLessThan(2000);
  },
);

test("an error event in the middle of a stream arrives with its type", async () => {
  const { client } = await serve(() => ({
    kind: "message",
    content: [{ type: "text", text: "x".repeat(2000) }],
    break: { how: "error", afterEvents: 4, type: "overloaded_error", message: "Overloaded" },
  }));
  await expect(client.messages.stream(HELLO).finalMessage()).rejects.toMatchObject({
    type: "overloaded_error",
    status: undefined,
  });
});

test("a stalled stream stays silent until the client goes, and does not keep the server from closing", async () => {
  const { client, server } = await serve(() => broken({ how: "stall", afterEvents: 3 }));
  const stream = client.messages.stream(HELLO);
  const failed = stream.finalMessage().catch((error: unknown) => error);
  await new Promise((resolve) => stream.once("streamEvent", resolve));
  await server.close();
  expect(await failed).toBeInstanceOf(Error);
});

test.each([
  ["without a key", { key: "", path: "/v1/messages", body: "{}" }, 401, "authentication_error"],
  ["to an unknown path", { key: "x", path: "/v1/complete", body: "{}" }, 404, "not_found_error"],
  ["no JSON", { key: "x", path: "/v1/messages", body: "{" }, 400, "invalid_request_error"],
  [
    "too large",
    { key: "x", path: "/v1/messages", body: "x".repeat(5000) },
    413,
    "request_too_large",
  ],
] as const)("a request %s is refused by its kind", async (...[, asked, status, type]) => {
  const { server } = await serve(() => saying("Hi"), { bodyBytesAtMost: 4000 });
  const response = await fetch(`${server.url}${asked.path}`, {
    method: "POST",
    headers: asked.key === "" ? {} : { "x-api-key": asked.key },
    body: asked.body,
  });
  expect(response.status).toBe(status);
  expect(ErrorBody.parse(await response.json()).error.type).toBe(type);
  expect(server.requests).toEqual([]);
});

const ASKED = { type: "tool_use", id: "toolu_1", name: "look", input: {} };

test.each<[string, object, RegExp]>([
  ["an unknown field", { ...HELLO, temperature: 1 }, /temperature/],
  [
    "an empty text",
    { ...HELLO, messages: [{ role: "user", content: [{ type: "text", text: "" }] }] },
    /messages\.0/,
  ],
  [
    "an assistant first",
    { ...HELLO, messages: [{ role: "assistant", content: "Hi" }] },
    /first message/,
  ],
  [
    "a prefill",
    { ...HELLO, messages: [...HELLO.messages, { role: "assistant", content: "Hi" }] },
    /prefill/,
  ],
  ["two tools of one name", { ...HELLO, tools: [TOOL, TOOL] }, /unique/],
  [
    "a call without its result",
    {
      ...HELLO,
      tools: [TOOL],
      messages: [...HELLO.messages, { role: "assistant", content: [ASKED] }, ...HELLO.messages],
    },
    /without `tool_result`.*toolu_1/,
  ],
  [
    "a result without its call",
    {
      ...HELLO,
      tools: [TOOL],
      messages: [
        { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_9", content: "x" }] },
      ],
    },
    /unexpected `tool_use_id`/,
  ],
  [
    "five breakpoints",
    {
      ...HELLO,
      messages: [
        {
          role: "user",
          content: Array.from({ length: 5 }, () => ({
            type: "text",
            text: "x",
            cache_control: { type: "ephemeral" },
          })),
        },
      ],
    },
    /maximum of 4/,
  ],
])("what the real server refuses is refused here: %s", async (_, body, message) => {
  const { server } = await serve(() => saying("Hi"));
  const response = await fetch(`${server.url}/v1/messages`, {
    method: "POST",
    headers: { authorization: "Bearer x" },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(400);
  expect(ErrorBody.parse(await response.json()).error.message).toMatch(message);
  expect(server.requests).toEqual([]);
});

test("another process can count who was asked how often", async () => {
  const model = await startDemoModel({
    faults: ({ n }) => (n === 0 ? providerError.overloaded() : null),
  });
  open.push(model);
  const client = new Anthropic({ apiKey: "x", baseURL: model.url, maxRetries: 0 });
  const ask = { ...HELLO, system: "Role: reviewer\n\nWords." };
  await expect(client.messages.create(ask)).rejects.toMatchObject({ status: 529 });
  await client.messages.create(ask);
  await client.messages.create({
    ...ask,
    messages: [...HELLO.messages, { role: "assistant", content: "Yes?" }, ...HELLO.messages],
  });
  const counted: unknown = await (await fetch(`${model.url}/_requests`)).json();
  expect(counted).toEqual({ requests: model.requests });
  const { requests } = model;
  expect(requests.map(({ role, turn }) => [role, turn])).toEqual([
    ["reviewer", 0],
    ["reviewer", 0],
    ["reviewer", 1],
  ]);
  expect(new Set(requests.map(({ agent }) => agent)).size).toBe(1);
  expect(requests.map(({ outputTokens }) => outputTokens > 0)).toEqual([false, true, true]);
});
