// Many deliveries at once to a bot as production starts it: how fast it answers, when everybody is heard, what it keeps in memory.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { freePort } from "../../src/demo/ports.ts";
import type { Exchange } from "../../src/local/github/exchange.ts";
import { publishedLimits } from "../../src/local/github/published-limits.ts";
import { type LocalGitHub, startLocalGitHub } from "../../src/local/github/server.ts";
import { round } from "../statistics.ts";
import { Answers, type Kept } from "./kept.ts";
import type { DeliveriesResult } from "./result.ts";
import type { DeliveriesSizes } from "./sizes.ts";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const sender = fileURLToPath(new URL("sender.ts", import.meta.url));
const PATH = "/api/github/webhooks";
const SECRET = "a secret for a benchmark, long enough to be one";
const PERSON = "ada";
/** A round has settled when the last of its comments was answered; GitHub's pace of comments takes most of it. */
const ROUND_MS = 420_000;
const LOOK_MS = 100;
/** A process that used a twentieth of a core for so long has nothing to do. */
const IDLE_MS = 3_000;

export async function measureDeliveries(
  sizes: DeliveriesSizes,
  say: (line: string) => void,
): Promise<DeliveriesResult> {
  await using stage = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), "fanfold-bench-"));
  stage.defer(() => rm(dir, { recursive: true, force: true }));
  const sink = await openSink(stage);
  const heard = { eyes: 0, lastEyesAt: 0, answers: 0 };
  const github = await startLocalGitHub({
    dataDir: join(dir, "github"),
    app: { id: 1000, slug: "fanfold", webhookSecret: SECRET, webhookUrl: sink.url },
    onExchange: (exchange) => note(heard, exchange),
    ...publishedLimits,
  });
  stage.defer(() => github.close());
  const threads = await populate(github, sizes);
  const bot = await startBot(github, dir);
  stage.defer(async () => {
    bot.child.kill("SIGTERM");
    if (bot.child.exitCode === null) await once(bot.child, "close");
  });
  const atOnce = threads.length;
  const mbBefore = await memoryMb(bot.child);
  const mbAfterRounds: number[] = [];
  const times: number[] = [];
  const seen: number[] = [];
  let refused = 0;
  for (let at = 1; at <= sizes.rounds; at += 1) {
    say(`round ${at}: ${atOnce} deliveries at once …`);
    Object.assign(heard, { eyes: 0, answers: 0 });
    // What GitHub told of the bot's own answers to the round before is no part of this one.
    sink.take();
    await sayAll(github, threads);
    const file = join(dir, `deliveries-${at}.json`);
    await writeFile(file, JSON.stringify(sink.take()));
    const began = Date.now();
    const { stdout } = await promisify(execFile)(process.execPath, [sender, file, bot.url + PATH]);
    const answers = Answers.parse(JSON.parse(stdout));
    times.push(...answers.map(({ ms }) => ms));
    refused += answers.filter(({ status }) => status !== 200).length;
    await until(() => heard.eyes >= atOnce);
    seen.push(heard.lastEyesAt - began);
    say(
      `heard after ${heard.lastEyesAt - began} ms, answered within ${Math.round(Math.max(...times))} ms`,
    );
    await until(() => heard.answers >= atOnce);
    mbAfterRounds.push(await memoryMb(bot.child));
  }
  const sorted = times.toSorted((one, other) => one - other);
  const part = (share: number): number => round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0);
  return {
    deliveries: {
      atOnce,
      rounds: sizes.rounds,
      refused,
      answerP50Ms: part(0.5),
      answerP99Ms: part(0.99),
      seenMs: Math.max(...seen),
      mbBefore,
      mbAfterRounds,
    },
  };
}

function note(
  heard: { eyes: number; lastEyesAt: number; answers: number },
  { request: { method, path, body }, response }: Exchange,
): void {
  if (method !== "POST" || response.status >= 300) return;
  if (path.endsWith("/comments")) heard.answers += 1;
  if (!path.endsWith("/reactions") || JSON.stringify(body) !== '{"content":"eyes"}') return;
  heard.eyes += 1;
  heard.lastEyesAt = Date.now();
}

/** Catches what GitHub sends, to be sent on all at once. */
async function openSink(stage: AsyncDisposableStack) {
  let kept: Kept = [];
  const server = createServer((request, response) => {
    const headers = Object.entries(request.headers).flatMap(([name, value]) =>
      /^(?:x-|content-type$|user-agent$)/.test(name) ? [[name, String(value)] as const] : [],
    );
    void text(request).then((body) => {
      if (request.headers["x-github-event"] === "issue_comment")
        kept.push({ headers: Object.fromEntries(headers), body });
      response.writeHead(200).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stage.defer(() => {
    server.close();
  });
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}${PATH}`,
    take: (): Kept => {
      const taken = kept;
      kept = [];
      return taken;
    },
  };
}

interface Thread {
  owner: string;
  name: string;
  number: number;
}

async function populate(github: LocalGitHub, sizes: DeliveriesSizes): Promise<Thread[]> {
  await github.createUser({ login: PERSON });
  const threads: Thread[] = [];
  for (let at = 0; at < sizes.installations; at += 1) {
    const place = { owner: `owner-${at}`, name: "site" };
    await github.createRepository(place);
    await github.setRole(place, PERSON, "write");
    for (let one = 0; one < sizes.comments; one += 1) {
      const issue = { as: PERSON, title: `Issue ${one}`, body: "" };
      threads.push({ ...place, number: (await github.createIssue(place, issue)).number });
    }
  }
  await github.settled();
  return threads;
}

async function sayAll(github: LocalGitHub, threads: readonly Thread[]): Promise<void> {
  for (const { number, ...place } of threads) {
    await github.comment(place, number, { as: PERSON, body: "/workflow status" });
  }
  await github.settled();
}

async function startBot(github: LocalGitHub, dir: string) {
  const port = await freePort();
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env["PATH"] ?? "",
      APP_ID: String(github.app.id),
      PRIVATE_KEY: github.app.privateKey,
      WEBHOOK_SECRET: SECRET,
      PORT: String(port),
      GITHUB_API_URL: github.url,
      GITHUB_WEB_URL: github.url,
      FANFOLD_DATA: join(dir, "data"),
      ANTHROPIC_API_KEY: "nobody-is-asked",
      LOG_LEVEL: "error",
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const url = `http://127.0.0.1:${port}`;
  const isUp = async (): Promise<boolean> => {
    const answer = await fetch(`${url}/ping`).catch(() => null);
    return answer?.ok === true;
  };
  await until(isUp);
  await untilIdle(child);
  return { child, url };
}

/** A bot that just started looks at every repository first: that is no part of what is measured. */
async function untilIdle(child: ChildProcess): Promise<void> {
  let before = await cpuTicks(child);
  await until(async () => {
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    const now = await cpuTicks(child);
    const isIdle = now - before <= (IDLE_MS / 1_000) * 5;
    before = now;
    return isIdle;
  });
}

/** Hundredths of a second of CPU that the process has used. */
async function cpuTicks({ pid }: ChildProcess): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

/** Memory that the process holds, in MB. */
async function memoryMb({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + ROUND_MS;
  while (!(await isSo())) {
    if (Date.now() > end)
      throw new Error(`The bot did not get there within ${ROUND_MS / 60_000} minutes.`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
