// What the App asks of its owner: the path that really answers, and no more power than the work takes.

import { generateKeyPairSync } from "node:crypto";
import { readFile } from "node:fs/promises";

import { expect, it } from "vitest";

import { connect } from "../../src/app.ts";
import { readEnv } from "../../src/config/env.ts";
import { neededEvents, neededPermissions } from "../../src/doctor/asked-of-owners.ts";
import { type AppFile, readAppFile } from "../../src/setup/manifest.ts";
import { createMemoryLog } from "../../src/outside/memory/log.ts";

const manifest = async (): Promise<AppFile> =>
  readAppFile(await readFile(new URL("../../app.yml", import.meta.url), "utf8"));

it("deliveries go to the path the server listens on", async () => {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 1024,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const { webhookPath } = readEnv({
    APP_ID: "1",
    PRIVATE_KEY: privateKey,
    WEBHOOK_SECRET: "0123456789abcdef0123456789abcdef",
    ANTHROPIC_API_KEY: "key",
  });
  const { hook_attributes: hook } = await manifest();
  expect(new URL(hook.url).pathname).toBe(webhookPath);
});

it("the App subscribes to exactly the events it acts on", async () => {
  const handled: string[] = [];
  const on = (name: string | string[]) => handled.push(...[name].flat());
  const intake = { take: () => Promise.resolve() };
  connect(
    { on },
    {
      log: createMemoryLog(),
      intake,
      heard: { note: () => {} },
      serves: () => true,
    },
  );
  const events = handled
    .map((name) => name.split(".")[0] ?? "")
    // GitHub sends these to every App, whether it asks for them or not.
    .filter((event) => !event.startsWith("installation"));
  expect((await manifest()).default_events).toEqual([...new Set(events)]);
});

it("the doctor misses exactly what the App asks for", async () => {
  const { default_permissions: asked, default_events: events } = await manifest();
  const needed = Object.entries(neededPermissions).map(([name, { level }]) => [name, level]);
  expect(asked).toEqual(Object.fromEntries(needed));
  expect(events).toEqual(Object.keys(neededEvents));
});

it("the App asks for these permissions and no other", async () => {
  expect((await manifest()).default_permissions).toEqual({
    metadata: "read",
    contents: "write",
    pull_requests: "write",
    issues: "write",
    checks: "write",
    actions: "read",
    statuses: "read",
  });
});
