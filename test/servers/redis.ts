// A real Redis of this machine, on a free port, with the persistence that the documentation asks for.

import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freePort, isLeftOut, programPath, type Server, startProgram } from "./machine.ts";

const program = programPath("redis-server");

export const isRedisLeftOut = (): boolean =>
  isLeftOut(
    "Redis need redis-server",
    program !== null,
    "Install it (apt-get install redis-server).",
  );

export async function startRedis(): Promise<Server> {
  const dir = await mkdtemp(join(tmpdir(), "fanfold-redis-"));
  const port = await freePort();
  const args = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", dir, "--save", ""];
  const command = program ?? "redis-server";
  const start = () =>
    startProgram(
      { command, args: [...args, "--appendonly", "yes", "--maxmemory-policy", "noeviction"] },
      () => ping(port),
    );
  let running = await start();
  return {
    url: `redis://127.0.0.1:${port}`,
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

async function ping(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    socket.write("PING\r\n");
    const [answer] = await once(socket, "data");
    if (!String(answer).startsWith("+PONG")) throw new Error(`It answers ${String(answer)}.`);
  } finally {
    socket.destroy();
  }
}
