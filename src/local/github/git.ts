// Runs git on bare repositories: arguments as a list, no shell, no settings but our own, a limit on time and size.

import { spawn } from "node:child_process";
import { once } from "node:events";

const runMs = 60_000;
const outputBytes = 256 * 1024 * 1024;

/** Git said no; the message is git's own. */
export class GitFailure extends Error {
  override readonly name = "GitFailure";
  readonly status: number | null;

  constructor(args: readonly string[], status: number | null, stderr: string) {
    super(`git ${args[0]} ended with ${status}: ${stderr.trim()}`);
    this.status = status;
  }
}

export interface GitOptions {
  input?: string | Buffer;
  env?: Readonly<Record<string, string>>;
}

/** Nothing of the machine's or the person's settings reaches git. */
export const gitEnvironment = (): Record<string, string> => ({
  PATH: process.env["PATH"] ?? "",
  LC_ALL: "C.UTF-8",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
});

/** The raw output of one git command in a bare repository. Rejects with `GitFailure`. */
export async function gitBytes(
  gitDir: string,
  args: readonly string[],
  { input, env }: GitOptions = {},
): Promise<Buffer> {
  const child = spawn("git", ["--git-dir", gitDir, "-c", "core.quotePath=false", ...args], {
    env: { ...gitEnvironment(), ...env },
    stdio: ["pipe", "pipe", "pipe"],
    timeout: runMs,
  });
  const output: Buffer[] = [];
  const complaints: Buffer[] = [];
  let bytes = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > outputBytes) child.kill();
    else output.push(chunk);
  });
  child.stderr.on("data", (chunk: Buffer) => complaints.push(chunk));
  // Git may end before it has read everything; its status tells what came of it.
  child.stdin.on("error", () => {});
  child.stdin.end(input ?? "");
  await once(child, "close");
  if (child.exitCode !== 0) {
    throw new GitFailure(args, child.exitCode, Buffer.concat(complaints).toString());
  }
  return Buffer.concat(output);
}

export async function git(
  gitDir: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> {
  return (await gitBytes(gitDir, args, options)).toString();
}

/** Null where git says no: no such commit, path or ref. */
export async function tryGit(
  gitDir: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string | null> {
  try {
    return await git(gitDir, args, options);
  } catch (error) {
    if (error instanceof GitFailure) return null;
    throw error;
  }
}

/** Whether git agrees, for commands that answer by their status: 0 yes, 1 no. */
export async function gitAgrees(gitDir: string, args: readonly string[]): Promise<boolean> {
  try {
    await git(gitDir, args);
    return true;
  } catch (error) {
    if (error instanceof GitFailure && error.status === 1) return false;
    throw error;
  }
}

/** A bare repository that speaks smart HTTP as GitHub's do. */
export async function createBareRepository(gitDir: string, defaultBranch: string): Promise<void> {
  await git(gitDir, ["init", "--bare", "--quiet", `--initial-branch=${defaultBranch}`, gitDir]);
  const settings = {
    "http.receivepack": "true",
    "uploadpack.allowFilter": "true",
    "uploadpack.allowAnySHA1InWant": "true",
    "receive.advertiseAtomic": "true",
    "receive.denyDeleteCurrent": "refuse",
    "receive.fsckObjects": "true",
    "transfer.hideRefs": "refs/pull",
    "gc.auto": "0",
    "receive.autogc": "false",
  };
  for (const [name, value] of Object.entries(settings)) {
    await git(gitDir, ["config", name, value]);
  }
}
