// Makes commits with `git fast-import`: no checkout, no index, and no ref left behind.

import { PathRefused } from "./contract.ts";
import { git } from "./git.ts";
import type { Identity, NewCommit, Oid } from "./git-data.ts";
import { checkPath } from "./path-gate.ts";
import { foldersAbove, listTree, modesOf } from "./tree.ts";

const IMPORT_MS_MAX = 120_000;
/** Never written: fast-import wants a name while it works, and is told to forget it. */
const SCRATCH_REF = "refs/fanfold/scratch";

type TreeChange =
  | { kind: "put"; path: string; mode: "100644" | "100755"; bytes: Uint8Array }
  | { kind: "delete"; path: string };

interface Imported {
  parents: readonly Oid[];
  changes: readonly TreeChange[];
  message: string;
  author: Identity;
  at: number;
}

/**
 * Edits on top of a parent as one commit; the same input gives the same id. Keeps the executable bit of files that had
 * it. Refuses paths that the gate refuses and every change of a link, a submodule or what lies below one.
 */
export async function makeCommit(gitDir: string, commit: NewCommit): Promise<Oid> {
  const paths = commit.edits.map((edit) => checkPath(edit.path));
  const modes = await modesOf(gitDir, { commit: commit.parent, paths });
  const removed = new Set(commit.edits.filter((edit) => edit.content === null).map((e) => e.path));
  await checkFolders(gitDir, { commit, modes });
  const changes = commit.edits.map(({ content }, index): TreeChange => {
    const path = paths[index] ?? "";
    checkPlace(path, { modes, removed });
    if (content === null) return { kind: "delete", path };
    const mode = modes.get(path) === "100755" ? "100755" : "100644";
    return { kind: "put", path, mode, bytes: Buffer.from(content, "utf8") };
  });
  const parents = [commit.parent, ...(commit.alsoParent === undefined ? [] : [commit.alsoParent])];
  return importCommit(gitDir, { ...commit, parents, changes });
}

/** Raw files on top of a parent, or as a history's first commit. */
export function makeRawCommit(
  gitDir: string,
  commit: {
    parent: Oid | null;
    files: ReadonlyMap<string, Uint8Array>;
    message: string;
    author: Identity;
    at: number;
  },
): Promise<Oid> {
  const changes = [...commit.files].map(([path, bytes]): TreeChange => {
    if (checkPath(path) !== path) throw new PathRefused(`${JSON.stringify(path)} is not tidy.`);
    return { kind: "put", path, mode: "100644", bytes };
  });
  const parents = commit.parent === null ? [] : [commit.parent];
  return importCommit(gitDir, { ...commit, parents, changes });
}

function checkPlace(
  path: string,
  { modes, removed }: { modes: ReadonlyMap<string, string>; removed: ReadonlySet<string> },
): void {
  const mode = modes.get(path);
  if (mode === "120000" || mode === "160000") {
    const what = mode === "120000" ? "symbolic link" : "submodule";
    throw new PathRefused(`${JSON.stringify(path)} is a ${what}; those are shown, never changed.`);
  }
  const blocked = foldersAbove(path).find((folder) => {
    const above = modes.get(folder);
    return above !== undefined && above !== "040000" && !removed.has(folder);
  });
  if (blocked === undefined) return;
  throw new PathRefused(
    `${JSON.stringify(path)} cannot be made: ${JSON.stringify(blocked)} is no folder but a file or a link.`,
  );
}

/** A file may take the place of a folder only when the same edits remove everything in it. */
async function checkFolders(
  gitDir: string,
  { commit, modes }: { commit: NewCommit; modes: ReadonlyMap<string, string> },
): Promise<void> {
  const folders = commit.edits
    .map((edit) => edit.path)
    .filter((path) => modes.get(path) === "040000");
  if (folders.length === 0) return;
  const removed = new Set(commit.edits.filter((edit) => edit.content === null).map((e) => e.path));
  const left = (await listTree(gitDir, commit.parent)).filter((entry) => !removed.has(entry.path));
  const kept = folders.find((folder) => left.some((entry) => entry.path.startsWith(`${folder}/`)));
  if (kept === undefined) return;
  throw new PathRefused(`${JSON.stringify(kept)} is a folder: name the files in it one by one.`);
}

async function importCommit(gitDir: string, commit: Imported): Promise<Oid> {
  const { stdout } = await git(["fast-import", "--quiet", "--done", "--date-format=raw"], {
    gitDir,
    stdin: importStream(commit),
    timeoutMs: IMPORT_MS_MAX,
  });
  const oid = stdout.toString("latin1").trim();
  if (!/^[0-9a-f]{40}$/.test(oid))
    throw new Error(`git fast-import answered ${JSON.stringify(oid)}.`);
  return oid;
}

function importStream({ parents, changes, message, author, at }: Imported): Buffer {
  const who = `${clean(author.name) || "unknown"} <${clean(author.email)}> ${Math.floor(at / 1000)} +0000`;
  const [from, merge] = parents;
  const parts: Uint8Array[] = [
    Buffer.from(`commit ${SCRATCH_REF}\nmark :1\nauthor ${who}\ncommitter ${who}\n`),
    ...data(Buffer.from(message.replaceAll("\0", ""))),
  ];
  const line = (text: string): void => void parts.push(Buffer.from(`${text}\n`));
  if (from !== undefined) line(`from ${from}`);
  if (merge !== undefined) line(`merge ${merge}`);
  // Removals first: a file may have to make way for a folder of its name.
  for (const change of changes) if (change.kind === "delete") line(`D ${quote(change.path)}`);
  for (const change of changes) {
    if (change.kind === "delete") continue;
    line(`M ${change.mode} inline ${quote(change.path)}`);
    parts.push(...data(change.bytes));
  }
  line(`\nget-mark :1\nreset ${SCRATCH_REF}\n\ndone`);
  return Buffer.concat(parts);
}

const data = (bytes: Uint8Array): Uint8Array[] => [
  Buffer.from(`data ${bytes.byteLength}\n`),
  bytes,
  Buffer.from("\n"),
];

const quote = (path: string): string => `"${path.replaceAll(/["\\]/g, String.raw`\$&`)}"`;

/** Names from outside must not end the line they stand in. */
const clean = (text: string): string => text.replaceAll(/[\p{Cc}<>]/gu, "").trim();
