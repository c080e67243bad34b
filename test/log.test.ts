// What reaches the log: words about errors, never what hangs on them, and no secret.

import { expect, it } from "vitest";

import { createLog } from "../src/log.ts";
import { createMemoryLog } from "../src/outside/memory/log.ts";

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
