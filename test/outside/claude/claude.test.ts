// The adapter over the SDK, against raw answers of a server on the loopback interface.

import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";

import {
  type Json,
  ModelError,
  type Model,
  type ModelErrorKind,
  type Price,
  type TurnRequest,
} from "../../../src/agent/model.ts";
import { createClaude } from "../../../src/outside/claude/claude.ts";
import { reachAnthropic } from "../../../src/outside/claude/reach.ts";
import { ManualClock } from "../../agent/manual-clock.ts";
import {
  modelContract,
  request,
  textTurn,
  usage,
  type Planned,
} from "../../contracts/model.contract.ts";
import {
  eventsOf,
  messageStart,
  startFakeMessages,
  type FakeMessages,
  type Play,
  type SseEvent,
} from "./fake-messages.ts";

const KEY = "sk-ant-test-0123456789";

const price: Price = { inputUsd: 3, outputUsd: 15, cacheWriteUsd: 3.75, cacheReadUsd: 0.3 };

function connect(
  server: FakeMessages,
  options: {
    clock?: ManualClock;
    prices?: () => Price | null;
    idleMs?: number;
    compactedAt?: () => number | null;
    thinksWhenAsked?: () => boolean;
    holdsSchemas?: boolean;
  } = {},
): Model {
  return createClaude({
    reach: {
      ...reachAnthropic({ apiKey: KEY, baseUrl: server.url }),
      holdsSchemas: options.holdsSchemas ?? false,
    },
    prices: options.prices ?? (() => null),
    clock: options.clock ?? new ManualClock(),
    idleMs: options.idleMs ?? 60_000,
    compactedAt: options.compactedAt ?? (() => null),
    thinksWhenAsked: options.thinksWhenAsked ?? (() => false),
  });
}

const errorBody = (type: string, message: string, code?: string): unknown => ({
  type: "error",
  error: { type, message, ...(code === undefined ? {} : { details: { error_code: code } }) },
});

const playOf = (planned: Planned): Play => {
  if (planned.kind === "turn")
    return { kind: "stream", events: eventsOf(planned.turn), after: "end" };
  if (planned.kind === "hang") return { kind: "stream", events: [messageStart], after: "hang" };
  return planned.error === "rate-limit"
    ? {
        kind: "status",
        status: 429,
        headers: { "retry-after": "1" },
        body: errorBody("rate_limit_error", "slow down"),
      }
    : { kind: "status", status: 401, body: errorBody("authentication_error", "invalid x-api-key") };
};

