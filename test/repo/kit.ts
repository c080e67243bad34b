// Real bare repositories in temporary folders, for tests of everything that reads and writes git.

import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { systemClock } from "../../src/outside/clock.ts";
import type { Mirror, Overlay } from "../../src/repo/contract.ts";
import type { Oid } from "../../src/repo/git-data.ts";
import { openGitRemote } from "../../src/repo/git-remote.ts";
import { openMirror } from "../../src/repo/mirror.ts";

export const AUTHOR = { name: "Ada Lovelace", email: "ada@example.test" };
export const AT = 1_700_000_000_000;

/** What stands at a path of a commit: text, bytes, a link, a submodule, or an executable. */
export type Content =
  | string
  | Uint8Array
  | { link: string }
  | { submodule: Oid }
  | { executable: string };

export interface Hub extends AsyncDisposable {
  /** Path of the bare repository that plays the remote. */
  path: string;
  folder: string;
  /** Puts files on a branch as one commit; null removes. Returns the commit. */
  commit(branch: string, files: Record<string, Content | null>): Oid;
  git(...args: string[]): string;
}

const environment = {
  PATH: process.env["PATH"] ?? "",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
};

/** Runs git as a person would, for setting up and looking behind the scenes. */
export function rawGit(
  gitDir: string,
  args: readonly string[],
  stdin: string | Buffer = "",
): string {
  return execFileSync("git", ["-C", gitDir, ...args], {
    input: stdin,
    env: environment,
    stdio: ["pipe", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
  }).toString();
}

/** An empty bare repository in a temporary folder. */
export async function openHub(): Promise<Hub> {
  const folder = await mkdtemp(join(tmpdir(), "fanfold-"));
  const path = join(folder, "hub.git");
  execFileSync("git", ["init", "--bare", "--quiet", "-b", "main", path], { env: environment });
  const git = (...args: string[]): string => rawGit(path, args);
  return {
    path,
    folder,
    git,
    commit: (branch, files) => {
      const exists = git("for-each-ref", `refs/heads/${branch}`) !== "";
      rawGit(path, ["fast-import", "--quiet", "--force"], streamOf({ branch, files, exists }));
      return git("rev-parse", `refs/heads/${branch}`).trim();
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function streamOf(of: {
  branch: string;
  files: Record<string, Content | null>;
  exists: boolean;
}): Buffer {
  const parts = [
    Buffer.from(`commit refs/heads/${of.branch}\ncommitter T <t@example.test> 1600000000 +0000\n`),
    Buffer.from("data 4\ntest\n"),
  ];
  if (of.exists) parts.push(Buffer.from(`from refs/heads/${of.branch}^0\n`));
  for (const [path, content] of Object.entries(of.files)) parts.push(lineOf(path, content));
  return Buffer.concat(parts);
}

function lineOf(path: string, content: Content | null): Buffer<ArrayBuffer> {
  const quoted = `"${path.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll("\n", String.raw`\n`)}"`;
  if (content === null) return Buffer.from(`D ${quoted}\n`);
  if (typeof content === "object" && "submodule" in content) {
    return Buffer.from(`M 160000 ${content.submodule} ${quoted}\n`);
  }
  const [mode, bytes] = modeAndBytes(content);
  const head = Buffer.from(`M ${mode} inline ${quoted}\ndata ${bytes.length}\n`);
  return Buffer.concat([head, bytes, Buffer.from("\n")]);
}

function modeAndBytes(
  content: Exclude<Content, { submodule: Oid }>,
): [string, Buffer<ArrayBuffer>] {
  if (typeof content === "string") return ["100644", Buffer.from(content)];
  if (content instanceof Uint8Array) return ["100644", Buffer.from(content)];
  if ("link" in content) return ["120000", Buffer.from(content.link)];
  return ["100755", Buffer.from(content.executable)];
}

/** A remote without waits, on a path. */
export const remoteOf = (path: string): ReturnType<typeof openGitRemote> =>
  openGitRemote(
    { url: path, header: () => Promise.resolve(null) },
    { sleep: () => Promise.resolve(), random: () => 0.5 },
  );

/** Waits of real time, for remotes over a network. */
export const realWaits = { sleep: systemClock.sleep, random: Math.random };

/** A mirror of a hub, in the hub's folder. */
export const mirrorOf = (hub: Hub, name = "mirror.git"): Promise<Mirror> =>
  openMirror({ dir: join(hub.folder, name), remote: remoteOf(hub.path), clock: systemClock });

/** Everything of a mirrored hub that most tests start from. */
export async function openBench(
  files: Record<string, Content>,
): Promise<{ hub: Hub; mirror: Mirror; base: Oid; overlay: Overlay } & AsyncDisposable> {
  const hub = await openHub();
  const base = hub.commit("main", files);
  const mirror = await mirrorOf(hub);
  await mirror.fetch("main");
  const overlay = mirror.overlay(await mirror.snapshot(base));
  return {
    hub,
    mirror,
    base,
    overlay,
    [Symbol.asyncDispose]: async () => {
      await mirror[Symbol.asyncDispose]();
      await hub[Symbol.asyncDispose]();
    },
  };
}

/** Commits edits given as texts (null removes) on top of a commit. */
export function commitOf(
  mirror: Mirror,
  parent: Oid,
  edits: Record<string, string | null>,
): Promise<Oid> {
  return mirror.commit({
    parent,
    edits: Object.entries(edits).map(([path, content]) => ({ path, content })),
    message: "Change some files",
    author: AUTHOR,
    at: AT,
  });
}
