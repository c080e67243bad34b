// What reaches the log: words about errors, never what hangs on them, and no secret.

import { APIError } from "@anthropic-ai/sdk";
import { expect, it } from "vitest";
import { z } from "zod";

import { ModelError } from "../src/agent/model.ts";
import { createLog } from "../src/log.ts";
import { classify } from "../src/outside/claude/classify.ts";
import { createMemoryLog } from "../src/outside/memory/log.ts";
import { attack } from "./attacks/load.ts";

const Leaky = z.object({ error: z.object({ message: z.string(), config: z.unknown() }) });
const KeyLeak = z.object({
  model_client_error: z.object({ headers: z.object({ "x-api-key": z.string() }) }),
});

function logged(fields: object, message = "Something failed."): string {
  const memory = createMemoryLog();
  createLog(memory).error(fields, message);
  return JSON.stringify(memory.lines);
}

it("an error keeps its message and its causes", () => {
  const error = new TypeError("outer", { cause: new Error("inner") });
  const text = logged({ err: error });
  expect(text).toContain("TypeError");
  expect(text).toContain("outer");
  expect(text).toContain("inner");
});

it("an error loses the request and the payload that hang on it", () => {
  const error = Object.assign(new Error("refused"), {
    event: { payload: "a stranger's words" },
    request: { headers: { authorization: "hunter2" } },
  });
  expect(logged({ err: error })).not.toMatch(/stranger|hunter2/u);
});

it.each([
  ["a token of an installation", `ghs_${"a".repeat(36)}`],
  ["a long token", `ghs_1234_eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxMjM0NSJ9.c2lnbmF0dXJlLXNpZ25hdHVyZQ`],
  ["a model key", `sk-ant-api03-${"b".repeat(40)}`],
  ["a private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKC\n-----END RSA PRIVATE KEY-----"],
])("%s is hidden, wherever it stands", (_, secret) => {
  const cause = new Error(`cause ${secret}`);
  const text = logged(
    { err: new Error(`says ${secret}`, { cause }), note: secret },
    `now ${secret}`,
  );
  expect(text).not.toContain(secret.split("\n").at(-2) ?? secret);
  expect(text).not.toContain(JSON.stringify(secret).slice(1, -1));
});

it("a chain of causes that bites its tail ends", () => {
  const error = new Error("ouroboros");
  error.cause = error;
  expect(logged({ err: error })).toContain("ouroboros");
});

it(`secret-011: ${attack("outgoing.jsonl", "secret-011").expected}`, () => {
  const { error: given } = Leaky.parse(attack("outgoing.jsonl", "secret-011").input);
  const memory = createMemoryLog();
  const error = Object.assign(new Error(given.message), { config: given.config });
  createLog(memory, { dataDir: "/srv/bot" }).error(
    { err: error, at: "/srv/bot/runs" },
    "In /srv/bot.",
  );
  const text = JSON.stringify(memory.lines);
  expect(text).toContain("ENOENT FANFOLD_DATA/keys/app.pem");
  expect(text).not.toMatch(/\/srv\/bot|authorization|ghs_/u);
});

it(`system-005: ${attack("system.jsonl", "system-005").expected}`, () => {
  const { model_client_error: given } = KeyLeak.parse(attack("system.jsonl", "system-005").input);
  const key = given.headers["x-api-key"];
  const body = { error: { type: "authentication_error", message: `invalid x-api-key ${key}` } };
  const failure = APIError.generate(401, body, undefined, new Headers(given.headers));
  const error = classify(failure, { usage: null, secrets: [key] });
  expect(error).toBeInstanceOf(ModelError);
  const memory = createMemoryLog();
  createLog(memory, { secrets: [key] }).error({ err: error }, "An agent failed.");
  const text = JSON.stringify(memory.lines);
  expect(text).toContain("The model provider refused the key");
  expect(text).not.toMatch(/sk-ant|headers/u);
  expect(String(error)).not.toContain(key);
});
