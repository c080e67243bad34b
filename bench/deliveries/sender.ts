// Sends every delivery of a file at once and says how long each answer took: in a process of its own, so that nothing else is measured.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { performance } from "node:perf_hooks";

import { Kept } from "./kept.ts";

/** GitHub's senders are warm: this one speaks first of something else, or its own compiling would be measured as the bot's. */
const WARM_ROUNDS = 10;
const WARM_AT_ONCE = 20;

const [file = "", url = ""] = process.argv.slice(2);
const deliveries = Kept.parse(JSON.parse(await readFile(file, "utf8")));
/** Each delivery has a connection of its own, as from many machines. */
const agent = new Agent({ keepAlive: false });

interface Sent {
  method: "GET" | "POST";
  headers: Readonly<Record<string, string>>;
  body: string;
}

async function send(to: URL, { method, headers, body }: Sent) {
  const began = performance.now();
  const length = { "content-length": String(Buffer.byteLength(body)) };
  const sent = request(to, { method, agent, headers: { ...headers, ...length } }).end(body);
  const [response] = await once(sent, "response");
  response.resume();
  await once(response, "end");
  return { status: Number(response.statusCode), ms: performance.now() - began };
}

const ping = new URL("/ping", url);
for (let round = 0; round < WARM_ROUNDS; round += 1) {
  const all = Array.from({ length: WARM_AT_ONCE }, () =>
    send(ping, { method: "GET", headers: {}, body: "" }),
  );
  await Promise.all(all);
}
const to = new URL(url);
const answers = await Promise.all(
  deliveries.map((delivery) => send(to, { ...delivery, method: "POST" })),
);
process.stdout.write(JSON.stringify(answers));
