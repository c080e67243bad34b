// The few git commands that the forge in memory needs on its bare repository.

import { execFile } from "node:child_process";

export interface Answer {
  ok: boolean;
  text: string;
}

/** Runs git in a bare repository; a failure is an answer, since callers ask questions with it. */
export function git(gitDir: string, args: readonly string[], stdin = ""): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const child = execFile(
    "git",
    [...args],
    { env: environment(gitDir), ...limits },
    (error, out, err) => {
      resolve({ ok: error === null, text: (error === null ? out : err).trimEnd() });
    },
  );
  // A command that ends before it read everything says why by its status.
  child.stdin?.on("error", () => {});
  child.stdin?.end(stdin);
  return promise;
}

/** The same for commands that must not fail. */
export async function gitText(
  gitDir: string,
  args: readonly string[],
  stdin = "",
): Promise<string> {
  const { ok, text } = await git(gitDir, args, stdin);
  if (!ok) throw new Error(`git ${args[0] ?? ""} failed: ${text}`);
  return text;
}

/** The commit a full ref name points at, or null. */
export async function readRef(gitDir: string, ref: string): Promise<string | null> {
  const { ok, text } = await git(gitDir, ["rev-parse", "--verify", "--quiet", `${ref}^{}`]);
  return ok ? text : null;
}

export async function isAncestor(
  gitDir: string,
  [older, newer]: [string, string],
): Promise<boolean> {
  return (await git(gitDir, ["merge-base", "--is-ancestor", older, newer])).ok;
}

/** What a person commits: files as they are from now on, on top of `from` where that is a commit or a branch. */
export interface NewFiles {
  branch: string;
  from: string | null;
  message: string;
  /** The account whose commit it is; nobody's when left out. */
  by?: { id: number; login: string };
  /** Null removes one. */
  files: Readonly<Record<string, string | null>>;
}

/** Makes a commit and moves the branch to it, wherever it stood. */
export async function commitFiles(
  gitDir: string,
  { branch, from, message, by, files }: NewFiles,
): Promise<void> {
  const ref = `refs/heads/${branch}`;
  const changed = Object.entries(files).flatMap(([path, text]) =>
    text === null
      ? [`D ${JSON.stringify(path)}`]
      : [`M 100644 inline ${JSON.stringify(path)}`, data(text)],
  );
  const stream = [
    `commit ${ref}`,
    ...(by === undefined ? [] : [`author ${by.login} <${addressOf(by)}> now`]),
    "committer fanfold[bot] <fanfold[bot]@users.noreply.github.com> now",
    data(message),
    ...(from === null ? [] : [`from ${from}^0`]),
    ...changed,
    "done",
    "",
  ];
  const flags = ["--quiet", "--force", "--done", "--date-format=now"];
  await gitText(gitDir, ["fast-import", ...flags], stream.join("\n"));
}

/** The address by which GitHub knows whose commit it is. */
const addressOf = ({ id, login }: { id: number; login: string }): string =>
  `${id}+${login}@users.noreply.github.com`;

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}`;

const limits = { maxBuffer: 64 * 1024 * 1024, timeout: 60_000 };

function environment(gitDir: string): NodeJS.ProcessEnv {
  const name = "fanfold[bot]";
  const email = "fanfold[bot]@users.noreply.github.com";
  return {
    PATH: process.env["PATH"],
    LC_ALL: "C",
    GIT_DIR: gitDir,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  };
}
