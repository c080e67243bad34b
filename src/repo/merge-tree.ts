// Git's own merge of two commits without a checkout, and what it leaves open as data.

import { conflictHunks } from "./conflict-hunks.ts";
import { git } from "./git.ts";
import type { Conflict, Oid } from "./git-data.ts";
import type { ObjectStore } from "./object-store.ts";
import { decodeText, TEXT_BYTES_MAX } from "./text.ts";

/** A merge that git could make, or the paths it could not. */
export type Merged = { kind: "merged"; tree: Oid } | { kind: "conflicted"; conflicts: Conflict[] };

type Stage = "base" | "ours" | "theirs";
type Sides = Partial<Record<Stage, { mode: string; oid: Oid }>>;

export async function mergeTrees(
  store: ObjectStore,
  { ours, theirs }: { ours: Oid; theirs: Oid },
): Promise<Merged> {
  const { status, stdout } = await git(
    ["merge-tree", "--write-tree", "-z", "--messages", ours, theirs],
    {
      gitDir: store.gitDir,
      accept: [0, 1],
      settings: [["merge.conflictStyle", "diff3"]],
    },
  );
  const { tree, sides, messages } = parseMerge(stdout.toString("utf8"));
  if (status === 0) return { kind: "merged", tree };
  const merged = await mergedTexts(store, { tree, paths: [...sides.keys()] });
  const conflicts = await Promise.all(
    [...sides].map(([path, found]) =>
      conflictOf(store, { path, sides: found, merged: merged.get(path) ?? null }),
    ),
  );
  if (conflicts.length === 0) throw new Error(`git could not merge: ${messages.slice(0, 2_000)}`);
  return { kind: "conflicted", conflicts };
}

/** `<tree> NUL (<mode> <oid> <stage> TAB <path> NUL)* NUL <messages>`. */
function parseMerge(output: string): {
  tree: Oid;
  sides: Map<string, Sides>;
  messages: string;
} {
  const records = output.split("\0");
  const sides = new Map<string, Sides>();
  let next = 1;
  for (; next < records.length; next++) {
    const match = /^(\d{6}) ([0-9a-f]{40}) ([123])\t(.*)$/s.exec(records[next] ?? "");
    if (match === null) break;
    const [, mode = "", oid = "", stage, path = ""] = match;
    const found = sides.get(path) ?? {};
    found[stage === "1" ? "base" : stage === "2" ? "ours" : "theirs"] = { mode, oid };
    sides.set(path, found);
  }
  const messages = records.slice(next + 1).join(" ");
  return { tree: records[0] ?? "", sides, messages };
}

/** What git left at the paths in conflict: texts with its marks in them. */
async function mergedTexts(
  { gitDir, catFile }: ObjectStore,
  { tree, paths }: { tree: Oid; paths: readonly string[] },
): Promise<Map<string, string>> {
  const { stdout } = await git(["ls-tree", "-z", "--full-tree", tree, "--", ...paths], { gitDir });
  const texts = new Map<string, string>();
  for (const record of stdout.toString("utf8").split("\0")) {
    const [, oid = "", path = ""] = /^100\d{3} blob ([0-9a-f]{40})\t(.*)$/s.exec(record) ?? [];
    if (oid === "") continue;
    const object = await catFile.contents(oid);
    const decoded = object && decodeText(object.bytes);
    if (decoded?.kind === "text") texts.set(path, decoded.text);
  }
  return texts;
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