modelContract("Claude over HTTP", async (plan) => {
  const server = await startFakeMessages(plan.map(playOf));
  return { model: connect(server), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
});

async function failWith(play: Play, asked: TurnRequest = request()): Promise<ModelError> {
  await using server = await startFakeMessages([play]);
  const rejection = await connect(server, { prices: () => price })
    .turn(asked, new AbortController().signal)
    .catch((error: unknown) => error);
  expect(server.requests).toHaveLength(1);
  if (!(rejection instanceof ModelError))
    throw new Error("It was no ModelError.", { cause: rejection });
  return rejection;
}

describe("the request", () => {
  it("has the system and the tools before one breakpoint, and the conversation before the other", async () => {
    await using server = await startFakeMessages([playOf({ kind: "turn", turn: textTurn("ok") })]);
    await connect(server).turn({ ...request(), effort: "low" }, new AbortController().signal);
    expect(server.requests[0]?.path).toBe("/v1/messages");
    expect(server.requests[0]?.body).toMatchInlineSnapshot(`
      {
        "cache_control": {
          "type": "ephemeral",
        },
        "max_tokens": 4000,
        "messages": [
          {
            "content": [
              {
                "text": "Do it.",
                "type": "text",
              },
            ],
            "role": "user",
          },
        ],
        "model": "claude-sonnet-5-5",
        "output_config": {
          "effort": "low",
        },
        "stream": true,
        "system": [
          {
            "cache_control": {
              "type": "ephemeral",
            },
            "text": "Role: worker",
            "type": "text",
          },
        ],
        "tools": [
          {
            "description": "Lists.",
            "input_schema": {
              "properties": {},
              "type": "object",
            },
            "name": "list_files",
          },
        ],
      }
    `);
  });

  it("names no effort when none was chosen, and sends no empty blocks", async () => {
    await using server = await startFakeMessages([playOf({ kind: "turn", turn: textTurn("ok") })]);
    const messages: TurnRequest["messages"] = [
      { role: "user", content: [{ kind: "text", text: "Do it." }] },
      { role: "assistant", content: [{ kind: "text", text: "\n" }] },
      { role: "user", content: [{ kind: "text", text: "Say something." }] },
    ];
    await connect(server).turn(
      { ...request(), tools: [], system: "", messages },
      new AbortController().signal,
    );
    expect(Object.keys(server.requests[0]?.body ?? {}).sort()).toEqual([
      "cache_control",
      "max_tokens",
      "messages",
      "model",
      "stream",
    ]);
    expect(server.requests[0]?.body["messages"]).toHaveLength(2);
  });

  it("asks a model to think where it only does so when it is asked", async () => {
    const plays = [1, 2].map(() => playOf({ kind: "turn", turn: textTurn("ok") }));
    await using server = await startFakeMessages(plays);
    const thinksWhenAsked = (): boolean => server.requests.length === 0;
    const model = connect(server, { thinksWhenAsked });
    await model.turn(request(), new AbortController().signal);
    await model.turn(request(), new AbortController().signal);
    const thinking = server.requests.map(({ body }) => body["thinking"]);
    expect(thinking).toEqual([{ type: "adaptive" }, undefined]);
  });

  it("carries the key in the header alone", async () => {
    await using server = await startFakeMessages([playOf({ kind: "turn", turn: textTurn("ok") })]);
    await connect(server).turn(request(), new AbortController().signal);
    const [seen] = server.requests;
    expect(seen?.headers["x-api-key"] ?? seen?.headers.authorization).toContain(KEY);
    expect(JSON.stringify(seen?.body) + (seen?.path ?? "")).not.toContain(KEY);
  });

  describe("beside an environment that says otherwise", () => {
    afterEach(() => vi.unstubAllEnvs());

    it("goes where it was told with the key it was given", async () => {
      await using elsewhere = await startFakeMessages([]);
      await using server = await startFakeMessages([
        playOf({ kind: "turn", turn: textTurn("ok") }),
      ]);
      vi.stubEnv("ANTHROPIC_BASE_URL", elsewhere.url);
      vi.stubEnv("ANTHROPIC_API_KEY", "sk-ant-other");
      vi.stubEnv("ANTHROPIC_AUTH_TOKEN", "other-token");
      await connect(server).turn(request(), new AbortController().signal);
      expect(elsewhere.requests).toHaveLength(0);
      expect(JSON.stringify(server.requests[0]?.headers)).not.toContain("other");
    });
  });
});

describe("the schema of an answer", () => {
  const object = (properties: { [name: string]: Json }, rest: { [key: string]: Json } = {}) => ({
    type: "object",
    properties,
    required: Object.keys(properties),
    ...rest,
  });
  const asking = (inputSchema: { [key: string]: Json }): TurnRequest => ({
    ...request(),
    tools: [
      { name: "look", description: "Looks.", inputSchema: object({ a: { type: "string" } }) },
      { name: "finish", description: "Ends.", inputSchema, isAnswer: true },
    ],
  });
  const ok = playOf({ kind: "turn", turn: textTurn("ok") });
  const plain = object({ n: { type: "integer", minimum: 1 } });

  async function sent(schema: { [key: string]: Json }, holdsSchemas = true): Promise<unknown[]> {
    await using server = await startFakeMessages([ok]);
    const model = connect(server, { holdsSchemas });
    await model.turn(asking(schema), new AbortController().signal);
    return z.array(z.unknown()).parse(server.requests[0]?.body["tools"]);
  }

  it("is held by the API itself where it can, and no other tool's is", async () => {
    const [look, finish] = await sent(plain);
    expect(look).not.toHaveProperty("strict");
    expect(finish).toMatchObject({
      strict: true,
      input_schema: { additionalProperties: false, required: ["n"], properties: { n: {} } },
    });
  });

  it.each([
    [
      "an object with free keys",
      object({ counts: { type: "object", additionalProperties: true } }),
    ],
    ["an object without properties", object({ any: { type: "object" } })],
    ["a value of any kind", object({ any: {} })],
    ["open additional keys", object({ n: { type: "integer" } }, { additionalProperties: true })],
    ["a reference", object({ n: { $ref: "#/properties/m" }, m: { type: "integer" } })],
    ["a tuple", object({ pair: { type: "array", prefixItems: [{ type: "integer" }] } })],
    ["a list of anything", object({ list: { type: "array" } })],
    ["a choice of objects", object({ one: { enum: [{ a: 1 }, { a: 2 }] } })],
    [
      "more optional keys than it takes",
      {
        type: "object",
        properties: Object.fromEntries(
          Array.from({ length: 25 }, (_, n) => [`k${n}`, { type: "string" }]),
        ),
      },
    ],
  ])(
    "goes as it is with %s, of which the strict form would take something away",
    async (_, schema) => {
      const [, finish] = await sent(schema);
      expect(finish).toMatchObject({ input_schema: schema });
      expect(finish).not.toHaveProperty("strict");
    },
  );

  it("goes as it is to servers of which nobody knows", async () => {
    const [, finish] = await sent(plain, false);
    expect(finish).not.toHaveProperty("strict");
  });

  it("that the API refuses after all is sent as it is, at once and from then on", async () => {
    const refusal: Play = {
      kind: "status",
      status: 400,
      body: errorBody("invalid_request_error", "tools.1: Schema is too complex."),
    };
    await using server = await startFakeMessages([refusal, ok, ok]);
    const model = connect(server, { holdsSchemas: true });
    for (const _ of [1, 2]) await model.turn(asking(plain), new AbortController().signal);
    const strict = server.requests.map(({ text }) => text.includes('"strict":true'));
    expect(strict).toEqual([true, false, false]);
  });
});

describe("a count before anything is asked", () => {
  it("is the provider's own, and none where it does not count", async () => {
    const body = { input_tokens: 1234 };
    const missing = {
      kind: "status",
      status: 404,
      body: errorBody("not_found_error", "no"),
    } as const;
    await using server = await startFakeMessages([{ kind: "status", status: 200, body }, missing]);
    const model = connect(server);
    expect(await model.count?.(request(), new AbortController().signal)).toBe(1234);
    expect(await model.count?.(request(), new AbortController().signal)).toBeNull();
    const [seen] = server.requests;
    expect(seen?.path).toBe("/v1/messages/count_tokens");
    expect(Object.keys(seen?.body ?? {}).sort()).toEqual(["messages", "model", "system", "tools"]);
  });
});

describe("money", () => {
  it("is counted from what the provider reported", async () => {
    await using server = await startFakeMessages([playOf({ kind: "turn", turn: textTurn("ok") })]);
    const turn = await connect(server, { prices: () => price }).turn(
      request(),
      new AbortController().signal,
    );
    expect(turn.usage).toEqual({
      ...usage(),
      costUsd: (10 * 3 + 20 * 15 + 400 * 3.75 + 3000 * 0.3) / 1e6,
    });
  });

  it("is that of a longer prompt where those cost more, with all that was read from the cache", async () => {
    const rates = { inputUsd: 30, outputUsd: 150, cacheWriteUsd: 37.5, cacheReadUsd: 3 };
    const costWhen = async (promptTokens: number): Promise<number | null> => {
      const prices = (): Price => ({ ...price, beyond: { promptTokens, rates } });
      await using server = await startFakeMessages([
        playOf({ kind: "turn", turn: textTurn("ok") }),
      ]);
      const turn = await connect(server, { prices }).turn(request(), new AbortController().signal);
      return turn.usage.costUsd;
    };
    const { inputTokens, cacheReadTokens, cacheWriteTokens } = usage();
    const prompt = inputTokens + cacheReadTokens + cacheWriteTokens;
    const short = (await costWhen(prompt)) ?? 0;
    expect(short).toBeGreaterThan(0);
    expect(await costWhen(prompt - 1)).toBeCloseTo(short * 10, 9);
  });

  it("is unknown for a model without a price, not zero", async () => {
    await using server = await startFakeMessages([playOf({ kind: "turn", turn: textTurn("ok") })]);
    expect(
      (await connect(server).turn(request(), new AbortController().signal)).usage.costUsd,
    ).toBeNull();
  });
});

describe("a conversation near the edge of the model's context", () => {
  const CONTEXT = 200_000;
  const long = (chars: number): TurnRequest => ({
    ...request(),
    messages: [{ role: "user", content: [{ kind: "text", text: "x".repeat(chars) }] }],
  });
  const summary = {
    type: "compaction",
    content: "What happened so far.",
    encrypted_content: "c2ln",
  };
  const compacted: SseEvent[] = [
    messageStart,
    {
      type: "content_block_start",
      index: 0,
      content_block: { type: "compaction", content: null, encrypted_content: null },
    },
    { type: "content_block_delta", index: 0, delta: { ...summary, type: "compaction_delta" } },
    { type: "content_block_stop", index: 0 },
    { type: "content_block_start", index: 1, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "Going on." } },
    { type: "content_block_stop", index: 1 },
    {
      type: "message_delta",
      delta: { stop_reason: "end_turn", stop_sequence: null },
      usage: {
        input_tokens: 10,
        output_tokens: 20,
        cache_creation_input_tokens: 400,
        cache_read_input_tokens: 3000,
        iterations: [
          {
            type: "compaction",
            input_tokens: 100_000,
            output_tokens: 2_000,
            cache_creation_input_tokens: 0,
            cache_read_input_tokens: 50_000,
          },
          {
            type: "message",
            input_tokens: 10,
            output_tokens: 20,
            cache_creation_input_tokens: 400,
            cache_read_input_tokens: 3000,
          },
        ],
      },
    },
    { type: "message_stop" },
  ];
  const stream = (events: readonly SseEvent[]): Play => ({ kind: "stream", events, after: "end" });

  it("is summed up by the provider, which is paid for, and goes on from the summary", async () => {
    await using server = await startFakeMessages([
      stream(compacted),
      stream(compacted.filter((_, n) => n !== 1 && n !== 2 && n !== 3)),
    ]);
    const model = connect(server, { prices: () => price, compactedAt: () => CONTEXT });
    const asked = long(CONTEXT * 0.7 * 3);
    const turn = await model.turn(asked, new AbortController().signal);
    expect(turn.content).toEqual([
      { kind: "opaque", block: summary },
      { kind: "text", text: "Going on." },
    ]);
    expect(turn.usage).toMatchObject({
      inputTokens: 100_010,
      outputTokens: 2_020,
      cacheReadTokens: 53_000,
    });
    expect(turn.usage.costUsd).toBeCloseTo(
      (100_010 * 3 + 2_020 * 15 + 400 * 3.75 + 53_000 * 0.3) / 1e6,
    );

    const next = {
      ...request(),
      messages: [...request().messages, { role: "assistant" as const, content: turn.content }],
    };
    await model.turn(
      { ...next, messages: [...next.messages, ...request().messages] },
      new AbortController().signal,
    );
    const [first, second] = server.requests;
    expect(first?.headers["anthropic-beta"]).toContain("compact-2026-01-12");
    expect(first?.body["context_management"]).toEqual({
      edits: [{ type: "compact_20260112", trigger: { type: "input_tokens", value: 140_000 } }],
    });
    expect(second?.headers["anthropic-beta"]).toContain("compact-2026-01-12");
    expect(JSON.stringify(second?.body["messages"])).toContain(JSON.stringify(summary));
  });

  it.each([
    ["a shorter one", CONTEXT * 2, () => CONTEXT],
    ["a model whose conversations nobody sums up", CONTEXT * 3, () => null],
  ])("asks for nothing in %s", async (_, chars, compactedAt) => {
    await using server = await startFakeMessages([playOf({ kind: "turn", turn: textTurn("ok") })]);
    await connect(server, { compactedAt }).turn(long(chars), new AbortController().signal);
    expect(server.requests[0]?.headers["anthropic-beta"]).toBeUndefined();
    expect(server.requests[0]?.body["context_management"]).toBeUndefined();
  });
});

