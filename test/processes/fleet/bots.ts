// Bots as processes that can be killed, frozen and started again on their disks.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { freePort } from "../../../src/demo/ports.ts";

const source = (name: string): string =>
  fileURLToPath(new URL(`../../../src/${name}`, import.meta.url));
/** One process, or one of several. */
const COMMANDS = {
  both: [source("main.ts")],
  serve: [source("cli.ts"), "serve"],
  work: [source("cli.ts"), "work"],
};

/** A bot's process. */
export interface Life {
  readonly child: ChildProcess;
  readonly disk: string;
  ended(): boolean;
  /** Lines of its log so far. */
  readonly log: readonly string[];
}

export interface Bots extends AsyncDisposable {
  /** All that there were, oldest first. */
  lives: readonly Life[];
  /** Starts the bot on a disk; without one on an empty one. The first one gets the webhooks. */
  start(disk?: string, role?: keyof typeof COMMANDS): Promise<Life>;
  /** Resolves when a bot listens where the webhooks go. */
  listening(): Promise<void>;
}

export interface BotsParts {
  /** Their disks are made here. */
  dir: string;
  /** Where the webhooks go. */
  port: number;
  /** What each of them gets beside its port and its disk. */
  env: Readonly<Record<string, string>>;
}

/** Nobody is started yet. All are killed in the end. */
export function openBots({ dir, port, env }: BotsParts): Bots {
  const lives: Life[] = [];
  const isTaken = (): boolean => lives.some((life) => !life.ended());
  return {
    lives,
    start: async (disk = mkdtempSync(join(dir, "disk-")), role = "both") => {
      const own = isTaken() ? await freePort() : port;
      const variables = { ...env, PORT: String(own), FANFOLD_DATA: disk };
      const stdio = ["ignore", "pipe", "ignore"] as const;
      const child = spawn(process.execPath, COMMANDS[role], { env: variables, stdio: [...stdio] });
      const log: string[] = [];
      createInterface({ input: child.stdout }).on("line", (line) => log.push(line));
      const ended = (): boolean => child.exitCode !== null || child.signalCode !== null;
      const life = { child, disk, log, ended };
      lives.push(life);
      return life;
    },
    listening: async () => {
      const url = `http://127.0.0.1:${port}/ping`;
      while (!(await fetch(url).then(isThere, () => false))) await sleep(200);
    },
    [Symbol.asyncDispose]: async () => {
      for (const life of lives.filter((each) => !each.ended())) {
        life.child.kill("SIGKILL");
        await once(life.child, "exit");
      }
    },
  };
}

const isThere = (): boolean => true;
