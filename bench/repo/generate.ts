// Generates repositories: text that compresses like source code, folders like a monorepo's, the same every time.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { finished } from "node:stream/promises";

import { gitText } from "../../src/repo/git.ts";

const FILES_PER_FOLDER = 100;
const FOLDERS_PER_PACKAGE = 10;
const LINES_PER_FILE = 90;
const CHUNK_CHARS = 1024 * 1024;
const WHEN = "T <t@example.test> 1600000000 +0000";
const WORDS = (
  "alpha beta gamma delta value index result error file path tree commit branch merge worker review " +
  "queue limit count total name kind state entry line hunk object string number return const await async"
).split(" ");

/** Where the file of a number stands. */
export function pathOf(file: number): string {
  const folder = Math.floor(file / FILES_PER_FOLDER);
  return `packages/p${Math.floor(folder / FOLDERS_PER_PACKAGE)}/src/d${folder % FOLDERS_PER_PACKAGE}/file${file}.ts`;
}

/** What stands in it; about 4,000 characters, and one file in a hundred holds a rare word. */
export function contentOf(file: number, version = 0): string {
  let state = file * 7_919 + version * 104_729 + 1;
  const next = (): number => (state = (state * 48_271) % 2_147_483_647);
  const word = (): string => WORDS[next() % WORDS.length] ?? "";
  const lines = Array.from(
    { length: LINES_PER_FILE },
    (_, line) => `  ${word()}.${word()}(${word()}, ${word()}_${next() % 10_000}); // ${line}`,
  );
  if (file % 100 === 17) lines.push(`  rareNeedle(${file});`);
  return `export function f${file}() {\n${lines.join("\n")}\n}\n`;
}

/** Makes a bare repository with a branch `main`; returns its commit. */
export async function generateRepository(
  gitDir: string,
  { files, history }: { files: number; history: number },
): Promise<string> {
  await gitText(["init", "--bare", "--quiet", "-b", "main", gitDir]);
  const child = spawn("git", ["-C", gitDir, "fast-import", "--quiet"], {
    stdio: ["pipe", "inherit", "inherit"],
    env: { ...process.env, MALLOC_TRIM_THRESHOLD_: "67108864", MALLOC_TOP_PAD_: "1048576" },
  });
  let waiting = "";
  const write = async (text: string): Promise<void> => {
    waiting += text;
    if (waiting.length < CHUNK_CHARS) return;
    const chunk = waiting;
    waiting = "";
    if (!child.stdin.write(chunk)) await once(child.stdin, "drain");
  };
  const closed = once(child, "close");
  await write(`commit refs/heads/main\ncommitter ${WHEN}\ndata 5\nfirst\n`);
  for (let file = 0; file < files; file += 1) await write(put(pathOf(file), contentOf(file)));
  for (let version = 1; version <= history; version += 1) {
    const file = (version * 37) % files;
    await write(`commit refs/heads/main\ncommitter ${WHEN}\ndata 4\nnext\n`);
    await write(put(pathOf(file), contentOf(file, version)));
  }
  child.stdin.end(waiting);
  await finished(child.stdin);
  await closed;
  return gitText(["rev-parse", "refs/heads/main"], { gitDir });
}

const put = (path: string, content: string): string =>
  `M 100644 inline ${path}\ndata ${Buffer.byteLength(content)}\n${content}\n`;