describe("the provider's limits", () => {
  const headers = {
    "anthropic-ratelimit-requests-limit": "1000",
    "anthropic-ratelimit-requests-remaining": "999",
    "anthropic-ratelimit-output-tokens-limit": "many",
    "anthropic-ratelimit-output-tokens-remaining": "5",
  };
  const stated = {
    requests: { limit: 1000, remaining: 999 },
    inputTokens: null,
    outputTokens: null,
  };

  it("are heard before the answer streams, and what makes no sense counts as not stated", async () => {
    const events = eventsOf(textTurn("ok"));
    await using server = await startFakeMessages([
      { kind: "stream", events, after: "end", headers },
    ]);
    const heard: unknown[] = [];
    await connect(server).turn(request(), new AbortController().signal, {
      limits: (limits) => heard.push(limits),
      streaming: () => heard.push("streaming"),
    });
    expect(heard).toEqual([stated, "streaming"]);
  });

  it("are heard with a refusal as well", async () => {
    const body = errorBody("rate_limit_error", "slow down");
    await using server = await startFakeMessages([{ kind: "status", status: 429, headers, body }]);
    const heard: unknown[] = [];
    const turn = connect(server).turn(request(), new AbortController().signal, {
      limits: (limits) => heard.push(limits),
      streaming: () => heard.push("streaming"),
    });
    await expect(turn).rejects.toMatchObject({ kind: "rate-limit" });
    expect(heard).toEqual([stated]);
  });
});

