// Reads objects through one long-lived `git cat-file`, in the order asked, with a bounded cache.

import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { Socket } from "node:net";

import { GitError, startGit } from "./git.ts";
import type { Oid } from "./git-data.ts";
import { openObjectParser, type GitObject, type ObjectInfo } from "./object-parser.ts";

/** A reader of objects by id; null means that the repository does not have it. Rejects with `GitError`. */
export interface CatFile extends AsyncDisposable {
  info(oid: Oid): Promise<ObjectInfo | null>;
  contents(oid: Oid): Promise<GitObject | null>;
  /** Ends the process, which knows the repository as it was; the next question starts another one. */
  letGo(): Promise<void>;
}

const CACHE_BYTES_MAX = 32 * 1024 * 1024;
const CACHED_OBJECT_BYTES_MAX = 1024 * 1024;
const OBJECT_BYTES_MAX = 100 * 1024 * 1024;
const OID = /^[0-9a-f]{40}$/;

interface Waiting {
  wants: "info" | "contents";
  resolve(found: GitObject | null): void;
  reject(error: Error): void;
}

interface Reader {
  child: ChildProcessWithoutNullStreams;
  queue: Waiting[];
  /** Questions of this turn of the event loop, which go out together. */
  unsent: string[];
  closed: Promise<void>;
}

/** Opens a reader on a bare repository. The process starts with the first question and again after it died. */
export function openCatFile(gitDir: string): CatFile {
  const cache = openCache();
  let reader: Reader | null = null;
  const ask = (wants: Waiting["wants"], oid: Oid): Promise<GitObject | null> => {
    if (!OID.test(oid))
      return Promise.reject(new TypeError(`${JSON.stringify(oid)} is no object id.`));
    const current = (reader ??= startReader(gitDir, (ended) => {
      if (reader === ended) reader = null;
    }));
    return new Promise((resolve, reject) => {
      current.queue.push({ wants, resolve, reject });
      hold(current.child, true);
      if (current.unsent.push(`${wants} ${oid}\n`) === 1) queueMicrotask(() => send(current));
    });
  };
  const letGo = async (): Promise<void> => {
    const current = reader;
    reader = null;
    if (current === null) return;
    // Whoever closes waits for the end, so the process of the bot must not leave before it.
    hold(current.child, true);
    send(current);
    current.child.stdin.end();
    await current.closed;
  };
  return {
    letGo,
    info: async (oid) => {
      const found = await ask("info", oid);
      return found && { oid: found.oid, type: found.type, size: found.size };
    },
    contents: async (oid) => {
      const known = cache.get(oid);
      if (known !== null) return known;
      const found = await ask("contents", oid);
      if (found !== null) cache.put(found);
      return found;
    },
    [Symbol.asyncDispose]: letGo,
  };
}

const tooLarge = (info: ObjectInfo): GitError =>
  new GitError(`Object ${info.oid} is ${info.size} bytes; ${OBJECT_BYTES_MAX} at most are read.`, {
    failure: "too-much-output",
    stderr: "",
  });

const send = ({ child, unsent }: Reader): void => {
  if (unsent.length > 0) child.stdin.write(`${unsent.splice(0).join("")}flush\n`);
};

function startReader(gitDir: string, onClose: (ended: Reader) => void): Reader {
  const child = startGit(["cat-file", "--batch-command", "--buffer"], { gitDir });
  const queue: Waiting[] = [];
  let stderr = "";
  child.stdin.on("error", () => {}); // Whoever waits is told when the process closes.
  child.stderr.on("data", (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-2_000)));
  const feed = openObjectParser({
    wantsContents: () => queue[0]?.wants === "contents",
    found: (object) => {
      queue.shift()?.resolve(object);
      if (queue.length === 0) hold(child, false);
    },
    tooLarge: (info) => queue.shift()?.reject(tooLarge(info)),
    bytesMax: OBJECT_BYTES_MAX,
  });
  child.stdout.on("data", (chunk: Buffer) => {
    if (!feed(chunk)) child.kill("SIGKILL");
  });
  const closed = new Promise<void>((resolve) => {
    const end = (cause?: unknown): void => {
      onClose(started);
      const said = stderr.trim() || "it ended without a word";
      const error = new GitError(`git cat-file stopped: ${said}`, {
        failure: "status",
        stderr,
        cause,
      });
      for (const waiting of queue.splice(0)) waiting.reject(error);
      resolve();
    };
    child.on("error", end);
    child.on("close", () => end());
  });
  const started: Reader = { child, queue, unsent: [], closed };
  return started;
}

/** An idle reader does not keep the process of the bot alive; one that is asked does. */
function hold(child: ChildProcessWithoutNullStreams, busy: boolean): void {
  for (const part of [child, child.stdin, child.stdout, child.stderr]) {
    if (part !== child && !(part instanceof Socket)) continue;
    if (busy) part.ref();
    else part.unref();
  }
}

interface Cache {
  get(oid: Oid): GitObject | null;
  put(object: GitObject): void;
}

/** Keeps the objects read last, within a number of bytes. */
function openCache(): Cache {
  const objects = new Map<Oid, GitObject>();
  let bytes = 0;
  return {
    get: (oid) => {
      const found = objects.get(oid);
      if (found === undefined) return null;
      objects.delete(oid);
      objects.set(oid, found);
      return found;
    },
    put: (object) => {
      if (object.size > CACHED_OBJECT_BYTES_MAX || objects.has(object.oid)) return;
      objects.set(object.oid, object);
      bytes += object.size;
      for (const [oid, oldest] of objects) {
        if (bytes <= CACHE_BYTES_MAX) break;
        objects.delete(oid);
        bytes -= oldest.size;
      }
    },
  };
}
