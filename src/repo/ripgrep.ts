// Runs ripgrep over files or a text: no pattern of a model's making runs on our event loop. Says where matches begin.

import { spawn } from "node:child_process";

import { rgPath } from "@vscode/ripgrep";

import { SearchRefused } from "./contract.ts";

const SEARCH_MS_MAX = 20_000;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;
const STDERR_CHARACTERS = 2_000;

const FLAGS = [
  "--no-config",
  "--text",
  "--encoding=none",
  "--crlf",
  "--byte-offset",
  "--no-line-number",
  "--with-filename",
  "--null",
  "--color=never",
  "--no-heading",
  // Of each match nothing but its place.
  "--only-matching",
  "--replace=",
];

export interface Matches {
  /** Bytes from the start of the file at which matches begin, by file; a text from memory is `<stdin>`. */
  offsets: Map<string, number[]>;
  /** There are more than were taken. */
  cut: boolean;
}

/** Rejects with `SearchRefused` when the pattern is none or takes too long. */
export async function findMatches(
  pattern: string,
  where: { files: readonly string[] } | { text: readonly Uint8Array[] },
): Promise<Matches> {
  const places = "files" in where ? where.files : ["-"];
  if (places.length === 0) return { offsets: new Map(), cut: false };
  const child = spawn(rgPath, [...FLAGS, "-e", pattern, "--", ...places], {
    env: { PATH: process.env["PATH"] ?? "" },
    stdio: "pipe",
  });
  child.stdin.on("error", () => {}); // A child that ends before it read everything says why by its status.
  for (const part of "text" in where ? where.text : []) child.stdin.write(part);
  child.stdin.end();
  const chunks: Buffer[] = [];
  let bytes = 0;
  let stderr = "";
  let stopped: "timeout" | "cut" | null = null;
  const stop = (why: "timeout" | "cut"): void => {
    stopped ??= why;
    child.kill("SIGKILL");
  };
  child.stdout.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    if ((bytes += chunk.length) > OUTPUT_BYTES_MAX) stop("cut");
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr = (stderr + chunk.toString("utf8")).slice(0, STDERR_CHARACTERS);
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    const timer = setTimeout(() => stop("timeout"), SEARCH_MS_MAX);
    child.on("error", (cause) => {
      clearTimeout(timer);
      reject(new Error("ripgrep could not be started: install the packages again.", { cause }));
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve(code);
    });
  });
  if (stopped === null && status !== 0 && status !== 1) throw explain(pattern, stderr);
  if (stopped === "timeout") throw tookTooLong(pattern);
  return { offsets: parse(Buffer.concat(chunks)), cut: stopped === "cut" };
}

/** Again and again `<file> NUL <offset> : LF`. */
function parse(output: Buffer): Map<string, number[]> {
  const offsets = new Map<string, number[]>();
  for (let at = 0; ;) {
    const nameEnd = output.indexOf(0, at);
    const end = nameEnd < 0 ? -1 : output.indexOf(10, nameEnd);
    if (end < 0) return offsets;
    const name = output.toString("utf8", at, nameEnd);
    const found = offsets.get(name) ?? [];
    if (found.length === 0) offsets.set(name, found);
    found.push(Number.parseInt(output.toString("latin1", nameEnd + 1, end), 10));
    at = end + 1;
  }
}

function explain(pattern: string, stderr: string): Error {
  const why = /^error: (.+)$/m.exec(stderr)?.[1];
  const about = /look-around|backreferences/.exec(stderr)?.[0];
  if (about !== undefined) {
    return new SearchRefused(
      `${JSON.stringify(pattern)} uses ${about}, which searches do not know. Search for the plain part and read the hits.`,
    );
  }
  if (why === undefined && !stderr.includes("regex")) {
    return new Error(`ripgrep failed: ${stderr.trim() || "it said nothing"}`);
  }
  return new SearchRefused(
    `${JSON.stringify(pattern)} is no regular expression (${why ?? stderr.trim()}). ` +
      "Put a backslash before ( ) [ { . * + ? | to mean the character itself.",
  );
}

const tookTooLong = (pattern: string): SearchRefused =>
  new SearchRefused(
    `Searching for ${JSON.stringify(pattern)} took longer than ${SEARCH_MS_MAX / 1000} seconds. Use a simpler pattern.`,
  );
