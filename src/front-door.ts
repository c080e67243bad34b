// The HTTP server: what reaches Probot is small, signed and on the webhook's path; the rest is answered here.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

import { limits } from "./config/limits.ts";
import type { Log } from "./world/log.ts";

/** What stands behind the door. */
export interface FrontDoor {
  /** Null: this process takes none. */
  webhookPath: string | null;
  /** True when `signature` was made over `body` with our secret; compares in constant time. */
  verify(body: string, signature: string): Promise<boolean>;
  /** Takes the delivery; `request.body` holds its text. */
  receive(request: IncomingMessage, response: ServerResponse): Promise<unknown>;
  /** Answers a request for one of the bot's own pages; false when it is not one. */
  pages: ((request: IncomingMessage, response: ServerResponse) => Promise<boolean>) | null;
  /** Why nobody should send anything here now, as a sentence; null when all is well. */
  unready(): Promise<string | null>;
  /** True while no more deliveries can be taken. */
  busy(): boolean;
  /** Told of each delivery that was answered: HTTP status, and milliseconds since it began to arrive. */
  answered(status: number, ms: number): void;
  /** Milliseconds since 1970. */
  now(): number;
  log: Log;
}

/** The server, not listening yet. */
export function createFrontDoor(door: FrontDoor): Server {
  const options = { requestTimeout: limits.web.bodyMs, headersTimeout: limits.web.bodyMs };
  return createServer(options, (request, response) => {
    answer(door, request, response).catch((error: unknown) => {
      door.log.error({ err: error }, "A request could not be answered.");
      if (!response.headersSent) refuse(response, 500, "Something went wrong here. Deliver again.");
    });
  });
}

async function answer(door: FrontDoor, request: IncomingMessage, response: ServerResponse) {
  const path = pathOf(request);
  if (request.method === "GET" && path === "/ping") {
    response.writeHead(200, { "content-type": "text/plain" }).end("PONG");
  } else if (request.method === "GET" && path === "/ready") {
    const why = await door.unready();
    const status = why === null ? 200 : 503;
    response.writeHead(status, { "content-type": "text/plain" }).end(why ?? "READY");
  } else if (request.method === "POST" && path === door.webhookPath) {
    const since = door.now();
    response.once("finish", () => door.answered(response.statusCode, door.now() - since));
    await admit(door, request, response);
  } else if (!(await door.pages?.(request, response))) {
    refuse(response, 404, nothingHere(door));
  }
}

const nothingHere = ({ webhookPath }: FrontDoor): string =>
  webhookPath === null
    ? "Nothing here. Webhooks go to a process that was started by `fanfold serve`."
    : `Nothing here. Webhooks go to POST ${webhookPath}.`;

/** A delivery, checked from the cheapest to the dearest: room, size, signature. */
async function admit(door: FrontDoor, request: IncomingMessage, response: ServerResponse) {
  if (door.busy()) {
    door.log.warn(about(request), "Delivery refused: too many are under way.");
    return refuse(response, 503, "Too many deliveries are under way. Deliver again in a minute.");
  }
  const body = await readBody(request);
  if (body === null) {
    door.log.warn(about(request), "Delivery refused: its body is too large.");
    return refuse(response, 413, `A delivery may have at most ${limits.web.bodyBytes} bytes.`);
  }
  if (!(await isSigned(door, request, body))) {
    const advice =
      "Delivery refused: its signature does not fit. If it came from GitHub, WEBHOOK_SECRET differs from the secret in the App's settings.";
    door.log.warn(about(request), advice);
    return refuse(response, 400, "The signature does not fit the body.");
  }
  return door.receive(Object.assign(request, { body }), response);
}

/** The body as text; null when it is too large, without reading on. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  if (Number(request.headers["content-length"] ?? 0) > limits.web.bodyBytes) return null;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const piece = Buffer.from(chunk);
    bytes += piece.length;
    if (bytes > limits.web.bodyBytes) return null;
    chunks.push(piece);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function isSigned(door: FrontDoor, request: IncomingMessage, body: string) {
  const signature = request.headers["x-hub-signature-256"];
  return typeof signature === "string" && body !== "" && door.verify(body, signature);
}

/** Ends the connection too: what is left of a refused body is not worth reading. */
function refuse(response: ServerResponse, status: number, error: string): void {
  response
    .writeHead(status, { "content-type": "application/json", connection: "close" })
    .end(JSON.stringify({ error }));
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? "/").split("?")[0] ?? "/";
}

/** What the log may hold of a stranger's request: where from, and an id of plain characters. */
function about(request: IncomingMessage) {
  const delivery = String(request.headers["x-github-delivery"] ?? "");
  return {
    from: request.socket.remoteAddress ?? "unknown",
    delivery: /^[\w-]{1,64}$/u.test(delivery) ? delivery : "none",
  };
}
