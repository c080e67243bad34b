// The bot as its own process, started from environment variables alone, and started again when it dies.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { fileURLToPath } from "node:url";

const BOT = fileURLToPath(new URL("./leashed-bot.ts", import.meta.url));
/** A bot that dies more often than this is broken, not unlucky. */
const STARTS_MAX = 10;
/** Of what a bot said before it ended; its log has the rest. */
const LAST_LINES = 10;
const LAST_CHARS = 4_000;
const RESTART_AFTER_MS = 500;
const STOP_WITHIN_MS = 30_000;

export interface BotProcess {
  /** Process id of the bot that runs now. */
  pid(): number;
  /** It answered: from now on a bot that dies is started again. */
  isUp(): void;
  /** Resolves when the bot has been told to stop and has. */
  stop(): Promise<void>;
}

export interface BotProcessOptions {
  env: Readonly<Record<string, string>>;
  /** File that gets the bot's log. */
  logPath: string;
  /** Tells people: started with this process id, died and is started again. */
  say: (line: string) => void;
  /** The bot died for good. */
  onGaveUp: (why: BotGaveUp) => void;
  /** Aborted when the demo is to end: a bot that ends then has ended as it should. */
  signal: AbortSignal;
}

/** The message says how the bot ended and what it said last. */
export class BotGaveUp extends Error {
  override readonly name = "BotGaveUp";
}

/** Starts the bot and keeps it up, as a service manager would; one that never answered is not started again. */
export function startBot({ env, logPath, say, onGaveUp, signal }: BotProcessOptions): BotProcess {
  const log = createWriteStream(logPath, { flags: "a" });
  let stopping = false;
  let up = false;
  let starts = 0;
  let child!: ChildProcess;
  const ending = (): boolean => stopping || signal.aborted;
  const start = (): void => {
    starts += 1;
    child = spawn(process.execPath, [BOT], { env: { ...env }, stdio: ["pipe", "pipe", "pipe"] });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    const lastWords = hear(child);
    say(`started (process ${child.pid ?? "?"}), log in ${logPath}`);
    child.once("exit", (status, killedBy) => {
      if (up && !ending()) startAgain(killedBy ?? `status ${status}`);
    });
    // Later than its end: by then everything it had to say is here.
    child.once("close", (status, killedBy) => {
      if (up || ending()) return;
      const how = killedBy ?? `status ${status}`;
      onGaveUp(new BotGaveUp(`The bot could not start (${how}). ${lastWords()}`));
    });
  };
  const startAgain = (how: string): void => {
    if (starts >= STARTS_MAX) {
      onGaveUp(new BotGaveUp(`The bot ended ${STARTS_MAX} times, the last time with ${how}.`));
      return;
    }
    say(`ended (${how}); starting it again`);
    setTimeout(() => ending() || start(), RESTART_AFTER_MS);
  };
  start();
  return {
    pid: () => child.pid ?? 0,
    isUp: () => void (up = true),
    stop: async () => {
      stopping = true;
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGTERM");
        const hard = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
        await once(child, "exit");
        clearTimeout(hard);
      }
      log.end();
      await once(log, "close");
    },
  };
}

/** Keeps what a process said last: its complaints, else whatever it said. */
function hear({ stdout, stderr }: ChildProcess): () => string {
  const said = { out: "", complaints: "" };
  const last = (text: string): string => text.slice(-LAST_CHARS);
  stdout?.on("data", (chunk: Buffer) => (said.out = last(said.out + chunk.toString())));
  stderr?.on("data", (chunk: Buffer) => {
    said.complaints = last(said.complaints + chunk.toString());
  });
  return () => {
    const words = (said.complaints.trim() === "" ? said.out : said.complaints).trim();
    if (words === "") return "It said nothing.";
    const lines = words.split("\n").slice(-LAST_LINES);
    return `It said:\n${lines.map((line) => `  ${line}`).join("\n")}`;
  };
}
