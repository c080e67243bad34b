// What the rest of the house sees of a repository. Implemented by mirror.ts, snapshot.ts and overlay.ts.

import type { Collision } from "./collisions.ts";
import type {
  Conflict,
  Edit,
  FileContent,
  FileDiff,
  Folded,
  FoldedAll,
  FoldOrder,
  NewCommit,
  Oid,
  TextEdit,
  TreeEntry,
} from "./git-data.ts";
import type { Lines } from "./last-change.ts";
import type { LineCount } from "./line-counts.ts";
import type { Pushed, RefUpdate } from "./remote.ts";
import type { Replay, Replayed } from "./replay.ts";

/** Where a search hit stands; `line` from 1; `text` is cut at 300 characters. */
export interface SearchHit {
  path: string;
  line: number;
  text: string;
}

export interface SearchOptions {
  glob?: string;
  /** Hits at most; default 200. */
  limit?: number;
}

/** What tools and scripts read from: a snapshot, or an overlay on one. */
export interface Readable {
  /** Paths of files (links and submodules left out), sorted; `glob` in picomatch syntax. */
  paths(glob?: string): Promise<string[]>;
  /** Null when nothing is there. */
  read(path: string): Promise<FileContent | null>;
  /**
   * `pattern` is a regular expression as ripgrep reads it, run outside of this process's event loop, within limits. Rejects with
   * `SearchRefused` when it is none or takes too long.
   */
  search(pattern: string, options?: SearchOptions): Promise<{ hits: SearchHit[]; cut: boolean }>;
}

/** A repository at one commit. */
export interface Snapshot extends Readable {
  readonly commit: Oid;
  entries(): Promise<readonly TreeEntry[]>;
}

/** Unsaved edits on a snapshot. Every path passes the path gate; refusals are `PathRefused` with a sentence. */
export interface Overlay extends Readable {
  readonly base: Snapshot;
  write(path: string, text: string): Promise<void>;
  /** Replaces exactly one occurrence of `from`; refuses none or several with a sentence that says what to do. */
  edit(path: string, from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Gives one file another name, whatever it holds, with its mode; refuses to replace another file. */
  move(from: string, to: string): Promise<void>;
  /** What differs from the snapshot, sorted by path; empty when edits cancelled out. */
  edits(): Promise<Edit[]>;
}

/** The bare mirror of one repository on this disk, shared by all runs. */
export interface Mirror extends AsyncDisposable {
  /** Path of the bare repository. */
  readonly gitDir: string;
  /** Brings the branch (or ref) here and returns its commit; null when the remote does not have it. */
  fetch(ref: string): Promise<Oid | null>;
  /** The same for many, in one request; what the remote does not have is left out. */
  fetchAll(refs: readonly string[]): Promise<void>;
  /** Refs on the remote under a prefix. */
  remoteRefs(prefix: string): Promise<Map<string, Oid>>;
  snapshot(commit: Oid): Promise<Snapshot>;
  overlay(snapshot: Snapshot): Overlay;
  has(commit: Oid): Promise<boolean>;
  /** Makes the commit; durable when it resolves. */
  commit(commit: NewCommit): Promise<Oid>;
  /** Folds `theirs` into `ours` as git merges, without a checkout. */
  fold(fold: {
    ours: Oid;
    theirs: Oid;
    message: string;
    author: NewCommit["author"];
    at: number;
  }): Promise<Folded>;
  /**
   * Folds changes into what came of the ones before; what conflicts is left out. Changes that do not meet may change
   * places, which alters no tree at the end and no conflict.
   */
  foldAll(fold: {
    ours: Oid;
    changes: readonly { theirs: Oid; message: string }[];
    /** Default `given`. */
    order?: FoldOrder;
    author: NewCommit["author"];
    at: number;
  }): Promise<FoldedAll>;
  /**
   * Folds a change in whose conflicts somebody has resolved: git's merge, with the resolved texts where it left conflicts.
   * Null when its conflicts are not exactly those; nothing is folded then.
   */
  foldResolved(fold: {
    ours: Oid;
    theirs: Oid;
    conflicts: readonly Conflict[];
    /** A text for every path in conflict; null removes it. */
    resolved: readonly TextEdit[];
    message: string;
    author: NewCommit["author"];
    at: number;
  }): Promise<{ commit: Oid; tree: Oid } | null>;
  /** Which of these changes touched the same places, pair by pair. */
  collisions(changes: readonly { base: Oid; head: Oid }[]): Promise<Collision[]>;
  /** Puts what a line did since it began on another commit. Nothing is kept alive: the caller does it. */
  replay(asked: Replay): Promise<Replayed>;
  /** Between two commits or trees. */
  diff(from: Oid, to: Oid): Promise<FileDiff[]>;
  /** Every path that differs, both sides of a move, with its numbers of lines: from the trees, whatever their size. */
  lineCounts(from: Oid, to: Oid): Promise<LineCount[]>;
  /** New paths of files that have another name in `to`, by old ones. */
  renames(from: Oid, to: Oid): Promise<Map<string, string>>;
  /** The commit that touched one of these lines last; null when there are none such. */
  lastChange(commit: Oid, lines: Lines): Promise<Oid | null>;
  tree(commit: Oid): Promise<Oid>;
  mergeBase(a: Oid, b: Oid): Promise<Oid | null>;
  isAncestor(ancestor: Oid, descendant: Oid): Promise<boolean>;
  /** Keeps a commit alive under a local ref, so that git's own clean-up does not remove it. */
  keep(name: string, commit: Oid): Promise<void>;
  push(updates: readonly RefUpdate[]): Promise<Pushed>;
  /**
   * Raw files in a commit, for the checkpoint: writes `files` on top of `parent` (or an empty tree) and returns the
   * commit. Content may be any bytes. What is `removed` (files, or folders with all in them) is not in it any more.
   */
  commitFiles(commit: {
    parent: Oid | null;
    files: ReadonlyMap<string, Uint8Array>;
    removed?: readonly string[];
    message: string;
    author: NewCommit["author"];
    at: number;
  }): Promise<Oid>;
  /** Every file of a commit with its bytes, for the checkpoint. */
  readFiles(commit: Oid): Promise<Map<string, Uint8Array>>;
}

/** A path that a model or person gave and that may not be used; the message says why and what is allowed. */
export class PathRefused extends Error {
  override readonly name: string = "PathRefused";
}

/** An edit that cannot be made as asked; the message tells the model what to try next. */
export class EditRefused extends Error {
  override readonly name = "EditRefused";
}

/** A search or glob that cannot be run as asked. Whoever answers refused paths with their message answers this one too. */
export class SearchRefused extends PathRefused {
  override readonly name = "SearchRefused";
}
