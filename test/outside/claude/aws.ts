// What AWS does on its side, by its published rules: frames of an event stream, and the signature of a request.

import { createHash, createHmac } from "node:crypto";
import { crc32 } from "node:zlib";

import type { SeenRequest } from "./fake-messages.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html: lengths, headers, payload, checksums. */
export function eventFrame(
  type: string,
  payload: unknown,
  kind: "event" | "exception" = "event",
): Buffer {
  const headers = Buffer.concat([
    header(":message-type", kind),
    header(kind === "event" ? ":event-type" : ":exception-type", type),
    header(":content-type", "application/json"),
  ]);
  const body = Buffer.from(JSON.stringify(payload));
  const prelude = Buffer.concat([
    number(headers.length + body.length + 16),
    number(headers.length),
  ]);
  const checked = Buffer.concat([prelude, number(crc32(prelude)), headers, body]);
  return Buffer.concat([checked, number(crc32(checked))]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function header(name: string, value: string): Buffer {
  const TEXT = 7;
  const length = Buffer.alloc(2);
  length.writeUInt16BE(value.length);
  return Buffer.concat([
    Buffer.from([name.length]),
    Buffer.from(name),
    Buffer.from([TEXT]),
    length,
    Buffer.from(value),
  ]);
}

/**
 * The `Authorization` that a holder of the secret gives this request:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signatureOf(
  { method, path, headers, text }: SeenRequest,
  { keyId, secret, region }: { keyId: string; secret: string; region: string },
): string {
  const [, signed = ""] = /SignedHeaders=([^,]+)/u.exec(headers.authorization ?? "") ?? [];
  const at = String(headers["x-amz-date"]);
  const scope = `${at.slice(0, 8)}/${region}/bedrock/aws4_request`;
  const lines = signed.split(";").map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  const canonical = [method, encoded, "", lines.join(""), signed, sha256(text)].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", at, scope, sha256(canonical)].join("\n");
  const key = scope
    .split("/")
    .reduce<string | Buffer>((from, part) => hmac(from, part), `AWS4${secret}`);
  const signature = hmac(key, toSign).toString("hex");
  return `AWS4-HMAC-SHA256 Credential=${keyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac("sha256", key).update(text).digest();
