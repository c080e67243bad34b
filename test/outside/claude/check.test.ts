// Whether the key works and a model is there, by each provider's way: nothing is spent, and refusals come in our words.

import { createServer, type RequestListener } from "node:http";

import { afterEach, describe, expect, it } from "vitest";

import { createModelCheck } from "../../../src/outside/claude/check.ts";
import { reachBedrock } from "../../../src/outside/claude/clouds.ts";
import { reachAnthropic } from "../../../src/outside/claude/reach.ts";

const KEY = "key-of-a-test-0123456789";
const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

/** A server with one answer to everything, and what it was asked. */
async function answering(status: number, body: object) {
  const asked: string[] = [];
  const answer: RequestListener = (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  };
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => server.close().closeAllConnections());
  const address = server.address();
  const port = typeof address === "object" ? address?.port : null;
  return { baseUrl: `http://127.0.0.1:${port}`, asked };
}

const listed = (...ids: string[]) => ({
  data: ids.map((id) => ({ type: "model", id, display_name: id, created_at: "2026-01-01" })),
  has_more: false,
});
const refusal = (type: string) => ({ type: "error", error: { type, message: `no: ${KEY}` } });

describe("Anthropic's way", () => {
  const check = ({ baseUrl }: { baseUrl: string }) =>
    createModelCheck(() => reachAnthropic({ apiKey: KEY, baseUrl }));

  it("finds a model in the list, under its date as well, and asks for nothing but the list", async () => {
    const server = await answering(200, listed("claude-opus-4-5-20251101", "other"));
    expect(await check(server)("other")).toEqual({ kind: "there" });
    expect(await check(server)("claude-opus-4-5")).toEqual({ kind: "there" });
    expect(new Set(server.asked)).toEqual(new Set(["GET /v1/models?limit=1000"]));
  });

  it("does not take the list of another server for complete, nor one that has none for a refusal", async () => {
    const some = await answering(200, listed("one", "two"));
    const why = expect.stringMatching(/takes the key and lists one, two/);
    expect(await check(some)("three")).toEqual({ kind: "untold", why });
    const none = await answering(404, refusal("not_found_error"));
    expect(await check(none)("three")).toMatchObject({ kind: "untold" });
  });

  it("says that the key was refused, without the key", async () => {
    const server = await answering(401, refusal("authentication_error"));
    const refused = check(server)("one");
    await expect(refused).rejects.toMatchObject({ kind: "authentication" });
    await expect(refused).rejects.not.toThrow(KEY);
  });
});

describe("Bedrock's way", () => {
  const check = ({ baseUrl }: { baseUrl: string }) =>
    createModelCheck(() => reachBedrock({ region: "eu-west-1", apiKey: KEY, baseUrl }));
  const said = (message: string) => ({ message });

  it("is a message without words, whose refusal tells that all else is well", async () => {
    const server = await answering(400, said("messages: at least one message is required"));
    expect(await check(server)("claude-opus-4-5")).toEqual({ kind: "there" });
    expect(server.asked).toEqual([expect.stringContaining("global.anthropic.claude-opus-4-5")]);
  });

  it("tells a model that is not there from one that is", async () => {
    const server = await answering(400, said("The provided model identifier is invalid."));
    expect(await check(server)("nothing")).toMatchObject({ kind: "not-there" });
  });

  it("says that the credentials were refused", async () => {
    const server = await answering(403, said("The security token is invalid."));
    await expect(check(server)("any")).rejects.toMatchObject({ kind: "authentication" });
  });
});
