// A client on a GitHub that nock plays, with a clock that never keeps anyone waiting.

import { generateKeyPairSync } from "node:crypto";

import nock from "nock";

import { createOpenForge } from "../../../src/outside/github/forge.ts";
import { openClients } from "../../../src/outside/github/octokit.ts";
import { createMemoryLog } from "../../../src/outside/memory/log.ts";
import type { Clock } from "../../../src/world/clock.ts";
import type { RepositoryRef } from "../../../src/world/forge.ts";

export const api = "https://api.example.test";
export const ref: RepositoryRef = {
  installationId: 7,
  repositoryId: 42,
  owner: "acme",
  name: "site",
};
export const token = `ghs_${"a".repeat(36)}`;

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

/** Sleeping moves the time and costs none. */
export function createHastyClock(): Clock & { slept: number[] } {
  let now = Date.UTC(2026, 0, 1);
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    monotonic: () => now,
    async sleep(ms) {
      slept.push(ms);
      now += ms;
    },
  };
}

export async function openFixture() {
  const clock = createHastyClock();
  const log = createMemoryLog();
  /** Each wait for GitHub's limits, in milliseconds. */
  const waits: number[] = [];
  const apiUrl = `${api}/`;
  const onWait = (ms: number): void => void waits.push(ms);
  const clients = openClients({ board: null, appId: 1, privateKey, apiUrl, clock, log, onWait });
  const openForge = createOpenForge({
    clients,
    webUrl: "https://web.example.test/",
  });
  return { clock, log, waits, clients, forge: await openForge(ref) };
}

/** What every conversation with GitHub begins with: who we are, and a token. */
export function greet(): nock.Scope {
  const scope = nock(api);
  scope.get("/app").optionally().reply(200, { id: 1, slug: "fanfold" });
  scope
    .post("/app/installations/7/access_tokens")
    .optionally()
    .reply(201, { token, expires_at: "2099-01-01T00:00:00Z", permissions: {} });
  return scope;
}

export const comment = (fields: object) => ({
  id: 5,
  html_url: "https://web.example.test/c/5",
  body: "text",
  user: { login: "fanfold[bot]" },
  performed_via_github_app: null,
  ...fields,
});

export const pull = (fields: object) => ({
  number: 9,
  html_url: "https://web.example.test/p/9",
  title: "t",
  body: null,
  state: "open",
  merged_at: null,
  draft: true,
  head: { ref: "fanfold/r/result", sha: "a".repeat(40), repo: { id: 42 } },
  base: { ref: "main", sha: "b".repeat(40), repo: { id: 42 } },
  ...fields,
});
