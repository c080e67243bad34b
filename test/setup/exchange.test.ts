// GitHub gives an App's secrets once: no code is spent before the file is held, and nothing that came is lost.

import { generateKeyPairSync } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openVariablesFile } from "../../src/command-line/variables-file.ts";
import { readEnv, readPlaces } from "../../src/config/env.ts";
import { FileTrouble, type HeldFile, type VariablesFile } from "../../src/setup/file.ts";
import { exchange, openSetup, saveAgain, type Setup } from "../../src/setup/setup.ts";
import { missing } from "../../src/setup/variables.ts";
import { ForgeError } from "../../src/world/forge-error.ts";
import type { NewApp } from "../../src/world/new-app.ts";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 1024,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
});
const app: NewApp = {
  id: 12,
  slug: "acme-fanfold",
  name: "Acme Fanfold",
  owner: "acme",
  page: "https://github.com/apps/acme-fanfold",
  privateKey,
  webhookSecret: "0123456789abcdef0123456789abcdef01234567",
};

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "fanfold-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

interface Played {
  setup: Setup;
  codes: string[];
  told: string[];
}

function play(file: VariablesFile, convert: () => Promise<NewApp> = async () => app): Played {
  const codes: string[] = [];
  const told: string[] = [];
  const setup = openSetup({
    origin: "http://127.0.0.1:1",
    key: "k".repeat(64),
    places: readPlaces({}),
    appFile: { name: "", description: "", url: "", public: false, ...empty },
    file,
    shell: {},
    secret: () => "s".repeat(64),
    convert: (code) => {
      codes.push(code);
      return convert();
    },
    installedOn: async () => [],
    tell: (line) => told.push(line),
  });
  return { setup, codes, told };
}

const empty = {
  hook_attributes: { url: "", active: true as const },
  default_events: [],
  default_permissions: {},
};

describe("the exchange of a code", () => {
  it("leaves a file that a bot starts with, once it has a key of the model", async () => {
    const path = join(dir, ".env");
    const { setup, told } = play(await openVariablesFile(path));
    expect(await exchange(setup, "c1")).toEqual({ kind: "saved" });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const variables = parseEnv(await readFile(path, "utf8"));
    expect(variables).toMatchObject({ ANTHROPIC_API_KEY: "" });
    expect(readEnv({ ...variables, ANTHROPIC_API_KEY: "key" })).toMatchObject({
      appId: 12,
      privateKey,
      webhookSecret: app.webhookSecret,
      checkpointKeys: ["s".repeat(64)],
    });
    expect(told.join()).not.toContain(app.webhookSecret ?? "");
  });

  it("loses nothing where GitHub made no webhook secret, and says what to do", async () => {
    const path = join(dir, ".env");
    const given = { ...app, webhookSecret: null };
    const { setup } = play(await openVariablesFile(path), async () => given);
    expect(await exchange(setup, "c1")).toEqual({ kind: "saved" });
    expect(await readFile(path, "utf8")).not.toContain("WEBHOOK_SECRET");
    const places = readPlaces({});
    const lacks = missing({ app: given, places, checkpointKey: "s".repeat(64) }, {});
    expect(lacks.join()).toMatch(/WEBHOOK_SECRET is not set.*in the App's settings/);
  });

  it("asks GitHub for nothing while the file cannot be", async () => {
    const folder = join(dir, "there");
    await mkdir(folder);
    const { setup, codes } = play(await openVariablesFile(join(folder, ".env")));
    await rm(folder, { recursive: true });
    expect(await exchange(setup, "c1")).toMatchObject({
      kind: "no-file",
      said: expect.stringContaining("its folder is not there any more"),
    });
    expect(codes).toEqual([]);
    await mkdir(folder);
    expect(await exchange(setup, "c1")).toEqual({ kind: "saved" });
  });

  it("takes the empty file away again when GitHub has no answer", async () => {
    const path = join(dir, ".env");
    let isThere = false;
    const { setup } = play(await openVariablesFile(path), async () => {
      if (isThere) return app;
      throw new ForgeError("unreachable", "GitHub is away.");
    });
    expect(await exchange(setup, "c1")).toEqual({ kind: "unanswered", said: "GitHub is away." });
    await expect(stat(path)).rejects.toThrow("ENOENT");
    isThere = true;
    expect(await exchange(setup, "c1")).toEqual({ kind: "saved" });
  });

  it("keeps what GitHub gave until it is on disk", async () => {
    const written: string[] = [];
    let isFull = true;
    const held: HeldFile = {
      release: async () => {},
      write: async (text) => {
        if (isFull) throw new FileTrouble("The disk is full.");
        written.push(text);
      },
    };
    const file = { path: "/x/.env", kept: null, hold: async () => held };
    const { setup, codes } = play(file);
    expect(await exchange(setup, "c1")).toEqual({ kind: "unsaved", said: "The disk is full." });
    expect(await saveAgain(setup)).toMatchObject({ kind: "unsaved" });
    isFull = false;
    expect(await saveAgain(setup)).toEqual({ kind: "saved" });
    expect(written.join()).toContain(`WEBHOOK_SECRET=${app.webhookSecret}`);
    expect(codes).toEqual(["c1"]);
  });

  it("is one at a time", async () => {
    const answer = Promise.withResolvers<NewApp>();
    const { setup, codes } = play(await openVariablesFile(join(dir, ".env")), () => answer.promise);
    const first = exchange(setup, "c1");
    expect(await exchange(setup, "c2")).toEqual({ kind: "busy" });
    answer.resolve(app);
    expect(await first).toEqual({ kind: "saved" });
    expect(codes).toEqual(["c1"]);
  });
});

describe("a file that is there", () => {
  it("is kept, and the new one stands beside it", async () => {
    const path = join(dir, ".env");
    await writeFile(path, "APP_ID=1\n");
    const file = await openVariablesFile(path);
    expect(file).toMatchObject({ path: `${path}.fanfold`, kept: path });
    await exchange(play(file).setup, "c1");
    expect(await readFile(path, "utf8")).toBe("APP_ID=1\n");
    expect(await readFile(`${path}.fanfold`, "utf8")).toContain("APP_ID=12\n");
    await expect(openVariablesFile(path)).rejects.toThrow(/neither is written over/);
  });

  it("is not written over when it comes at the last moment", async () => {
    const path = join(dir, ".env");
    const { setup, codes } = play(await openVariablesFile(path));
    await writeFile(path, "MINE=1\n");
    expect(await exchange(setup, "c1")).toMatchObject({
      kind: "no-file",
      said: expect.stringContaining("is not written over"),
    });
    expect(await readFile(path, "utf8")).toBe("MINE=1\n");
    expect(codes).toEqual([]);
  });
});
