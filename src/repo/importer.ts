// One stream of `git fast-import` for everybody who commits at the same time: no checkout, no index, no ref left behind.

import { openBatches } from "./batches.ts";
import { type ByteWriter, openByteWriter } from "./byte-writer.ts";
import { git, type GitSetting } from "./git.ts";
import type { Identity, Oid } from "./git-data.ts";

const IMPORT_MS_MAX = 120_000;
const COMMITS_PER_STREAM_MAX = 2_000;
const STREAM_BYTES_MAX = 64 * 1024 * 1024;
/** Small gains in size cost most of the time: what stays for long is packed anew by git's own clean-up. */
const QUICKLY_PACKED: readonly GitSetting[] = [["pack.compression", "1"]];
/** Folds write commits and what differs in folders, hardly anything to make smaller: a fifth of their time for 0.8 KB each. */
const NOT_COMPRESSED: readonly GitSetting[] = [["pack.compression", "0"]];
/** Never written: fast-import wants a name while it works, and is told to forget it. */
const SCRATCH_REF = "refs/fanfold/scratch";

/** What changes in the first parent's tree. Paths are bytes, since names may be in any encoding. */
export type TreeChange =
  | { kind: "put"; path: Buffer; mode: string; bytes: Uint8Array }
  | { kind: "point"; path: Buffer; mode: string; oid: Oid }
  | { kind: "delete"; path: Buffer };

/** A commit to make, with nothing left to decide. */
export interface Imported {
  /** None, and the first of its line: a history's first commit. */
  parents: readonly Oid[];
  changes: readonly TreeChange[];
  message: string;
  author: Identity;
  /** Milliseconds since 1970. */
  at: number;
}

/** Makes commits; others that are asked for meanwhile are made by the same process. */
export interface Importer {
  /** One commit, by its id. */
  one(commit: Imported): Promise<Oid>;
  /** A line of commits: each has the one before as its first parent, and names only its other parents. */
  line(first: Imported, rest: readonly Imported[]): Promise<Oid[]>;
}

/** One or more commits that stand for themselves, whatever comes before or after them in a stream. */
interface Piece {
  commits: readonly OnParents[];
  bytes: number;
}

/** A first parent of null is the commit before it in the stream. */
type OnParents = readonly [Imported, parents: readonly (Oid | null)[]];

export function openImporter(gitDir: string): Importer {
  const writer = openByteWriter();
  const inBatches = openBatches((pieces: readonly Piece[]) => runStream(gitDir, pieces, writer), {
    itemsMax: COMMITS_PER_STREAM_MAX,
    weightMax: STREAM_BYTES_MAX,
    weigh: ({ bytes }) => bytes,
  });
  return {
    one: async (commit) => {
      const [oid = ""] = await inBatches(pieceOf([[commit, commit.parents]]));
      return oid;
    },
    line: async (first, rest) => {
      // Without a `from`, a commit stands on the one before it.
      const onLast = rest.map((commit): OnParents => [commit, [null, ...commit.parents]]);
      return await inBatches(pieceOf([[first, first.parents], ...onLast]));
    },
  };
}

const pieceOf = (commits: readonly OnParents[]): Piece => ({
  commits,
  bytes: commits.reduce((sum, [{ changes }]) => changes.reduce(withBytesOf, sum), 0),
});

const hasContent = ({ commits }: Piece): boolean =>
  commits.some(([{ changes }]) => changes.some(({ kind }) => kind === "put"));

const withBytesOf = (sum: number, change: TreeChange): number =>
  sum + change.path.length + (change.kind === "put" ? change.bytes.byteLength : 0);

/**
 * A process for each stream: what it made is whole and on the disk when it ends, and none is left to die unnoticed. One stream
 * after the other, so they share the memory they are written in.
 */
async function runStream(
  gitDir: string,
  pieces: readonly Piece[],
  writer: ByteWriter,
): Promise<Oid[][]> {
  writer.clear();
  for (const piece of pieces) writePiece(writer, piece);
  writer.text("done\n");
  const { stdout } = await git(["fast-import", "--quiet", "--done", "--date-format=raw"], {
    gitDir,
    stdin: writer.written(),
    timeoutMs: IMPORT_MS_MAX,
    settings: pieces.some(hasContent) ? QUICKLY_PACKED : NOT_COMPRESSED,
  });
  const oids = stdout.toString("latin1").trim().split("\n");
  const commits = pieces.reduce((sum, piece) => sum + piece.commits.length, 0);
  const odd = oids.find((oid) => !/^[0-9a-f]{40}$/.test(oid));
  if (odd !== undefined || oids.length !== commits) {
    throw new Error(
      `git fast-import made ${oids.length} of ${commits} commits; it answered ${JSON.stringify(odd)}.`,
    );
  }
  return pieces.map((piece) => oids.splice(0, piece.commits.length));
}

/**
 * Ids are asked for at its end: an answer after each commit would wake this process as often, which costs more than the
 * commits.
 */
function writePiece(writer: ByteWriter, { commits }: Piece): void {
  for (const [index, commit] of commits.entries()) writeCommit(writer, commit, index + 1);
  const asked = commits.map((_, index) => `get-mark :${index + 1}\n`).join("");
  writer.text(`${asked}reset ${SCRATCH_REF}\n\n`);
}

function writeCommit(
  writer: ByteWriter,
  [{ changes, message, author, at }, [from, ...merged]]: OnParents,
  mark: number,
): void {
  const who = `${clean(author.name) || "unknown"} <${clean(author.email)}> ${Math.floor(at / 1000)} +0000`;
  writer.text(`commit ${SCRATCH_REF}\nmark :${mark}\nauthor ${who}\ncommitter ${who}\n`);
  const said = message.replaceAll("\0", "");
  writer.text(`data ${Buffer.byteLength(said)}\n${said}\n`);
  // Few long pieces: a call for each line costs more than all the rest.
  let lines = from === undefined || from === null ? "" : `from ${from}\n`;
  for (const merge of merged) lines += `merge ${merge}\n`;
  // Removals first: a file may have to make way for a folder of its name.
  for (const { kind, path } of changes) if (kind === "delete") lines += `D ${quote(path)}\n`;
  for (const change of changes) {
    const path = quote(change.path);
    if (change.kind === "point") lines += `M ${change.mode} ${change.oid} ${path}\n`;
    if (change.kind !== "put") continue;
    writer.latin1(`${lines}M ${change.mode} inline ${path}\ndata ${change.bytes.byteLength}\n`);
    writer.bytes(change.bytes);
    lines = "\n";
  }
  writer.latin1(`${lines}\n`);
}

/** In latin1 each byte is one character, so this works for names in any encoding; what it stands in is written so. */
function quote(path: Buffer): string {
  const escaped = path
    .toString("latin1")
    .replaceAll(/["\\]/g, String.raw`\$&`)
    .replaceAll("\n", String.raw`\n`);
  return `"${escaped}"`;
}

/** Names from outside must not end the line they stand in. */
const clean = (text: string): string => text.replaceAll(/[\p{Cc}<>]/gu, "").trim();
