// Git's own merge of two commits without a checkout, and what it leaves open as data.

import { conflictHunks } from "./conflict-hunks.ts";
import { git } from "./git.ts";
import type { Conflict, Oid } from "./git-data.ts";
import type { ObjectStore } from "./object-store.ts";
import { itemAt } from "./tree-reader.ts";
import { decodeText, TEXT_BYTES_MAX } from "./text.ts";

/** A merge that git could make, or the paths it could not; `tree` then holds what it could, with marks where it could not. */
export type Merged =
  | { kind: "merged"; tree: Oid }
  | { kind: "conflicted"; tree: Oid | null; conflicts: Conflict[] };

type Stage = "base" | "ours" | "theirs";
type Sides = Partial<Record<Stage, { mode: string; oid: Oid }>>;

/** Merges each of `theirs` with `ours`, by one process for all; answers in their order. */
export async function mergeEach(
  store: ObjectStore,
  { ours, theirs }: { ours: Oid; theirs: readonly Oid[] },
): Promise<Merged[]> {
  if (theirs.length === 0) return [];
  const { stdout } = await git(["merge-tree", "--write-tree", "--stdin", "-z", "--no-messages"], {
    gitDir: store.gitDir,
    stdin: theirs.map((commit) => `${ours} ${commit}\n`).join(""),
    settings: [["merge.conflictStyle", "diff3"]],
  });
  const answers = parseMerges(stdout.toString("utf8"));
  if (answers.length !== theirs.length) {
    throw new Error(`git merged ${answers.length} of ${theirs.length} commits.`);
  }
  return Promise.all(
    answers.map(async ({ isClean, tree, sides }, at): Promise<Merged> => {
      if (isClean) return { kind: "merged", tree };
      if (sides.size === 0) return await blamed(store, { ours, theirs: theirs[at] ?? "" });
      return { kind: "conflicted", tree, conflicts: await conflictsOf(store, { tree, sides }) };
    }),
  );
}

/**
 * A merge that is not clean although no path has several sides, such as a folder's rename that a file stands in the way
 * of: asked again by itself, git names the paths in its messages.
 */
async function blamed(
  { gitDir }: ObjectStore,
  { ours, theirs }: { ours: Oid; theirs: Oid },
): Promise<Merged> {
  const { stdout } = await git(["merge-tree", "--write-tree", "-z", "--messages", ours, theirs], {
    gitDir,
    accept: [0, 1],
  });
  const paths = blamedPaths(stdout.toString("utf8"));
  if (paths.length === 0) throw new Error(`git could not merge ${theirs} and names no path.`);
  const nothing = { base: null, ours: null, theirs: null, hunks: [] };
  const conflicts = paths.map((path): Conflict => ({ kind: "not-text", path, ...nothing }));
  return { kind: "conflicted", tree: null, conflicts };
}

/** `<tree> NUL` no path `NUL (<count> NUL (<path> NUL)* <kind> NUL <message> NUL)*`: the paths of conflicts, each once. */
function blamedPaths(output: string): string[] {
  const records = output.split("\0");
  const paths = new Set<string>();
  for (let next = 2; next < records.length;) {
    const count = Number(records[next]);
    if (records[next] === "" || !Number.isSafeInteger(count)) break;
    const kind = records[next + 1 + count] ?? "";
    if (kind.startsWith("CONFLICT"))
      for (const path of records.slice(next + 1, next + 1 + count)) paths.add(path);
    next += count + 3;
  }
  return [...paths].toSorted();
}

interface Answer {
  isClean: boolean;
  tree: Oid;
  sides: Map<string, Sides>;
}

/** Again and again `<0 or 1> NUL <tree> NUL (<mode> <oid> <stage> TAB <path> NUL)* NUL`. */
function parseMerges(output: string): Answer[] {
  const records = output.split("\0");
  const answers: Answer[] = [];
  for (let next = 0; next + 1 < records.length; next += 1) {
    const answer = {
      isClean: records[next] === "1",
      tree: records[next + 1] ?? "",
      sides: new Map<string, Sides>(),
    };
    for (next += 2; (records[next] ?? "") !== ""; next += 1) {
      addSide(answer.sides, records[next] ?? "");
    }
    answers.push(answer);
  }
  return answers;
}

function addSide(sides: Map<string, Sides>, record: string): void {
  const match = /^(\d{6}) ([0-9a-f]{40}) ([123])\t(.*)$/s.exec(record);
  if (match === null) throw new Error(`git merge-tree answered ${JSON.stringify(record)}.`);
  const [, mode = "", oid = "", stage, path = ""] = match;
  const found = sides.get(path) ?? {};
  found[stage === "1" ? "base" : stage === "2" ? "ours" : "theirs"] = { mode, oid };
  sides.set(path, found);
}

async function conflictsOf(
  store: ObjectStore,
  { tree, sides }: { tree: Oid; sides: ReadonlyMap<string, Sides> },
): Promise<Conflict[]> {
  return Promise.all(
    [...sides].map(async ([path, found]) => {
      const merged = await mergedText(store, { tree, path });
      return conflictOf(store, { path, sides: found, merged });
    }),
  );
}

/** What git left at a path in conflict: a text with its marks in it; null when there is none. */
async function mergedText(
  { trees, catFile }: ObjectStore,
  { tree, path }: { tree: Oid; path: string },
): Promise<string | null> {
  const item = await itemAt(trees, { tree, path });
  if (item === null || !item.mode.startsWith("100")) return null;
  const object = await catFile.contents(item.oid);
  const decoded = object && decodeText(object.bytes);
  return decoded?.kind === "text" ? decoded.text : null;
}

async function conflictOf(
  store: ObjectStore,
  { path, sides, merged }: { path: string; sides: Sides; merged: string | null },
): Promise<Conflict> {
  const [base, ours, theirs] = await Promise.all([
    readSide(store, sides.base),
    readSide(store, sides.ours),
    readSide(store, sides.theirs),
  ]);
  const isText = [base, ours, theirs].every((side) => side.kind !== "other");
  const texts = { base: base.text, ours: ours.text, theirs: theirs.text };
  return {
    kind: isText ? "text" : "not-text",
    path,
    ...texts,
    hunks: isText && merged !== null ? conflictHunks(merged, texts) : [],
  };
}

type Side = { kind: "missing" | "other"; text: null } | { kind: "text"; text: string };

async function readSide(store: ObjectStore, side: Sides[Stage]): Promise<Side> {
  if (side === undefined) return { kind: "missing", text: null };
  const other = { kind: "other", text: null } as const;
  if (side.mode !== "100644" && side.mode !== "100755") return other;
  const info = await store.catFile.info(side.oid);
  if (info === null || info.size > TEXT_BYTES_MAX) return other;
  const object = await store.catFile.contents(side.oid);
  const decoded = object && decodeText(object.bytes);
  return decoded?.kind === "text" ? decoded : other;
}
