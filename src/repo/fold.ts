// Folds one line of commits into another with git's own merge, without a checkout; conflicts come back as data.

import { git, gitText } from "./git.ts";
import type { Conflict, Folded, Identity, Oid } from "./git-data.ts";
import type { ObjectStore } from "./object-store.ts";
import { decodeText, TEXT_BYTES_MAX } from "./text.ts";

export interface Fold {
  ours: Oid;
  theirs: Oid;
  message: string;
  author: Identity;
  at: number;
}

type Stage = "base" | "ours" | "theirs";
type Sides = Partial<Record<Stage, { mode: string; oid: Oid }>>;

/** Merges `theirs` into `ours` as a commit with both as parents; nothing is left half-merged. */
export async function fold(store: ObjectStore, asked: Fold): Promise<Folded> {
  const { gitDir } = store;
  if (await isAncestor(gitDir, { ancestor: asked.theirs, descendant: asked.ours })) {
    return { kind: "nothing-to-fold" };
  }
  const { status, stdout } = await git(
    ["merge-tree", "--write-tree", "-z", "--messages", asked.ours, asked.theirs],
    { gitDir, accept: [0, 1] },
  );
  const { tree, sides, messages } = parseMerge(stdout.toString("utf8"));
  if (status === 0) return { kind: "folded", tree, commit: await commitMerge(gitDir, tree, asked) };
  const conflicts = await Promise.all(
    [...sides].map(([path, found]) => conflictOf(store, { path, sides: found })),
  );
  if (conflicts.length === 0) throw new Error(`git could not merge: ${messages.slice(0, 2_000)}`);
  return { kind: "conflicted", conflicts };
}

/** Whether `descendant` already holds everything of `ancestor`. */
export async function isAncestor(
  gitDir: string,
  { ancestor, descendant }: { ancestor: Oid; descendant: Oid },
): Promise<boolean> {
  const { status } = await git(["merge-base", "--is-ancestor", ancestor, descendant], {
    gitDir,
    accept: [0, 1],
  });
  return status === 0;
}

/** The newest commit that both hold; null when their histories share none. */
export async function mergeBaseOf(
  gitDir: string,
  [a, b]: readonly [Oid, Oid],
): Promise<Oid | null> {
  const { status, stdout } = await git(["merge-base", a, b], { gitDir, accept: [0, 1] });
  return status === 0 ? stdout.toString("latin1").trim() : null;
}

async function commitMerge(gitDir: string, tree: Oid, asked: Fold): Promise<Oid> {
  const when = `${Math.floor(asked.at / 1000)} +0000`;
  const { name, email } = asked.author;
  return gitText(["commit-tree", tree, "-p", asked.ours, "-p", asked.theirs, "-F", "-"], {
    gitDir,
    stdin: asked.message,
    settings: [["commit.gpgSign", "false"]],
    environment: {
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
      GIT_AUTHOR_DATE: when,
      GIT_COMMITTER_NAME: name,
      GIT_COMMITTER_EMAIL: email,
      GIT_COMMITTER_DATE: when,
    },
  });
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

async function conflictOf(
  store: ObjectStore,
  { path, sides }: { path: string; sides: Sides },
): Promise<Conflict> {
  const [base, ours, theirs] = await Promise.all([
    readSide(store, sides.base),
    readSide(store, sides.ours),
    readSide(store, sides.theirs),
  ]);
  const kind = [base, ours, theirs].some((side) => side.kind === "other") ? "not-text" : "text";
  return { kind, path, base: base.text, ours: ours.text, theirs: theirs.text };
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
