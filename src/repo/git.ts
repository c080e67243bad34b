// Runs git: argument arrays, an environment of our own making, limits on time and output.

import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";

/** One setting for this one process. */
export type GitSetting = readonly [key: string, value: string];

export interface GitOptions {
  /** The bare repository to work in; without it git works in none. */
  gitDir?: string;
  /** Parts are written one after the other. */
  stdin?: string | Uint8Array | readonly Uint8Array[];
  timeoutMs?: number;
  /** Bytes of output at most. */
  maxBytes?: number;
  /** What happens beyond `maxBytes`: an error, or the output up to there. */
  overflow?: "fail" | "cut";
  /** Exit statuses that are answers and no errors; default 0. */
  accept?: readonly number[];
  settings?: readonly GitSetting[];
  environment?: Readonly<Record<string, string>>;
}

export interface GitOutput {
  status: number;
  stdout: Buffer;
  stderr: string;
  /** Output was cut at `maxBytes`. */
  cut: boolean;
}

/** Why git did not do what it was asked: its own status, or a limit of ours. */
export type GitFailure = "status" | "timeout" | "too-much-output" | "not-started";

/** A git command that failed. The message names the command and the end of what git said. */
export class GitError extends Error {
  override readonly name = "GitError";
  readonly failure: GitFailure;
  readonly stderr: string;

  constructor(message: string, options: ErrorOptions & { failure: GitFailure; stderr: string }) {
    super(message, options);
    this.failure = options.failure;
    this.stderr = options.stderr;
  }
}

const TIMEOUT_MS = 120_000;
const OUTPUT_BYTES_MAX = 256 * 1024 * 1024;
const STDERR_CHARACTERS = 4_000;
const KILL_AFTER_MS = 2_000;

const HARDENED: readonly GitSetting[] = [
  ["core.hooksPath", "/dev/null"],
  ["core.attributesFile", "/dev/null"],
  ["core.fsmonitor", "false"],
  ["core.quotePath", "false"],
  // Whether a ref happens to be called like an object's id: a dozen looks at the disk for each id.
  ["core.warnAmbiguousRefs", "false"],
  ["core.pager", "cat"],
  ["protocol.allow", "never"],
  ["credential.helper", ""],
  ["gc.auto", "0"],
  ["maintenance.auto", "false"],
  ["submodule.recurse", "false"],
  // A few writers' commits are loose objects, which git does not bring to the disk by itself; the journal that speaks of them
  // is there already. Refs are left out: they cost a call each and only keep commits from being cleared away weeks later.
  ["core.fsync", "loose-object"],
  ["core.fsyncMethod", "batch"],
  ["advice.detachedHead", "false"],
];

/**
 * For glibc's allocator; others do not read it. Git frees and asks again for a few hundred KB with every object, and each
 * time the system takes the pages back and hands out new ones: a thousand commits took twelve seconds instead of one.
 */
const KEEPS_ITS_MEMORY = {
  MALLOC_TRIM_THRESHOLD_: String(64 * 1024 * 1024),
  MALLOC_TOP_PAD_: String(1024 * 1024),
};

/** What git may inherit: where programs, certificates and the way out are. */
const INHERITED = [
  "PATH",
  "TMPDIR",
  "SystemRoot",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "GIT_SSL_CAINFO",
  "http_proxy",
  "https_proxy",
  "HTTPS_PROXY",
  "ALL_PROXY",
];

/**
 * Runs one git command and resolves when its output is closed. Rejects with `GitError` when it fails, takes longer than
 * `timeoutMs` (default two minutes) or says more than `maxBytes` (default 256 MB).
 */
export async function git(args: readonly string[], options: GitOptions = {}): Promise<GitOutput> {
  const child = startGit(args, options);
  child.stdin.on("error", () => {}); // A child that ends before it read everything says why by its status.
  feed(child, options.stdin ?? "");
  const output = await collect(child, { name: `git ${args[0] ?? ""}`, options });
  if ((options.accept ?? [0]).includes(output.status) || output.cut) return output;
  const said = output.stderr.trim() || "it said nothing";
  throw new GitError(`git ${args[0] ?? ""} failed (status ${output.status}): ${said}`, {
    failure: "status",
    stderr: output.stderr,
  });
}

function feed(
  { stdin }: ChildProcessWithoutNullStreams,
  input: string | Uint8Array | readonly Uint8Array[],
): void {
  if (typeof input === "string" || input instanceof Uint8Array) {
    stdin.end(input);
    return;
  }
  stdin.cork();
  for (const part of input) stdin.write(part);
  stdin.uncork();
  stdin.end();
}

/** The same for answers that are one short text. */
export async function gitText(args: readonly string[], options: GitOptions = {}): Promise<string> {
  return (await git(args, options)).stdout.toString("utf8").trim();
}

/** Starts git with the hardened environment; the caller owns the process. */
export function startGit(
  args: readonly string[],
  options: GitOptions,
): ChildProcessWithoutNullStreams {
  return spawn("git", [...args], { env: environmentOf(options), stdio: "pipe" });
}

function environmentOf(options: GitOptions): Record<string, string> {
  const settings = [...HARDENED, ...(options.settings ?? [])];
  const environment: Record<string, string> = {
    ...KEEPS_ITS_MEMORY,
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "",
    GIT_LFS_SKIP_SMUDGE: "1",
    GIT_LITERAL_PATHSPECS: "0",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_CONFIG_COUNT: String(settings.length),
    no_proxy: [process.env["no_proxy"] ?? process.env["NO_PROXY"], "127.0.0.1,localhost,::1"]
      .filter(Boolean)
      .join(","),
  };
  for (const name of INHERITED) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  for (const [index, [key, value]] of settings.entries()) {
    environment[`GIT_CONFIG_KEY_${index}`] = key;
    environment[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  if (options.gitDir !== undefined) environment["GIT_DIR"] = options.gitDir;
  return { ...environment, ...options.environment };
}

function collect(
  child: ChildProcessWithoutNullStreams,
  { name, options }: { name: string; options: GitOptions },
): Promise<GitOutput> {
  const maxBytes = options.maxBytes ?? OUTPUT_BYTES_MAX;
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const chunks: Buffer[] = [];
  let bytes = 0;
  let stderr = "";
  let ended: GitFailure | null = null;
  const stop = (why: GitFailure): void => {
    ended ??= why;
    child.kill("SIGTERM");
    setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS).unref();
  };
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => stop("timeout"), timeoutMs);
    const fail = (failure: GitFailure, message: string, cause?: unknown): void =>
      reject(new GitError(`${name} ${message}`, { failure, stderr, cause }));
    child.stdout.on("data", (chunk: Buffer) => {
      const room = Math.max(0, maxBytes - bytes);
      bytes += chunk.length;
      if (room > 0) chunks.push(chunk.subarray(0, room));
      if (bytes > maxBytes && ended === null) stop("too-much-output");
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr = (stderr + chunk.toString("utf8")).slice(-STDERR_CHARACTERS);
    });
    child.on("error", (cause) => {
      clearTimeout(timer);
      fail("not-started", "could not be started: is git installed and on the PATH?", cause);
    });
    child.on("close", (status) => {
      clearTimeout(timer);
      const cut = ended === "too-much-output" && options.overflow === "cut";
      if (ended === "timeout") fail(ended, `took longer than ${timeoutMs} ms and was stopped.`);
      else if (ended === "too-much-output" && !cut) {
        fail(ended, `said more than ${maxBytes} bytes and was stopped.`);
      } else resolve({ status: status ?? -1, stdout: Buffer.concat(chunks), stderr, cut });
    });
  });
}
