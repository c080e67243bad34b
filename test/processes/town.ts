// A GitHub on this machine, a provider that always says the same to the same, and bots as processes that can be killed.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { freePort } from "../../src/demo/ports.ts";
import { type LocalGitHub, startLocalGitHub } from "../../src/local/github/server.ts";
import type { ModelServer } from "../../src/local/model/server.ts";
import { openFront } from "./front.ts";
import { startProvider } from "./provider.ts";

const source = (name: string): string =>
  fileURLToPath(new URL(`../../src/${name}`, import.meta.url));
/** One process, or one of several. */
const COMMANDS = {
  both: [source("main.ts")],
  serve: [source("cli.ts"), "serve"],
  work: [source("cli.ts"), "work"],
};
const repo = { owner: "acme", name: "site" };
/** Short, since machines that are lost with their disk are waited for; long enough for the pace of pushes. */
const LEASE_SECONDS = "45";

const SCRIPT = `export const meta = { name: 'eight', description: 'Eight parts side by side' }
const parts = Array.from({ length: 8 }, (_, n) => n)
const made = await parallel(parts.map((n) => async () => {
  let one = await change('Write part ' + n + ' into parts/' + n + '.txt', { label: 'part ' + n })
  let verdict = await review(one, { lenses: ['correctness'], reviewers: 1 })
  if (verdict.verdict === 'rejected') {
    one = (await revise(one, verdict.findings)) ?? one
    await review(one, { lenses: ['correctness'], reviewers: 1 })
  }
  return one
}))
return (await combine(made)).combined.length
`;

/** A bot's process. */
export interface Life {
  readonly child: ChildProcess;
  readonly disk: string;
  ended(): boolean;
  /** Lines of its log so far. */
  readonly log: readonly string[];
}

export interface Town extends AsyncDisposable {
  github: LocalGitHub;
  provider: ModelServer;
  gitDir: string;
  /** Starts the bot on a disk; without one on an empty one. The newest that listens gets the webhooks. */
  start(disk?: string, role?: keyof typeof COMMANDS): Promise<Life>;
  /** All that were started, in that order. */
  lives(): readonly Life[];
  /** Resolves when a bot listens where the webhooks go. */
  listening(): Promise<void>;
  /** Somebody asks for the eight parts. */
  ask(): Promise<void>;
}

/** With the address of a queue's database, for a bot of several processes; without, every process has a queue of its own. */
export async function openTown(queueUrl: string | null = null): Promise<Town> {
  const dir = mkdtempSync(join(tmpdir(), "fanfold-"));
  const secret = randomBytes(32).toString("hex");
  const lives: (Life & { port: number })[] = [];
  const front = await openFront(() =>
    lives.flatMap((life) => (life.ended() ? [] : [life.port])).toReversed(),
  );
  const webhookUrl = `http://127.0.0.1:${front.port}/api/github/webhooks`;
  const app = { id: 1000, slug: "fanfold", webhookSecret: secret, webhookUrl };
  const github = await startLocalGitHub({ dataDir: join(dir, "github"), app });
  const provider = await startProvider();
  await github.createUser({ login: "ada" });
  const { gitDir } = await github.createRepository(repo);
  await github.setRole(repo, "ada", "write");
  await github.importRepository(repo, sourceIn(join(dir, "source")));
  const { number } = await github.createIssue(repo, { as: "ada", title: "Parts", body: "" });
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
    FANFOLD_LEASE_SECONDS: LEASE_SECONDS,
    NO_PROXY: "127.0.0.1",
    ...(queueUrl === null ? {} : { QUEUE_URL: queueUrl }),
  };
  return {
    github,
    provider,
    gitDir,
    start: async (disk = mkdtempSync(join(dir, "disk-")), role = "both") => {
      const port = await freePort();
      const variables = { ...env, PORT: String(port), FANFOLD_DATA: disk };
      const stdio = ["ignore", "pipe", "ignore"] as const;
      const child = spawn(process.execPath, COMMANDS[role], { env: variables, stdio: [...stdio] });
      const log: string[] = [];
      createInterface({ input: child.stdout }).on("line", (line) => log.push(line));
      const life = {
        child,
        port,
        disk,
        log,
        ended: () => child.exitCode !== null || child.signalCode !== null,
      };
      lives.push(life);
      return life;
    },
    lives: () => lives,
    listening: async () => {
      while (
        !(await fetch(webhookUrl).then(
          () => true,
          () => false,
        ))
      )
        await sleep(200);
    },
    ask: async () => {
      await github.comment(repo, number, { as: "ada", body: "/workflow eight" });
    },
    [Symbol.asyncDispose]: async () => {
      for (const life of lives.filter((each) => !each.ended())) {
        life.child.kill("SIGKILL");
        await once(life.child, "exit");
      }
      await provider.close();
      await github.close();
      await front[Symbol.asyncDispose]();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** The same commit in every town. */
function sourceIn(dir: string): string {
  mkdirSync(join(dir, ".claude", "workflows"), { recursive: true });
  writeFileSync(join(dir, "README.md"), "A place for parts.\n");
  writeFileSync(join(dir, ".claude", "workflows", "eight.js"), SCRIPT);
  const who = ["-c", "user.name=ada", "-c", "user.email=ada@example.invalid"];
  const at = "2026-01-01T00:00:00Z";
  const env = { ...process.env, GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at };
  const git = (...args: string[]) => execFileSync("git", args, { cwd: dir, env, stdio: "ignore" });
  git("init", "--initial-branch=main");
  git("add", "--all");
  git(...who, "commit", "--message", "Begin");
  return dir;
}
