// The bot as a process of its own, from environment variables alone, and what it says.

import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

export interface BotProcess {
  child: ChildProcess;
  /** What it wrote so far. */
  said: { out: string; err: string };
  ended: Promise<number | null>;
}

/** Everything a bot needs to start, with a GitHub where nobody listens. */
export function settingsOf(change: Record<string, string>): Record<string, string> {
  return {
    APP_ID: "1",
    PRIVATE_KEY: privateKey(),
    WEBHOOK_SECRET: "0123456789abcdef0123456789abcdef",
    ANTHROPIC_API_KEY: "key",
    PORT: "0",
    GITHUB_API_URL: "http://127.0.0.1:9",
    PATH: process.env["PATH"] ?? "",
    ...change,
  };
}

let made: string | null = null;

function privateKey(): string {
  made ??= generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  }).privateKey;
  return made;
}

/** `flags` are Node's own. */
export function startBot(env: Record<string, string>, flags: readonly string[] = []): BotProcess {
  const child = spawn(process.execPath, [...flags, main], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk) => (said.out += String(chunk)));
  child.stderr.on("data", (chunk) => (said.err += String(chunk)));
  const ended = once(child, "close").then(() => child.exitCode);
  return { child, said, ended };
}

/** Resolves to what matched once the log says so. */
export async function logged({ child, said }: BotProcess, words: RegExp): Promise<RegExpExecArray> {
  while (child.exitCode === null && child.signalCode === null) {
    const found = words.exec(said.out);
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`It ended before it said ${String(words)}: ${said.out}${said.err}`);
}

/** The address from the line that says so. */
export async function addressOf(bot: BotProcess): Promise<string> {
  const [, port] = await logged(bot, /"port":(\d+).*Fanfold is listening/u);
  return `http://127.0.0.1:${port}`;
}
