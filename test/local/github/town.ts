// A local GitHub with two people, a repository and the App, and a place where its webhooks arrive.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";
import { z } from "zod";

import { startRecorder } from "../../contracts/github/recorder.ts";
import type { GivenApp } from "../../../src/local/github/app.ts";
import type { Exchange } from "../../../src/local/github/exchange.ts";
import {
  type LocalGitHub,
  type LocalGitHubOptions,
  startLocalGitHub,
} from "../../../src/local/github/server.ts";

export const secret = "a webhook secret of the tests";
export const repo = { owner: "acme", name: "site" };
/** The same for Octokit. */
export const at = { owner: "acme", repo: "site" };

export interface Arrived {
  event: string;
  guid: string;
  signature: string;
  body: string;
  payload: Record<string, unknown>;
}

export interface Town {
  github: LocalGitHub;
  dir: string;
  installationId: number;
  repositoryId: number;
  cloneUrl: string;
  /** The App itself, its installation, ada who may write, and grace who may read. */
  app: Octokit;
  bot: Octokit;
  ada: Octokit;
  grace: Octokit;
  adaToken: string;
  arrived: Arrived[];
  exchanges: Exchange[];
  /** What the receiver of webhooks answers from now on. */
  answerWith(status: number): void;
  /** Rejects when anything that was said here is not in GitHub's contract. */
  close(): Promise<void>;
}

export interface TownOptions {
  private?: boolean;
  app?: Partial<GivenApp>;
  /** What this GitHub enforces, and the clock by which it counts. */
  limits?: Pick<
    LocalGitHubOptions,
    "requestsPerHour" | "contentLimits" | "secondaryLimits" | "pushLimits" | "now"
  >;
  onExchange?: (exchange: Exchange) => void;
}

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export function clientOf(github: LocalGitHub, options: object): Octokit {
  return new Octokit({ baseUrl: github.url, log: quiet, ...options });
}

/** With one commit on `main`: README.md of twenty lines and src/a.txt. */
export async function openTown(options: TownOptions = {}): Promise<Town> {
  const dir = await mkdtemp(join(tmpdir(), "fanfold-"));
  const recorder = startRecorder();
  const receiver = await openReceiver(recorder.webhook);
  const exchanges: Exchange[] = [];
  const github = await startLocalGitHub({
    dataDir: join(dir, "github"),
    app: {
      id: 77,
      slug: "fanfold",
      webhookSecret: secret,
      webhookUrl: receiver.url,
      ...options.app,
    },
    onExchange: (exchange) => {
      exchanges.push(exchange);
      recorder.onExchange(exchange);
      options.onExchange?.(exchange);
    },
    ...options.limits,
  });
  const ada = await github.createUser({ login: "ada" });
  const grace = await github.createUser({ login: "grace" });
  const made = await github.createRepository({ ...repo, private: options.private ?? false });
  await github.setRole(repo, "ada", "write");
  await github.setRole(repo, "grace", "read");
  await writeRepository(join(dir, "source"), { "README.md": twenty(), "src/a.txt": "a\n" });
  await github.importRepository(repo, join(dir, "source"));
  await github.settled();
  const asApp = { authStrategy: createAppAuth };
  const auth = { appId: 77, privateKey: github.app.privateKey };
  return {
    github,
    dir,
    installationId: made.installationId,
    repositoryId: made.id,
    cloneUrl: made.cloneUrl,
    app: clientOf(github, { ...asApp, auth }),
    bot: clientOf(github, { ...asApp, auth: { ...auth, installationId: made.installationId } }),
    ada: clientOf(github, { auth: ada.token }),
    grace: clientOf(github, { auth: grace.token }),
    adaToken: ada.token,
    arrived: receiver.arrived,
    exchanges,
    answerWith: receiver.answerWith,
    async close() {
      await github.close();
      await receiver.close();
      await rm(dir, { recursive: true, force: true });
      if (exchanges.length > 0) recorder.expectNoViolations();
    },
  };
}