describe("a call of a tool", () => {
  const calling = (stopReason: string, ...pieces: readonly string[]): Play => ({
    kind: "stream",
    events: [
      messageStart,
      {
        type: "content_block_start",
        index: 0,
        content_block: { type: "tool_use", id: "tool_1", name: "finish", input: {} },
      },
      ...pieces.map((partial_json) => ({
        type: "content_block_delta",
        index: 0,
        delta: { type: "input_json_delta", partial_json },
      })),
      { type: "content_block_stop", index: 0 },
      {
        type: "message_delta",
        delta: { stop_reason: stopReason, stop_sequence: null },
        usage: { output_tokens: 900 },
      },
      { type: "message_stop" },
    ],
    after: "end",
  });
  const turnOf = async (play: Play) => {
    await using server = await startFakeMessages([play]);
    return await connect(server).turn(request(), new AbortController().signal);
  };

  it.each([
    ["that is no JSON", ['{"a": ', "nonsense}"], "not JSON"],
    ["with half of an object", ['{"path": "a.ts", "content": "hal'], "not JSON"],
    ["with something behind the object", ['{"a": 1}', " }"], "not JSON"],
    ["that is a list", ["[1, 2]"], "not a JSON object"],
  ])(
    "with an input %s is the model's mistake, said as such and paid for in full",
    async (...[, pieces, why]) => {
      const { content, usage: used } = await turnOf(calling("tool_use", ...pieces));
      expect(content).toEqual([
        {
          kind: "tool-use",
          id: "tool_1",
          name: "finish",
          input: {},
          unreadable: expect.stringContaining(why),
        },
      ]);
      expect(used.outputTokens).toBe(900);
    },
  );

  it("that was cut in the middle ends its turn like any other that is too long", async () => {
    const turn = await turnOf(calling("max_tokens", '{"path": "a.ts", "content": "hal'));
    expect(turn).toMatchObject({ stopReason: "max-tokens", usage: { outputTokens: 900 } });
  });

  it("counts by itself where the turn stopped for a reason that nobody knows yet", async () => {
    const turn = await turnOf(calling("reason_of_next_year", '{"a": 1}'));
    expect(turn).toMatchObject({ stopReason: "end", content: [{ input: { a: 1 } }] });
  });
});

