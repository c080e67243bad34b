import nock from "nock";
import { beforeEach, expect, it } from "vitest";

import { redact } from "../../../src/outside/github/redact.ts";
import { createOpenAccess } from "../../../src/outside/github/remote.ts";
import { api, openFixture, ref } from "./fixture.ts";

beforeEach(() => nock.cleanAll());

async function openAccess() {
  const { clients, clock } = await openFixture();
  const open = createOpenAccess({ tokens: clients.tokens, webUrl: "https://web.example.test/" });
  return { clock, open };
}

const answer = (clock: { now(): number }, token: string, minutes: number) => ({
  token,
  expires_at: new Date(clock.now() + minutes * 60_000).toISOString(),
});

it("asks for a token of one repository and contents only, and keeps it out of the address", async () => {
  const { clock, open } = await openAccess();
  let asked: unknown;
  nock(api)
    .post("/app/installations/7/access_tokens", (body) => {
      asked = body;
      return true;
    })
    .reply(201, answer(clock, "ghs_secret", 60));
  const access = open(ref);
  expect(await access.header()).toBe(
    `Authorization: Basic ${Buffer.from("x-access-token:ghs_secret").toString("base64")}`,
  );
  expect(asked).toEqual({ repository_ids: [42], permissions: { contents: "write" } });
  expect(access.url).toBe("https://web.example.test/acme/site.git");
});

it("keeps a token while it has more than five minutes, and gets another after", async () => {
  const { clock, open } = await openAccess();
  nock(api)
    .post("/app/installations/7/access_tokens")
    .reply(201, answer(clock, "first", 60));
  const header = (token: string) => Buffer.from(`x-access-token:${token}`).toString("base64");
  expect(await open(ref).header()).toContain(header("first"));
  await clock.sleep(54 * 60_000);
  expect(await open(ref).header()).toContain(header("first"));
  await clock.sleep(2 * 60_000);
  nock(api)
    .post("/app/installations/7/access_tokens")
    .reply(201, answer(clock, "second", 60));
  expect(await open(ref).header()).toContain(header("second"));
});

it("does not remember a failed minting", async () => {
  const { clock, open } = await openAccess();
  nock(api)
    .post("/app/installations/7/access_tokens")
    .reply(404, { message: "Not Found" })
    .post("/app/installations/7/access_tokens")
    .reply(201, answer(clock, "later", 60));
  const access = open(ref);
  await expect(access.header()).rejects.toMatchObject({ name: "RemoteError", transient: false });
  await expect(access.header()).resolves.toContain("Basic");
});

it.each([
  `ghs_${"A1".repeat(18)}`,
  `ghs_12345_eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJmYW5mb2xkIn0.c2ln-bmF0_dXJl`,
  `github_pat_${"a1_".repeat(20)}`,
  "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJmYW5mb2xkIn0.c2ln-bmF0dXJl",
  "Basic eC1hY2Nlc3MtdG9rZW46Z2hzX3NlY3JldA==",
])("redacts %s", (secret) => {
  const shown = redact(`fatal: could not read with ${secret}, sorry`);
  expect(shown).toContain("[redacted]");
  expect(shown).toContain("sorry");
  const parts = secret.split(/[ .]/).filter((part) => part.length > 8);
  expect(parts.filter((part) => shown.includes(part))).toEqual([]);
});

it("redacts a password in an address and leaves plain text alone", () => {
  expect(redact("https://x-access-token:abc@github.com/a/b")).toBe(
    "https://[redacted]@github.com/a/b",
  );
  const plain = "token bucket, basic rules and ghs_ prefixes of commit 0123456789abcdef";
  expect(redact(plain)).toBe(plain);
});
