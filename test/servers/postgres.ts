// A real PostgreSQL of this machine, on a free port, its data in a folder of its own.

import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { freePort, isLeftOut, programPath, type Server, startProgram } from "./machine.ts";

const run = promisify(execFile);

/** Debian keeps each version's programs in a folder of its own. */
const DEBIAN = "/usr/lib/postgresql";
const folders = existsSync(DEBIAN)
  ? readdirSync(DEBIAN).map((version) => join(DEBIAN, version, "bin"))
  : [];
const initdb = programPath("initdb", folders);
const postgres = programPath("postgres", folders);
const isReady = programPath("pg_isready", folders);

export const isPostgresLeftOut = (): boolean =>
  isLeftOut(
    "PostgreSQL need its programs",
    initdb !== null && postgres !== null,
    "Install them (apt-get install postgresql).",
  );

export async function startPostgres(): Promise<Server> {
  const dir = await mkdtemp(join(tmpdir(), "fanfold-postgres-"));
  const port = await freePort();
  const who = await account(dir);
  await run(initdb ?? "initdb", ["-D", dir, "-U", "fanfold", "-A", "trust", "--no-sync"], who);
  const args = ["-D", dir, "-p", `${port}`, "-h", "127.0.0.1", "-k", dir, "-c", "fsync=off"];
  const start = () =>
    startProgram({ command: postgres ?? "postgres", args, ...who }, async () => {
      await run(isReady ?? "pg_isready", ["-q", "-h", "127.0.0.1", "-p", `${port}`]);
    });
  let running = await start();
  return {
    url: `postgres://fanfold@127.0.0.1:${port}/postgres`,
    kill: () => running.kill(),
    restart: async () => {
      running = await start();
    },
    [Symbol.asyncDispose]: async () => {
      await running.kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root: then it runs as the account that its package made. */
async function account(dir: string): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {};
  const idOf = async (flag: string): Promise<number> =>
    Number((await run("id", [flag, "postgres"])).stdout.trim());
  const who = { uid: await idOf("-u"), gid: await idOf("-g") };
  await chown(dir, who.uid, who.gid);
  return who;
}
