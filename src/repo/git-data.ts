// The words of a repository as data.

/** A git object id: 40 lower-case hex digits. */
export type Oid = string;

/** What stands at a path of a commit. Links and submodules are shown, never followed. */
export interface TreeEntry {
  path: string;
  mode: "100644" | "100755" | "120000" | "160000";
  oid: Oid;
  /** Bytes; null for a submodule. */
  size: number | null;
}

/** A read file: text, or why it is none. */
export type FileContent =
  | { kind: "text"; text: string }
  | { kind: "binary"; size: number }
  | { kind: "too-large"; size: number }
  | { kind: "link"; target: string }
  | { kind: "submodule"; commit: Oid };

/** A path's new text; null removes it. */
export interface TextEdit {
  path: string;
  content: string | null;
}

/** One edit of an overlay: a text, or a file of the parent as it is, under a new name. */
export type Edit =
  /** `from`: the file of the parent that was moved here before it got this text; its mode is kept. */
  (TextEdit & { from?: TreeEntry }) | { path: string; moved: TreeEntry };

/** Who stands in a commit. */
export interface Identity {
  name: string;
  email: string;
}

/** A commit to make: `edits` on top of `parent`'s tree. */
export interface NewCommit {
  parent: Oid;
  /** A second parent, for edits that resolve the conflict with that commit: it then counts as folded in. */
  alsoParent?: Oid;
  edits: readonly Edit[];
  message: string;
  author: Identity;
  /** Milliseconds since 1970; the same input gives the same commit id. */
  at: number;
}

/** A hunk line of a diff; `line` numbers count from 1 on the side where the line exists. */
export interface DiffLine {
  kind: "context" | "added" | "removed";
  oldLine: number | null;
  newLine: number | null;
  text: string;
}

export interface FileDiff {
  path: string;
  /** Set when the file was renamed. */
  oldPath: string | null;
  status: "added" | "modified" | "removed" | "renamed";
  /** Git's modes, e.g. `100644`; null where the file does not exist on that side. */
  modes: { old: string | null; new: string | null };
  binary: boolean;
  additions: number;
  deletions: number;
  hunks: { header: string; lines: DiffLine[] }[];
}

/** One open place of a conflict: what each side has there. */
export interface ConflictHunk {
  /** Where it begins in `ours`, from 1. */
  line: number;
  base: string;
  ours: string;
  theirs: string;
}

/** A conflict as data: the three sides of one path, null where the side does not have it. */
export interface Conflict {
  /** `not-text`: a side is binary, a link, a submodule or over 1 MB; it reads null here and must be chosen whole. */
  kind: "text" | "not-text";
  path: string;
  base: string | null;
  ours: string | null;
  theirs: string | null;
  /** The open places; none when a side is missing or is no text, or holds lines like git's own marks. */
  hunks: readonly ConflictHunk[];
}

/** What became of folding `theirs` into `ours`. */
export type Folded =
  | { kind: "folded"; commit: Oid; tree: Oid }
  | { kind: "nothing-to-fold" }
  | { kind: "conflicted"; conflicts: Conflict[] };

/** As given; or whoever meets the fewest others first, and among equals as given. */
export type FoldOrder = "given" | "fewest-collisions";

/** What became of folding many changes: one result for each, and the places of those folded in, as the line holds them. */
export interface FoldedAll {
  results: Folded[];
  order: number[];
}
