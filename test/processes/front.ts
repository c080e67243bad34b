// Where webhooks go: to the newest bot that listens, as whoever runs several of them arranges it.

import { once } from "node:events";
import { createConnection, createServer, type Socket } from "node:net";

export interface Front extends AsyncDisposable {
  readonly port: number;
}

/** `ports` are those of the bots that live, newest first. Nobody there: the connection is closed. */
export async function openFront(ports: () => readonly number[]): Promise<Front> {
  const open = new Set<Socket>();
  const server = createServer((caller) => {
    open.add(caller);
    caller.on("close", () => open.delete(caller)).on("error", () => caller.destroy());
    void pass(caller, ports());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("There is no port.");
  return {
    port: address.port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

async function pass(caller: Socket, ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    const bot = createConnection({ port, host: "127.0.0.1" });
    try {
      await once(bot, "connect");
    } catch {
      continue;
    }
    bot.on("error", () => caller.destroy()).on("close", () => caller.destroy());
    caller.on("close", () => bot.destroy());
    caller.pipe(bot).pipe(caller);
    return;
  }
  caller.destroy();
}
