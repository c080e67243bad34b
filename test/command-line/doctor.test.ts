// `fanfold doctor` against a GitHub and a model on this machine: all well, several things wrong at once, and nothing readable.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import picocolors from "picocolors";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

import { runDoctor } from "../../src/command-line/doctor.ts";
import { type DemoModel, startDemoModel } from "../../src/local/model/demo.ts";
import { openTown, repo, type Town, type TownOptions } from "../local/github/town.ts";
import { fanfold } from "./run.ts";

const PATH = "/api/github/webhooks";
const SECRETS = {
  WEBHOOK_SECRET: "a-planted-secret-of-thirty-two-chars",
  ANTHROPIC_API_KEY: "planted-model-key-0123456789",
  FANFOLD_CHECKPOINT_KEY: "planted-checkpoint-key-of-32-chars-x",
};

const Report = z.object({
  ok: z.boolean(),
  findings: z.array(
    z.object({
      id: z.string(),
      level: z.enum(["ok", "warning", "failure"]),
      found: z.string(),
      fix: z.string().optional(),
    }),
  ),
});

let dir: string;
let model: DemoModel;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "fanfold-"));
  model = await startDemoModel();
});
afterAll(async () => {
  await model.close();
  await rm(dir, { recursive: true, force: true });
});

interface Ran {
  status: number;
  printed: string;
}

async function doctor(variables: Record<string, string>, json: boolean): Promise<Ran> {
  const printed: string[] = [];
  const print = (text: string) => void printed.push(text);
  const terminal = { print, complain: print, paint: picocolors.createColors(false) };
  const status = await runDoctor(variables, { json }, terminal);
  return { status, printed: printed.join("\n") };
}

/** Reads the report, and sees that nothing secret is in it. */
async function reportOf(variables: Record<string, string>) {
  const { status, printed } = await doctor(variables, true);
  for (const secret of Object.values(SECRETS)) expect(printed).not.toContain(secret);
  const pem = variables["PRIVATE_KEY"]?.split("\n")[3] ?? "no key";
  expect(printed).not.toContain(pem);
  const { ok, findings } = Report.parse(JSON.parse(printed));
  expect(status).toBe(ok ? 0 : 1);
  const of = (id: string) => findings.filter((finding) => finding.id === id);
  return { ok, findings, of };
}

async function variablesOf({ github }: Town, change: Record<string, string> = {}) {
  const data = join(dir, "data");
  await mkdir(data, { recursive: true, mode: 0o700 });
  return {
    APP_ID: String(github.app.id),
    PRIVATE_KEY: github.app.privateKey,
    GITHUB_API_URL: github.url,
    GITHUB_WEB_URL: github.url,
    ANTHROPIC_BASE_URL: model.url,
    FANFOLD_MODEL: "fanfold-demo",
    FANFOLD_DATA: data,
    WEBHOOK_PATH: "/hooks",
    ...SECRETS,
    ...change,
  };
}