/** `line 1` to `line 20`. */
export const twenty = (): string =>
  Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`).join("");

async function openReceiver(onWebhook: (event: string, payload: unknown) => void) {
  const arrived: Arrived[] = [];
  let status = 202;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      const header = (name: string): string => String(request.headers[name] ?? "");
      onWebhook(header("x-github-event"), JSON.parse(body));
      arrived.push({
        event: header("x-github-event"),
        guid: header("x-github-delivery"),
        signature: header("x-hub-signature-256"),
        body,
        payload: JSON.parse(body),
      });
      response.writeHead(status).end("noted");
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return {
    arrived,
    url: `http://127.0.0.1:${port}/hooks`,
    answerWith: (next: number) => void (status = next),
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

export interface GitResult {
  status: number;
  output: string;
}

const GitEnd = z.object({ code: z.number(), stdout: z.string(), stderr: z.string() });

/** Runs git in a folder as nobody in particular; a token goes by environment, never by address. */
export async function git(
  cwd: string,
  args: readonly string[],
  token?: string,
): Promise<GitResult> {
  const basic = Buffer.from(`x-access-token:${token ?? ""}`).toString("base64");
  const env = {
    PATH: process.env["PATH"] ?? "",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    ...Object.fromEntries(
      ["AUTHOR", "COMMITTER"].flatMap((who) => [
        [`GIT_${who}_NAME`, "Tess"],
        [`GIT_${who}_EMAIL`, "tess@example.com"],
      ]),
    ),
    ...(token === undefined
      ? {}
      : {
          GIT_CONFIG_COUNT: "1",
          GIT_CONFIG_KEY_0: "http.extraHeader",
          GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
        }),
  };
  try {
    const { stdout, stderr } = await promisify(execFile)("git", [...args], { cwd, env });
    return { status: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = GitEnd.parse(error);
    return { status: code, output: stdout + stderr };
  }
}

export async function writeFiles(dir: string, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
}

async function writeRepository(dir: string, files: Record<string, string>): Promise<void> {
  await writeFiles(dir, files);
  await git(dir, ["init", "--quiet", "--initial-branch=main"]);
  await commitAll(dir, "Begin");
}

/** Resolves to the new commit's hash. */
export async function commitAll(dir: string, message: string): Promise<string> {
  await git(dir, ["add", "--all"]);
  await git(dir, ["commit", "--quiet", "--message", message]);
  return (await git(dir, ["rev-parse", "HEAD"])).output.trim();
}

/** A fresh installation token of the App, narrowed when permissions are given. */
export async function installationToken(
  { app, installationId }: Town,
  permissions?: Record<string, "read" | "write">,
): Promise<string> {
  const { data } = await app.rest.apps.createInstallationAccessToken({
    installation_id: installationId,
    ...(permissions === undefined ? {} : { permissions }),
  });
  return data.token;
}

/** Makes a branch with files on top of `main` through the API; resolves to its commit. */
export async function branch(
  { bot }: Town,
  name: string,
  files: Record<string, string>,
): Promise<string> {
  const main = await bot.rest.git.getRef({ ...at, ref: "heads/main" });
  const parent = main.data.object.sha;
  const tree = await bot.rest.git.createTree({
    ...at,
    base_tree: parent,
    tree: Object.entries(files).map(([path, content]) => ({
      path,
      mode: "100644" as const,
      content,
    })),
  });
  const commit = await bot.rest.git.createCommit({
    ...at,
    message: `Change for ${name}`,
    tree: tree.data.sha,
    parents: [parent],
  });
  await bot.rest.git.createRef({ ...at, ref: `refs/heads/${name}`, sha: commit.data.sha });
  return commit.data.sha;
}

/** A branch that changes line 10 of the README, and a pull request for it by the App. */
export async function openPull(
  town: Town,
  { name = "work", draft = false }: { name?: string; draft?: boolean } = {},
): Promise<{ number: number; head: string }> {
  const head = await branch(town, name, {
    "README.md": twenty().replace("line 10\n", "line ten\n"),
  });
  const { data } = await town.bot.rest.pulls.create({
    ...at,
    title: `Change ${name}`,
    head: name,
    base: "main",
    draft,
  });
  return { number: data.number, head };
}

const Refused = z.object({ status: z.number(), message: z.string() });

/** The status and message of a call that is refused. */
export async function refusalOf(
  call: Promise<unknown>,
): Promise<{ status: number; message: string }> {
  try {
    await call;
  } catch (error) {
    return Refused.parse(error);
  }
  throw new Error("The call was expected to be refused, but was answered.");
}
