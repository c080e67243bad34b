// The bot as its own process, started from environment variables alone, and started again when it dies.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { fileURLToPath } from "node:url";

const BOT = fileURLToPath(new URL("./leashed-bot.ts", import.meta.url));
/** A bot that dies more often than this is broken, not unlucky. */
const STARTS_MAX = 10;
const RESTART_AFTER_MS = 500;
const STOP_WITHIN_MS = 30_000;

export interface BotProcess {
  /** Process id of the bot that runs now. */
  pid(): number;
  /** Resolves when the bot has been told to stop and has. */
  stop(): Promise<void>;
}

export interface BotProcessOptions {
  env: Readonly<Record<string, string>>;
  /** File that gets the bot's log. */
  logPath: string;
  /** Tells people: started with this process id, died and is started again, gave up. */
  say: (line: string) => void;
  /** The bot died for good. */
  onGaveUp: () => void;
  /** Aborted when the demo is to end: a bot that ends then has ended as it should. */
  signal: AbortSignal;
}

/** Starts the bot and keeps it up, as a service manager would. */
export function startBot({ env, logPath, say, onGaveUp, signal }: BotProcessOptions): BotProcess {
  const log = createWriteStream(logPath, { flags: "a" });
  let stopping = false;
  let starts = 0;
  let child!: ChildProcess;
  const start = (): void => {
    starts += 1;
    child = spawn(process.execPath, [BOT], { env: { ...env }, stdio: ["pipe", "pipe", "pipe"] });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    say(`bot started (process ${child.pid ?? "?"}), log in ${logPath}`);
    child.once("exit", (status, killedBy) => {
      if (stopping || signal.aborted) return;
      if (starts >= STARTS_MAX) {
        say(
          `bot ended ${STARTS_MAX} times (last: ${killedBy ?? `status ${status}`}); see ${logPath}`,
        );
        onGaveUp();
        return;
      }
      say(`bot ended (${killedBy ?? `status ${status}`}); starting it again`);
      setTimeout(() => stopping || signal.aborted || start(), RESTART_AFTER_MS);
    });
  };
  start();
  return {
    pid: () => child.pid ?? 0,
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
