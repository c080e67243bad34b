// Git's objects as values in memory: the part of git that the house relies on, without a process or a disk.

import { createHash } from "node:crypto";

import type { Identity, Oid } from "../../../src/repo/git-data.ts";

/** A file of a tree. */
export interface Leaf {
  mode: string;
  blob: Oid;
}

/** Every file of a commit by its path; folders are only in the names. */
export type Tree = ReadonlyMap<string, Leaf>;

export interface Commit {
  tree: Oid;
  parents: readonly Oid[];
  message: string;
  author: Identity;
  at: number;
}

/** What one machine, or the hub, has. */
export class Objects {
  private readonly blobs = new Map<Oid, Buffer>();
  private readonly trees = new Map<Oid, Tree>();
  private readonly commits = new Map<Oid, Commit>();

  has(commit: Oid): boolean {
    return this.commits.has(commit);
  }

  hasTree(tree: Oid): boolean {
    return this.trees.has(tree);
  }

  commit(oid: Oid): Commit {
    return present(this.commits.get(oid), oid);
  }

  tree(oid: Oid): Tree {
    return present(this.trees.get(oid), oid);
  }

  /** Of a commit, or the tree itself, as git takes either. */
  treeOf(oid: Oid): Tree {
    return this.trees.get(oid) ?? this.tree(this.commit(oid).tree);
  }

  blob(oid: Oid): Buffer {
    return present(this.blobs.get(oid), oid);
  }

  text(oid: Oid): string {
    return this.blob(oid).toString("utf8");
  }

  putBlob(content: Uint8Array | string): Oid {
    const bytes = Buffer.from(content);
    const oid = digest("blob", bytes);
    this.blobs.set(oid, bytes);
    return oid;
  }

  putTree(tree: Tree): Oid {
    const sorted = [...tree].sort(([one], [other]) => (one < other ? -1 : 1));
    const oid = digest("tree", JSON.stringify(sorted));
    this.trees.set(oid, new Map(sorted));
    return oid;
  }

  putCommit(commit: Commit): Oid {
    const { tree, parents, message, author, at } = commit;
    const oid = digest("commit", JSON.stringify([tree, parents, message, author, at]));
    this.commits.set(oid, { tree, parents: [...parents], message, author, at });
    return oid;
  }

  /** Takes over a commit with all that it needs, as a push or a fetch does. */
  take(from: Objects, oid: Oid): void {
    const open = [oid];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (this.commits.has(next)) continue;
      const commit = from.commit(next);
      const tree = from.tree(commit.tree);
      for (const { blob } of tree.values()) this.blobs.set(blob, from.blob(blob));
      this.trees.set(commit.tree, tree);
      this.commits.set(next, commit);
      open.push(...commit.parents);
    }
  }

  /** Everything that can be reached from a commit, itself too; the newest that are near come first. */
  history(oid: Oid): Set<Oid> {
    const seen = new Set<Oid>();
    let open = [oid];
    while (open.length > 0) {
      const fresh = open.filter((each) => !seen.has(each));
      for (const each of fresh) seen.add(each);
      open = fresh.flatMap((each) => this.commit(each).parents);
    }
    return seen;
  }

  isAncestor(older: Oid, newer: Oid): boolean {
    return this.has(older) && this.has(newer) && this.history(newer).has(older);
  }

  mergeBase(one: Oid, other: Oid): Oid | null {
    const known = this.history(one);
    for (const oid of this.history(other)) if (known.has(oid)) return oid;
    return null;
  }
}

function present<T>(found: T | undefined, oid: Oid): T {
  if (found === undefined) throw new Error(`There is no object ${oid} here.`);
  return found;
}

const digest = (type: string, content: string | Uint8Array): Oid =>
  createHash("sha1").update(`${type}\0`).update(content).digest("hex");