describe("fanfold doctor", () => {
  it("finds everything in order, for people and for machines", async () => {
    await using town = await townOf({});
    const variables = await variablesOf(town);
    const { ok, findings, of } = await reportOf(variables);
    const troubled = findings.filter(({ level, id }) => level !== "ok" && id !== "sandbox");
    expect(troubled).toEqual([]);
    expect(ok).toBe(true);
    expect(of("sandbox")[0]?.found).toContain("A trial script ran");
    expect(of("model")).toMatchObject([{ found: "The key works, and fanfold-demo is there." }]);
    const { status, printed } = await doctor(variables, false);
    expect(status).toBe(0);
    expect(printed).toMatch(/^✓ Environment +Every variable can be used\.$/m);
    expect(printed).toContain("✓ The bot can work");
  });

  it("names all that is wrong at once, each with its fix", async () => {
    const permissions = { metadata: "read", contents: "read", issues: "write" } as const;
    await using town = await townOf({ permissions, events: ["issues"], webhookSecret: "" });
    for (const installation of town.github.state.installations.values()) {
      installation.suspendedAt = "2026-01-01T00:00:00Z";
    }
    town.answerWith(401);
    for (const title of ["One", "Two", "Three"]) {
      await town.github.createIssue(repo, { as: "ada", title, body: "" });
    }
    await town.github.settled();
    for (const delivery of town.github.state.deliveries) {
      Object.assign(delivery, { status: "Invalid HTTP Response: 401" });
    }
    const data = join(dir, "missing");
    const { ok, of } = await reportOf(
      await variablesOf(town, { WEBHOOK_PATH: PATH, FANFOLD_DATA: data, FANFOLD_MODEL: "sonnet" }),
    );
    expect(ok).toBe(false);
    expect(of("data")).toMatchObject([{ level: "warning", fix: expect.stringContaining(data) }]);
    expect(of("permissions")).toMatchObject([
      { level: "failure", found: expect.stringMatching(/Contents.*Pull requests.*Checks/) },
    ]);
    expect(of("events")[0]?.fix).toContain("Subscribe to events");
    expect(of("webhook").map(({ level }) => level)).toEqual(["warning", "failure"]);
    expect(of("deliveries")).toMatchObject([
      {
        level: "failure",
        found: expect.stringMatching(/did not arrive: \d+ × Invalid HTTP Response: 401/),
        fix: expect.stringContaining("its secret is another one"),
      },
    ]);
    expect(
      of("installations")
        .map(({ found }) => found)
        .join(" "),
    ).toMatch(/suspended: acme.*did not accept/);
    expect(of("model")).toMatchObject([{ level: "warning" }]);
  });

  it("looks at the rest when GitHub does not know the key, or nobody is there", async () => {
    await using town = await townOf({});
    const unknown = await reportOf(await variablesOf(town, { APP_ID: "4711" }));
    expect(unknown.of("github")).toMatchObject([
      { level: "failure", fix: expect.stringContaining("APP_ID") },
    ]);
    expect(unknown.of("clock")).toMatchObject([{ level: "ok" }]);
    expect(unknown.of("model")).toMatchObject([{ level: "ok" }]);
  });

  it("tells every mistake of the environment, and still looks at the machine", async () => {
    const { ok, findings, of } = await reportOf({
      APP_ID: "none",
      WEBHOOK_SECRET: "short-secret-x",
      PRIVATE_KEY: "planted-key-that-is-none",
      ANTHROPIC_API_KEY: SECRETS.ANTHROPIC_API_KEY,
      FANFOLD_DATA: dir,
    });
    expect(ok).toBe(false);
    const told = of("environment").map(({ found }) => found);
    expect(told.join("\n")).toMatch(/APP_ID.*WEBHOOK_SECRET.*PRIVATE_KEY/s);
    expect(JSON.stringify(findings)).not.toMatch(/planted-key|short-secret/);
    expect(of("git")).toMatchObject([{ level: "ok" }]);
    expect(of("github")).toEqual([]);
  });

  it("reads a file of variables, and says how an App comes to be where there is none", async () => {
    const file = join(dir, "some.env");
    await writeFile(file, "APP_ID=none\n");
    const named = await fanfold("doctor", "--json", "--env-file", file);
    expect(named.printed).toContain("APP_ID must be the App's number");
    expect(named.printed).not.toContain("Where there is no App yet");
    await writeFile(file, "");
    const none = await fanfold("doctor", "--json", "--env-file", file);
    expect(none.printed).toMatch(/Where there is no App yet, `npx fanfold setup` makes one/);
    const missing = await fanfold("doctor", "--env-file", join(dir, "missing.env"));
    expect(missing.status).toBe(1);
    expect(missing.complained).toContain("It cannot be read: ENOENT");
  });

  it("is a command with a help text that says what it asks and prints", async () => {
    const { status, printed } = await fanfold("doctor", "--help");
    expect(status).toBe(0);
    expect(printed).toContain("prints no secret");
  });
});

async function townOf(app: NonNullable<TownOptions["app"]>): Promise<Town & AsyncDisposable> {
  const town = await openTown({ app });
  return { ...town, [Symbol.asyncDispose]: () => town.close() };
}
