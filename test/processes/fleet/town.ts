// A GitHub of several repositories on this machine, a provider, and processes of one bot that share a queue, or one alone.

import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freePort } from "../../../src/demo/ports.ts";
import { type LocalGitHub, startLocalGitHub } from "../../../src/local/github/server.ts";
import type { ModelServer } from "../../../src/local/model/server.ts";
import { type Bots, openBots } from "./bots.ts";
import { startProvider } from "../provider.ts";
import { NAME, type Work } from "./work.ts";

const PERSON = "ada";

/** A thread where somebody may ask. */
export interface Place {
  owner: string;
  name: string;
  number: number;
  gitDir: string;
}

export interface Town extends Bots {
  github: LocalGitHub;
  provider: ModelServer;
  /** Of all repositories, one thread of each, then the next of each. */
  places: readonly Place[];
  /** Somebody asks for the workflow there. */
  ask(place: Place): Promise<void>;
}

export interface TownOptions {
  work: Work;
  /** Of the database of a queue, for a bot of several processes; left out, every process has a queue of its own. */
  queueUrl?: string;
  /** Of an answer of the provider. */
  latencyMs?: number;
}

export async function openTown({ work, queueUrl, latencyMs }: TownOptions): Promise<Town> {
  const dir = mkdtempSync(join(tmpdir(), "fanfold-"));
  const secret = randomBytes(32).toString("hex");
  const port = await freePort();
  const webhookUrl = `http://127.0.0.1:${port}/api/github/webhooks`;
  const app = { id: 1000, slug: "fanfold", webhookSecret: secret, webhookUrl };
  const github = await startLocalGitHub({ dataDir: join(dir, "github"), app });
  const provider = await startProvider(latencyMs);
  await github.createUser({ login: PERSON });
  const places = await populate(github, { work, source: sourceIn(join(dir, "source"), work) });
  const env = {
    PATH: process.env["PATH"] ?? "",
    APP_ID: String(github.app.id),
    PRIVATE_KEY: github.app.privateKey,
    WEBHOOK_SECRET: secret,
    GITHUB_API_URL: github.url,
    GITHUB_WEB_URL: github.url,
    ANTHROPIC_API_KEY: "a key that nobody looks at",
    ANTHROPIC_BASE_URL: provider.url,
    FANFOLD_APPROVAL: "never",
    NO_PROXY: "127.0.0.1",
    ...(queueUrl === undefined ? {} : { QUEUE_URL: queueUrl }),
  };
  const bots = openBots({ dir, port, env });
  return {
    github,
    provider,
    places,
    ...bots,
    ask: async (place) => {
      const said = { as: PERSON, body: `/workflow ${NAME}` };
      await github.comment(place, place.number, said);
    },
    [Symbol.asyncDispose]: async () => {
      await bots[Symbol.asyncDispose]();
      await provider.close();
      await github.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function populate(
  github: LocalGitHub,
  { work, source }: { work: Work; source: string },
): Promise<Place[]> {
  const repositories: Omit<Place, "number">[] = [];
  for (let at = 0; at < work.repositories; at += 1) {
    const name = { owner: `acme-${at}`, name: "site" };
    const { gitDir } = await github.createRepository(name);
    await github.setRole(name, PERSON, "write");
    await github.importRepository(name, source);
    repositories.push({ ...name, gitDir });
  }
  const places: Place[] = [];
  for (let thread = 0; thread < work.threads; thread += 1) {
    for (const repository of repositories) {
      const said = { as: PERSON, title: "Parts", body: "" };
      places.push({ ...repository, ...(await github.createIssue(repository, said)) });
    }
  }
  return places;
}

/** The same commit in every town of the same work. */
function sourceIn(dir: string, work: Work): string {
  mkdirSync(join(dir, ".claude", "workflows"), { recursive: true });
  writeFileSync(join(dir, "README.md"), "A place for parts.\n");
  writeFileSync(join(dir, ".claude", "workflows", `${NAME}.js`), work.script);
  if (work.settings !== null) {
    mkdirSync(join(dir, ".github"));
    writeFileSync(join(dir, ".github", "fanfold.yml"), work.settings);
  }
  const who = ["-c", "user.name=ada", "-c", "user.email=ada@example.invalid"];
  const at = "2026-01-01T00:00:00Z";
  const env = { ...process.env, GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at };
  const git = (...args: string[]) => execFileSync("git", args, { cwd: dir, env, stdio: "ignore" });
  git("init", "--initial-branch=main");
  git("add", "--all");
  git(...who, "commit", "--message", "Begin");
  return dir;
}
