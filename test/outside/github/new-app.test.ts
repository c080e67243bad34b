// A code for an App's secrets: asked once, read with care, and never repeated in an error.

import { generateKeyPairSync } from "node:crypto";

import nock from "nock";
import { afterEach, expect, it } from "vitest";

import { createMemoryLog } from "../../../src/outside/memory/log.ts";
import { createConvertCode } from "../../../src/outside/github/new-app.ts";
import { api } from "./fixture.ts";

const { privateKey: pem } = generateKeyPairSync("rsa", {
  modulusLength: 1024,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
});
const answer = {
  id: 7,
  slug: "acme-fanfold",
  name: "Acme Fanfold",
  owner: { login: "acme" },
  html_url: "https://github.com/apps/acme-fanfold",
  webhook_secret: "0123456789abcdef0123456789abcdef01234567",
  client_secret: "of-no-use-to-us",
  pem,
};

const log = createMemoryLog();
const convert = createConvertCode({ apiUrl: api, log });
const told = () => nock(api).post("/app-manifests/c1/conversions");

afterEach(() => nock.cleanAll());

it("is the App's number, name, page, owner and secrets", async () => {
  told().reply(201, answer);
  expect(await convert("c1")).toEqual({
    id: 7,
    slug: "acme-fanfold",
    name: "Acme Fanfold",
    owner: "acme",
    page: "https://github.com/apps/acme-fanfold",
    webhookSecret: answer.webhook_secret,
    privateKey: pem,
  });
});

it("may belong to an enterprise, and have no webhook secret", async () => {
  told().reply(201, { ...answer, owner: { slug: "big" }, webhook_secret: null });
  expect(await convert("c1")).toMatchObject({ owner: "big", webhookSecret: null });
});

it.each([
  [404, "not-found"],
  [422, "refused"],
  [500, "unreachable"],
])("is asked for once when GitHub answers %i", async (status, kind) => {
  const scope = told().reply(status, { message: "No" }).persist();
  await expect(convert("c1")).rejects.toMatchObject({ name: "ForgeError", kind });
  scope.persist(false);
  expect(log.lines.filter(({ level }) => level === "error")).toEqual([]);
});

it.each([
  ["key", { pem: `${pem}\nAND=MORE` }],
  ["secret", { webhook_secret: "one\nPORT=1" }],
  ["slug", { slug: "a/../b" }],
])(
  "is refused with a %s that would be more than one line, without repeating it",
  async (_, odd) => {
    told().reply(201, { ...answer, ...odd });
    const error: unknown = await convert("c1").catch((failure: unknown) => failure);
    expect(error).toMatchObject({ name: "ForgeError", kind: "unreachable" });
    const said = `${String(error)} ${JSON.stringify(error)} ${String(error instanceof Error ? error.cause : "")}`;
    expect(said).toContain(Object.keys(odd)[0]);
    for (const secret of [
      "MORE",
      "PORT",
      "a/../b",
      pem.split("\n")[1] ?? "",
      answer.webhook_secret,
    ]) {
      expect(said).not.toContain(secret);
    }
  },
);