describe("an unwanted turn", () => {
  it("tells what it had cost by then", async () => {
    await using server = await startFakeMessages([
      { kind: "stream", events: [messageStart], after: "hang" },
    ]);
    const clock = new ManualClock();
    const stop = new AbortController();
    const used: unknown[] = [];
    const turn = connect(server, { clock }).turn(request(), stop.signal, {
      spent: (usage) => used.push(usage),
    });
    const rejection = turn.catch((error: unknown) => error);
    await heard(clock, messageStart.type);
    stop.abort(new Error("enough"));
    expect(await rejection).toMatchObject({ message: "enough" });
    expect(used).toEqual([
      {
        inputTokens: 11,
        outputTokens: 1,
        cacheWriteTokens: 22,
        cacheReadTokens: 33,
        costUsd: null,
      },
    ]);
  });
});

describe("an error", () => {
  const table: [string, number, unknown, Record<string, string>, ModelErrorKind, number | null][] =
    [
      [
        "429 with a time in seconds",
        429,
        errorBody("rate_limit_error", "slow"),
        { "retry-after": "7" },
        "rate-limit",
        7000,
      ],
      [
        "429 with a time in milliseconds",
        429,
        errorBody("rate_limit_error", "slow"),
        { "retry-after-ms": "250", "retry-after": "1" },
        "rate-limit",
        250,
      ],
      ["429 that says nothing", 429, errorBody("rate_limit_error", "slow"), {}, "rate-limit", null],
      [
        "429 with a broken time",
        429,
        errorBody("rate_limit_error", "slow"),
        { "retry-after": "soon" },
        "rate-limit",
        null,
      ],
      [
        "429 with a time that nobody can wait for",
        429,
        errorBody("rate_limit_error", "slow"),
        { "retry-after": "1e300" },
        "rate-limit",
        3_600_000,
      ],
      [
        "429 of the tier's spend cap",
        429,
        errorBody("rate_limit_error", "cap", "enforced_spend_limit_reached"),
        {},
        "spend-cap",
        null,
      ],
      [
        "400 of the customer's own spend limit",
        400,
        errorBody(
          "invalid_request_error",
          "You have reached your specified API usage limits: spend limit",
        ),
        {},
        "spend-cap",
        null,
      ],
      ["402", 402, errorBody("billing_error", "pay"), {}, "spend-cap", null],
      ["529", 529, errorBody("overloaded_error", "Overloaded"), {}, "overloaded", null],
      [
        "529 with a time",
        529,
        errorBody("overloaded_error", "Overloaded"),
        { "retry-after": "3" },
        "overloaded",
        3000,
      ],
      ["500", 500, errorBody("api_error", "oops"), {}, "overloaded", null],
      ["503 without a body of ours", 503, "bad gateway", {}, "overloaded", null],
      ["400", 400, errorBody("invalid_request_error", "tools.0: bad"), {}, "invalid-request", null],
      [
        "400 for a prompt that is too long",
        400,
        errorBody("invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"),
        {},
        "context-too-long",
        null,
      ],
      ["413", 413, errorBody("request_too_large", "too large"), {}, "context-too-long", null],
      ["401", 401, errorBody("authentication_error", "invalid key"), {}, "authentication", null],
      ["403", 403, errorBody("permission_error", "not yours"), {}, "authentication", null],
      ["404", 404, errorBody("not_found_error", "model: nope"), {}, "invalid-request", null],
    ];

  it.each(table)("%s", async (...[, status, body, headers, kind, retryAfterMs]) => {
    const error = await failWith({ kind: "status", status, headers, body });
    expect(error).toMatchObject({ kind, retryAfterMs, usage: null });
  });

  it("429 of a month's limit says when that renews", async () => {
    const error = await failWith({
      kind: "status",
      status: 429,
      headers: {},
      body: errorBody("rate_limit_error", "cap", "enforced_spend_limit_reached"),
    });
    const now = new Date();
    const first = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
    const day = new Date(first).toISOString().slice(0, 10);
    expect(error.message).toContain(`The limit of a month renews on ${day} at 00:00 UTC.`);
  });

  it("429 with a date is waited for until then", async () => {
    const error = await failWith({
      kind: "status",
      status: 429,
      headers: { "retry-after": new Date(Date.now() + 20_000).toUTCString() },
      body: errorBody("rate_limit_error", "slow"),
    });
    expect(error.retryAfterMs).toBeGreaterThan(10_000);
    expect(error.retryAfterMs).toBeLessThanOrEqual(20_000);
  });

  it("in the middle of the stream is sorted by its type, and what it cost is kept", async () => {
    const error = await failWith({
      kind: "stream",
      events: [
        messageStart,
        { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
      ],
      after: "end",
    });
    expect(error).toMatchObject({ kind: "overloaded", transient: true });
    expect(error.usage).toEqual({
      inputTokens: 11,
      outputTokens: 1,
      cacheWriteTokens: 22,
      cacheReadTokens: 33,
      costUsd: (11 * 3 + 15 + 22 * 3.75 + 33 * 0.3) / 1e6,
    });
  });

  it.each([
    ["invalid_request_error", "invalid-request"],
    ["rate_limit_error", "rate-limit"],
    ["authentication_error", "authentication"],
    ["a_type_of_next_year", "network"],
  ] as const)("in the middle of the stream of the type %s is %s", async (type, kind) => {
    const error = await failWith({
      kind: "stream",
      events: [messageStart, { type: "error", error: { type, message: "no" } }],
      after: "end",
    });
    expect(error.kind).toBe(kind);
  });

  it("when the socket dies in the middle is one of the network, with its cost", async () => {
    const whole = eventsOf(textTurn("a long answer"));
    const error = await failWith({ kind: "stream", events: whole.slice(0, 4), after: "cut" });
    expect(error).toMatchObject({ kind: "network", usage: { inputTokens: 10 } });
  });

  it("when the answer ends without an end is one of the network, with its cost", async () => {
    const whole = eventsOf(textTurn("a long answer"));
    const error = await failWith({ kind: "stream", events: whole.slice(0, -1), after: "end" });
    expect(error).toMatchObject({ kind: "network", usage: { outputTokens: 20 } });
  });

  it("when the answer has no events at all is one of the network", async () => {
    expect(await failWith({ kind: "stream", events: [], after: "end" })).toMatchObject({
      kind: "network",
      usage: null,
    });
  });

  it("before the answer begins is one of the network", async () => {
    expect(await failWith({ kind: "reset" })).toMatchObject({ kind: "network", usage: null });
  });

  it("when the conversation has filled the context says so", async () => {
    const [start, ...rest] = eventsOf(textTurn("I"));
    const events = [start ?? messageStart, ...rest].map((event) =>
      event.type === "message_delta"
        ? { ...event, delta: { stop_reason: "model_context_window_exceeded" } }
        : event,
    );
    expect(await failWith({ kind: "stream", events, after: "end" })).toMatchObject({
      kind: "context-too-long",
      usage: { outputTokens: 20 },
    });
  });

  it("tells a person what happened and never shows the key", async () => {
    const error = await failWith({
      kind: "status",
      status: 401,
      body: errorBody("authentication_error", `invalid key ${KEY}`),
    });
    expect(error.message).toContain("Check that it is valid");
    expect(error.message).toContain("invalid key [key]");
    expect(error.message).not.toContain(KEY);
  });
});

// The adapter asks the time when a turn begins, twice, when the headers come, and for each piece that it hears.
async function heard(clock: ManualClock, ...pieces: readonly string[]): Promise<void> {
  await vi.waitFor(() => expect(clock.asked).toBeGreaterThanOrEqual(3 + pieces.length), 60_000);
  // From the piece to the event it holds there are only promises.
  for (let tick = 0; tick < 10; tick++) await new Promise((resolve) => setImmediate(resolve));
}

describe("silence", () => {
  const idleMs = 90_000;

  function startTurn(server: FakeMessages, clock: ManualClock): Promise<unknown> {
    return connect(server, { clock, idleMs })
      .turn(request(), new AbortController().signal)
      .catch((error: unknown) => error);
  }

  it("P68 in the middle of a stream ends the turn, and what it cost is kept", async () => {
    await using server = await startFakeMessages([
      { kind: "stream", events: [messageStart], after: "hang" },
    ]);
    const clock = new ManualClock();
    const turn = startTurn(server, clock);
    await heard(clock, messageStart.type);
    await clock.advance(idleMs);
    expect(await turn).toMatchObject({
      kind: "stalled",
      transient: true,
      usage: { inputTokens: 11 },
    });
  });

  it("after the headers ends the turn too", async () => {
    await using server = await startFakeMessages([{ kind: "stream", events: [], after: "hang" }]);
    const clock = new ManualClock();
    const turn = startTurn(server, clock);
    await heard(clock);
    await clock.advance(idleMs);
    expect(await turn).toMatchObject({ kind: "stalled", usage: null });
  });

  it("P68 is not what a model keeps that only pings while it thinks", async () => {
    await using server = await startFakeMessages([
      { kind: "stream", events: [messageStart], after: "hang" },
    ]);
    const clock = new ManualClock();
    let over = false;
    const turn = startTurn(server, clock).finally(() => (over = true));
    await heard(clock, messageStart.type);
    for (const _minute of [1, 2, 3]) {
      await clock.advance(60_000);
      const before = clock.asked;
      server.push({ type: "ping" });
      await vi.waitFor(() => expect(clock.asked).toBeGreaterThan(before), 60_000);
    }
    expect(over).toBe(false);
    await clock.advance(idleMs);
    expect(await turn).toMatchObject({ kind: "stalled" });
  });

  it("leaves no sleeper behind a turn that went well", async () => {
    await using server = await startFakeMessages([playOf({ kind: "turn", turn: textTurn("ok") })]);
    const clock = new ManualClock();
    await connect(server, { clock }).turn(request(), new AbortController().signal);
    await clock.advance(0);
    expect(clock.waiting).toBe(0);
  });
});
