// Attacks on the entrance: what the bot starts with, what it takes in, and what its own pages give away.

import { createHmac } from "node:crypto";
import { once } from "node:events";
import { request as ask } from "node:http";
import { connect as dial } from "node:net";

import nock from "nock";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";

import { EnvError, readEnv } from "../../src/config/env.ts";
import { dashboardHandler } from "../../src/dashboard/handler.ts";
import { createFrontDoor, type FrontDoor } from "../../src/front-door.ts";
import { createMemoryLog } from "../../src/outside/memory/log.ts";
import { type AttackCase, attack } from "../attacks/load.ts";
import { settingsOf } from "./bot-process.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const PATH = "/api/github/webhooks";
const log = createMemoryLog();
let received = 0;
let verified = 0;

const door: FrontDoor = {
  webhookPath: PATH,
  verify: async (body, signature) => {
    verified += 1;
    return signature === sign("sha256", body);
  },
  receive: async (_, response) => {
    received += 1;
    response.writeHead(200).end();
  },
  pages: dashboardHandler({ runs: () => [], now: () => 0 }),
  busy: () => false,
  answered: () => {},
  unready: async () => null,
  now: Date.now,
  log,
};
const server = createFrontDoor(door);
let port = 0;

beforeAll(async () => {
  // Requests are sent byte by byte here, to this machine alone; nock would read them first.
  nock.restore();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  port = address !== null && typeof address === "object" ? address.port : 0;
});
afterAll(() => {
  nock.activate();
  server.closeAllConnections();
  server.close();
});

const sign = (algorithm: string, body: string): string =>
  `${algorithm}=${createHmac(algorithm, SECRET).update(body).digest("hex")}`;

interface Asking {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Sends exactly these headers, `host` included, as `fetch` would not. */
function send({ method = "GET", path, headers = {}, body = "" }: Asking) {
  return new Promise<{ status: number; location: string | null; text: string }>(
    (resolve, reject) => {
      const asked = ask({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
        let text = "";
        answer.on("data", (chunk) => (text += String(chunk)));
        answer.on("end", () =>
          resolve({
            status: answer.statusCode ?? 0,
            location: answer.headers.location ?? null,
            text,
          }),
        );
      });
      asked.on("error", reject);
      asked.end(body);
    },
  );
}

const titled = (file: string, id: string): [string, AttackCase] => {
  const found = attack(file, id);
  return [`${id}: ${found.expected}`, found];
};
const field = ({ input }: AttackCase, name: string): string =>
  String(typeof input === "string" ? "" : input[name]);

it(`webhook-001: ${attack("webhook.jsonl", "webhook-001").expected}`, async () => {
  const body = "{}";
  const headers = { "x-hub-signature": sign("sha1", body), "x-github-event": "issue_comment" };
  expect((await send({ method: "POST", path: PATH, headers, body })).status).toBe(400);
  expect(received).toBe(0);
  const signed = { ...headers, "x-hub-signature-256": sign("sha256", body) };
  expect((await send({ method: "POST", path: PATH, headers: signed, body })).status).toBe(200);
  expect(received).toBe(1);
});

it(`webhook-002: ${attack("webhook.jsonl", "webhook-002").expected}`, async () => {
  const { body_bytes: bytes } = z
    .object({ body_bytes: z.int() })
    .parse(attack("webhook.jsonl", "webhook-002").input);
  const before = verified;
  // The announcement is enough: not a byte of the body is sent.
  const socket = dial(port, "127.0.0.1");
  socket.write(
    `POST ${PATH} HTTP/1.1\r\nhost: localhost\r\nx-hub-signature-256: x\r\ncontent-length: ${bytes}\r\n\r\n`,
  );
  const [answer] = await once(socket, "data");
  socket.destroy();
  expect(String(answer)).toMatch(/^HTTP\/1.1 413/);
  expect(verified).toBe(before);
});

it.each([titled("webhook.jsonl", "webhook-003"), titled("outgoing.jsonl", "secret-009")])(
  "%s",
  () => {
    for (const secret of ["", "development", "x".repeat(31)]) {
      const start = (): unknown => readEnv(settingsOf({ WEBHOOK_SECRET: secret }));
      expect(start).toThrow(EnvError);
      expect(start).toThrow(/WEBHOOK_SECRET is/);
    }
    // What was set is not repeated.
    const short = "x".repeat(31);
    expect(() => readEnv(settingsOf({ WEBHOOK_SECRET: short }))).not.toThrow(new RegExp(short));
    expect(readEnv(settingsOf({})).webhookSecret).toBe(SECRET);
  },
);

it(`webhook-004: ${attack("webhook.jsonl", "webhook-004").expected}`, async () => {
  const start = (): unknown => readEnv(settingsOf({ APP_ID: "", NODE_ENV: "development" }));
  expect(start).toThrow(/APP_ID is not set/);
  for (const path of ["/probot", "/probot/setup", "/probot/import", "/probot/success", "/"]) {
    for (const method of ["GET", "POST"]) {
      const { status, location } = await send({ method, path });
      expect([status, location]).toEqual([404, null]);
    }
  }
});

it(`dashboard-001: ${attack("dashboard.jsonl", "dashboard-001").expected}`, async () => {
  // There is no login to send anybody to: pages are for this machine, and to all others they do not exist.
  const path = field(attack("dashboard.jsonl", "dashboard-001"), "get");
  for (const host of ["runs.attacker.example", "attacker.example:3000", "10.0.0.7"]) {
    for (const page of [path, "/runs", "/runs.json"]) {
      expect((await send({ path: page, headers: { host } })).status).toBe(404);
    }
  }
  expect((await send({ path: "/runs", headers: { host: "localhost" } })).status).toBe(200);
  expect((await send({ path, headers: { host: "localhost" } })).status).toBe(404);
});

it(`dashboard-002: ${attack("dashboard.jsonl", "dashboard-002").expected}`, async () => {
  const found = attack("dashboard.jsonl", "dashboard-002");
  const headers = { host: "localhost", origin: field(found, "origin") };
  // Nothing can be changed there, whoever asks.
  for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
    for (const path of [field(found, "post"), "/runs"]) {
      expect((await send({ method, path, headers })).status).toBe(404);
    }
  }
});

it(`dashboard-003: ${attack("dashboard.jsonl", "dashboard-003").expected}`, async () => {
  const query = field(attack("dashboard.jsonl", "dashboard-003"), "query");
  for (const path of ["/runs", "/", "/login", "//attacker.example/runs", "/runs/../login"]) {
    const { status, location, text } = await send({
      path: `${path}${query}`,
      headers: { host: "localhost" },
    });
    expect([200, 404]).toContain(status);
    expect(location).toBeNull();
    expect(text).not.toContain("attacker.example");
  }
});
