// The repository on GitHub in memory: refs that people and Fanfold move, by git's own rules.

import { commentableLines } from "../../../src/repo/diff-lines.ts";
import type { Identity, Oid } from "../../../src/repo/git-data.ts";
import type { Home, HomeMove } from "../../../src/outside/memory/home.ts";
import {
  checkUpdates,
  type Pushed,
  type RefUpdate,
  RemoteError,
} from "../../../src/repo/remote.ts";
import { diffTrees } from "./diff.ts";
import { Objects } from "./objects.ts";

/** Told of every ref that moved, after it did. */
export type OnMove = (move: Move) => void;

export interface Move {
  ref: string;
  from: Oid | null;
  to: Oid | null;
  /** The process that pushed it; null for people and for GitHub's own interface. */
  by: string | null;
}

export class Hub {
  readonly objects = new Objects();
  readonly refs = new Map<string, Oid>();
  /** The repository's policy; null: none. */
  refsPerPush: number | null = null;
  private readonly onMove: OnMove;

  constructor(onMove: OnMove = () => {}) {
    this.onMove = onMove;
  }

  /** A person commits on a branch, on top of what is there; null removes a file. */
  commitFiles(branch: string, files: Readonly<Record<string, string | null>>, at: number): Oid {
    const ref = `refs/heads/${branch}`;
    const parent = this.refs.get(ref) ?? null;
    const tree = new Map(parent === null ? [] : this.objects.treeOf(parent));
    for (const [path, text] of Object.entries(files)) {
      if (text === null) tree.delete(path);
      else tree.set(path, { mode: "100644", blob: this.objects.putBlob(text) });
    }
    const parents = parent === null ? [] : [parent];
    const made = { tree: this.objects.putTree(tree), parents, message: "Change it", author, at };
    const oid = this.objects.putCommit(made);
    this.move(ref, oid);
    return oid;
  }

  move(ref: string, to: Oid | null, by: string | null = null): void {
    const from = this.refs.get(ref) ?? null;
    if (to === null) this.refs.delete(ref);
    else this.refs.set(ref, to);
    this.onMove({ ref, from, to, by });
  }

  /** One atomic push out of a machine's objects. */
  push(from: Objects, updates: readonly RefUpdate[], by: string | null = null): Pushed {
    checkUpdates(updates);
    const { refsPerPush } = this;
    if (refsPerPush !== null && updates.length > refsPerPush)
      throw new RemoteError("Too many refs at once.", { transient: false, refsPerPush });
    const stale = updates.filter((update) => (this.refs.get(update.ref) ?? null) !== update.from);
    // As the port promises: what stands where it should already is no failure.
    const open = stale.filter((update) => (this.refs.get(update.ref) ?? null) !== update.to);
    if (open.length > 0) return { kind: "stale", refs: open.map(({ ref }) => ref) };
    for (const { ref, to } of updates) {
      if (to !== null) this.objects.take(from, to);
      if ((this.refs.get(ref) ?? null) !== to) this.move(ref, to, by);
    }
    return { kind: "pushed" };
  }

  list(prefix: string): Map<string, Oid> {
    const names = [...this.refs.keys()].filter((ref) => ref.startsWith(prefix)).toSorted();
    return new Map(names.map((ref) => [ref, this.refs.get(ref) ?? ""]));
  }

  /** The same as GitHub's own API sees it. */
  home(): Home {
    const { objects, refs } = this;
    return {
      readRef: async (ref) => refs.get(ref) ?? null,
      has: async (commit) => objects.has(commit),
      authorEmail: async (commit) =>
        objects.has(commit) ? objects.commit(commit).author.email : null,
      messageOf: async (commit) => (objects.has(commit) ? objects.commit(commit).message : null),
      isAncestor: async (older, newer) => objects.isAncestor(older, newer),
      related: async (one, other) => objects.mergeBase(one, other) !== null,
      createCommit: async ({ message, tree, parents }) =>
        objects.hasTree(tree) && parents.every((parent) => objects.has(parent))
          ? objects.putCommit({ message, tree, parents, author, at: 0 })
          : null,
      moveRefs: async (moves) => this.moveRefs(moves),
      readFile: async (at, path) => {
        const tip = refs.get(at) ?? at;
        const leaf = objects.has(tip) ? objects.treeOf(tip).get(path) : undefined;
        return leaf === undefined ? null : { kind: "text", text: objects.text(leaf.blob) };
      },
      places: async (base, head) => {
        const fork = objects.mergeBase(base, head) ?? base;
        const files = diffTrees(objects, objects.treeOf(fork), objects.treeOf(head));
        return files.flatMap((file) =>
          commentableLines(file).map((place) => ({ path: file.path, ...place })),
        );
      },
    };
  }

  private moveRefs(moves: readonly HomeMove[]): Awaited<ReturnType<Home["moveRefs"]>> {
    const at = (ref: string): Oid | null => this.refs.get(ref) ?? null;
    if (moves.every(({ ref, to }) => at(ref) === to)) return { kind: "moved" };
    if (moves.some(({ ref, from }) => at(ref) !== from)) return { kind: "stale" };
    for (const { ref, from, to, force } of moves) {
      if (!force && from !== null && !this.objects.isAncestor(from, to))
        return { kind: "refused", why: `${ref} would not move forward` };
    }
    for (const { ref, to } of moves) this.move(ref, to);
    return { kind: "moved" };
  }
}

const author: Identity = { name: "A person", email: "person@example.invalid" };
