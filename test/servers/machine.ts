// What real servers of a test need of the machine: a program, a free port, a folder that goes when they end.

import { spawn, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { existsSync } from "node:fs";

/** A server of this machine that a test started. */
export interface Server {
  url: string;
  /** As a machine that loses power; what it had written to disk stays. */
  kill(): Promise<void>;
  /** On the same port and folder. */
  restart(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Where a program is; null when this machine has none. */
export function programPath(name: string, folders: readonly string[] = []): string | null {
  const path = (process.env["PATH"] ?? "").split(delimiter);
  return [...folders, ...path].map((folder) => join(folder, name)).find(existsSync) ?? null;
}

/**
 * Whether tests of a server are left out, which is said aloud. CI installs what is missing; on a machine without, everything
 * else still runs.
 */
export function isLeftOut(what: string, isHere: boolean, advice: string): boolean {
  const left = !isHere && process.env["CI"] === undefined;
  if (left) process.stderr.write(`SKIPPED: tests of ${what}, and there is none here. ${advice}\n`);
  return left;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("No port was given.");
  return address.port;
}

/** Starts a program that goes on until it is killed; resolves when `isReady` does not reject any more. */
export async function startProgram(
  { command, args, ...options }: { command: string; args: string[] } & SpawnOptions,
  isReady: () => Promise<void>,
): Promise<{ kill: () => Promise<void> }> {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "ignore", "pipe"] });
  const errors: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => errors.push(text));
  const ended = once(child, "exit");
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
  };
  for (let tries = 0; ; tries++) {
    if (child.exitCode !== null) throw new Error(`${command} ended: ${errors.join("")}`);
    try {
      await isReady();
      return { kill };
    } catch (error) {
      if (tries < 300) await new Promise((resolve) => setTimeout(resolve, 50));
      else throw new Error(`${command} does not answer: ${errors.join("")}`, { cause: error });
    }
  }
}
