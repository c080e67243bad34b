// Makes the sample repository of the demo: a small package with a short history and real flaws.

import { execFile } from "node:child_process";
import { cp, mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const SOURCE = fileURLToPath(new URL("./sample/", import.meta.url));

/** The history, oldest first; the last commit takes everything that is left. */
const COMMITS = [
  {
    at: "2026-02-02T09:00:00Z",
    message: "Parse and write comma-separated text",
    paths: ["package.json", "README.md", "src/csv.js", "src/pad.js"],
  },
  {
    at: "2026-03-14T15:30:00Z",
    message: "Add slugs, addresses, templates and words",
    paths: ["src/slug.js", "src/url.js", "src/template.js", "src/words.js"],
  },
  { at: "2026-05-20T11:15:00Z", message: "Add sizes, the index, tests and a logo", paths: ["."] },
] as const;

const AUTHOR = "Tess Author";
const EMAIL = "tess@example.com";

/**
 * Writes the sample's files to `dir` (made when missing, otherwise empty) and commits them on the branch `main`; the same commit ids
 * every time. Rejects when `git` is missing or fails, with git's own words.
 */
export async function createSampleRepository(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  await cp(SOURCE, dir, { recursive: true, filter: (path) => basename(path) !== "node_modules" });
  await git(dir, ["init", "--quiet", "--initial-branch=main"]);
  for (const { at, message, paths } of COMMITS) {
    await git(dir, ["add", "--", ...paths.map((path) => join(".", path))]);
    await git(dir, ["commit", "--quiet", "--no-verify", "--no-gpg-sign", "--message", message], at);
  }
}

async function git(dir: string, args: readonly string[], at = ""): Promise<void> {
  const who = { NAME: AUTHOR, EMAIL, DATE: at };
  const identity = Object.entries(who).flatMap(([key, value]) => [
    [`GIT_AUTHOR_${key}`, value],
    [`GIT_COMMITTER_${key}`, value],
  ]);
  await promisify(execFile)("git", ["-C", dir, "-c", "core.autocrlf=false", ...args], {
    env: {
      PATH: process.env["PATH"],
      LC_ALL: "C",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      ...Object.fromEntries(at === "" ? [] : identity),
    },
  });
}
