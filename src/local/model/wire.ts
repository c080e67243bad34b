// Requests and answers of the Messages API as HTTP: bodies, keys, headers, errors.

import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";

import { providerError, type ErrorReply, type JsonObject } from "./reply.ts";

const BODY_BYTES_AT_MOST = 32 * 1024 * 1024;

/** The JSON of a body, or the refusal of one that is none or too large. */
export async function readBody(
  request: IncomingMessage,
  bytesAtMost = BODY_BYTES_AT_MOST,
): Promise<{ json: unknown } | ErrorReply> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= bytesAtMost) chunks.push(chunk);
  });
  await once(request, "end");
  if (bytes > bytesAtMost) return providerError.tooLarge();
  try {
    return { json: JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown };
  } catch {
    return providerError.invalid("The request body is not valid JSON.");
  }
}

/** What is wrong with a body, in the provider's way: the place, then the reason. */
export function explain(
  issues: readonly { path: PropertyKey[]; message: string; code: string }[],
): string {
  const issue = issues[0];
  if (!issue) return "The request is not valid.";
  const at = issue.path.map(String).join(".");
  return at === "" ? issue.message : `${at}: ${issue.message}`;
}

/** The key a request came with, in either of its two headers; "" without one. */
export function keyOf(request: IncomingMessage): string {
  const key = request.headers["x-api-key"];
  if (typeof key === "string" && key !== "") return key;
  return /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? "";
}

/** Headers that came once, by lower-case name. */
export function headersOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value]] : [],
    ),
  );
}

/** Answers with Anthropic's form of an error. */
export function sendError(response: ServerResponse, reply: ErrorReply): void {
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  sendJson(response, reply.status, {
    type: "error",
    error: { type: reply.type, message: reply.message },
    request_id: String(response.getHeader("request-id")),
  });
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: JsonObject): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
