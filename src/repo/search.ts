// Searches a commit with `git grep` in a child process: no pattern of a model's making runs on our event loop.

import { SearchRefused, type SearchHit, type SearchOptions } from "./contract.ts";
import { git, GitError } from "./git.ts";
import type { Oid } from "./git-data.ts";
import { toExtended } from "./pattern.ts";
import { matcherOf } from "./paths.ts";

const HITS_DEFAULT = 200;
const HITS_MAX = 5_000;
const TEXT_CHARACTERS_MAX = 300;
const PATTERN_CHARACTERS_MAX = 1_000;
const SEARCH_MS_MAX = 20_000;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

export interface Search {
  commit: Oid;
  pattern: string;
  options?: SearchOptions | undefined;
}

/** Hits in order of path and line; `cut` when there are more. Rejects with `SearchRefused`. */
export async function searchCommit(
  gitDir: string,
  search: Search,
): Promise<{ hits: SearchHit[]; cut: boolean }> {
  const limit = Math.min(Math.max(1, search.options?.limit ?? HITS_DEFAULT), HITS_MAX);
  const matches = search.options?.glob === undefined ? () => true : matcherOf(search.options.glob);
  const output = await grep(gitDir, search, limit);
  const hits: SearchHit[] = [];
  for (const hit of parseHits(output.stdout, search.commit)) {
    if (!matches(hit.path)) continue;
    if (hits.length === limit) return { hits, cut: true };
    hits.push(hit);
  }
  return { hits, cut: output.cut };
}

async function grep(
  gitDir: string,
  { commit, pattern, options }: Search,
  limit: number,
): Promise<{ stdout: Buffer; cut: boolean }> {
  if (pattern === "" || pattern.length > PATTERN_CHARACTERS_MAX || /[\0\n]/.test(pattern)) {
    throw new SearchRefused(
      `The pattern must be one line of 1 to ${PATTERN_CHARACTERS_MAX} characters: search for a shorter part of it.`,
    );
  }
  const base = options?.glob === undefined ? null : literalFolder(options.glob);
  const where = base === null ? [] : [`:(top,literal)${base}`];
  const flags = ["-E", "-I", "-n", "-z", "--no-color", "--full-name", `--max-count=${limit + 1}`];
  try {
    return await git(["grep", ...flags, "-e", toExtended(pattern), commit, "--", ...where], {
      gitDir,
      accept: [0, 1],
      timeoutMs: SEARCH_MS_MAX,
      maxBytes: OUTPUT_BYTES_MAX,
      overflow: "cut",
      environment: { LC_ALL: "C.UTF-8" },
    });
  } catch (error) {
    throw error instanceof GitError ? explain(error, pattern) : error;
  }
}

/** The folder a glob starts with, so that git need not look elsewhere. */
function literalFolder(glob: string): string | null {
  const start = /^(?:\.?\/)*((?:[^*?[\]{}()!+@\\/]+\/)+)/.exec(glob)?.[1];
  return start === undefined ? null : start.replace(/\/+$/, "");
}

function explain(error: GitError, pattern: string): Error {
  const shown = JSON.stringify(pattern);
  if (error.failure === "timeout") {
    return new SearchRefused(
      `Searching for ${shown} took longer than ${SEARCH_MS_MAX / 1000} seconds. Use a simpler pattern or a narrower glob.`,
      { cause: error },
    );
  }
  const said = /fatal: -e option, '.*': (.+)$/ms.exec(error.stderr)?.[1];
  if (said === undefined) return error;
  return new SearchRefused(
    `${shown} is no extended regular expression (${said.trim()}). Put a backslash before ( ) [ { . * + ? | to mean the character itself.`,
    { cause: error },
  );
}

/** One record is `<commit>:<path> NUL <line> NUL <text> LF`. */
function* parseHits(stdout: Buffer, commit: Oid): Generator<SearchHit> {
  const prefix = commit.length + 1;
  let start = 0;
  for (;;) {
    const pathEnd = stdout.indexOf(0, start);
    const lineEnd = pathEnd < 0 ? -1 : stdout.indexOf(0, pathEnd + 1);
    const textEnd = lineEnd < 0 ? -1 : stdout.indexOf(10, lineEnd + 1);
    if (textEnd < 0) return;
    yield {
      path: stdout.toString("utf8", start + prefix, pathEnd),
      line: Number(stdout.toString("latin1", pathEnd + 1, lineEnd)),
      text: stdout
        .toString("utf8", lineEnd + 1, Math.min(textEnd, lineEnd + 1 + TEXT_CHARACTERS_MAX * 4))
        .slice(0, TEXT_CHARACTERS_MAX)
        .replace(/\r$/, ""),
    };
    start = textEnd + 1;
  }
}
