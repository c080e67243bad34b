// What is remembered of a repository's migrations, on every machine: the shape of what stands in the hidden ref.

import { createHash } from "node:crypto";

import { z } from "zod";

import { slug } from "../repo/refs.ts";

const Oid = z.string().regex(/^[0-9a-f]{40}$/u);
const Person = z.object({ id: z.int(), login: z.string() });

/** Where a part stands. `closed` is a person's no and stays. */
const ShardStatus = z.enum(["todo", "open", "failing", "conflict", "merged", "closed"]);
export type ShardStatus = z.infer<typeof ShardStatus>;

const Shard = z.object({
  name: z.string(),
  files: z.array(z.string()),
  status: ShardStatus,
  /** The run that made it, its change, and the worker's commits from `base` to `head`. */
  run: z.string(),
  change: z.string(),
  base: Oid,
  head: Oid,
  summary: z.string(),
  branch: z.string(),
  pull: z.int().nullable(),
  openedAt: z.number().nullable(),
  /** The commit of the default branch that our branch is built on, and where we left our branch. */
  onto: Oid.nullable(),
  tip: Oid.nullable(),
  /** Which `head` our branch shows. */
  shown: Oid.nullable(),
  /** Which `head` the text of its pull request tells of. */
  told: Oid.nullable().default(null),
  /** Where our branch is about to be moved, written first: whoever dies in between knows its own commit again. */
  next: z.object({ tip: Oid, onto: Oid, shown: Oid }).nullable().default(null),
  /** How often it was done again by itself, and the run that is at it. */
  again: z.int(),
  redo: z.object({ run: z.string(), at: z.number() }).nullable(),
  /** Names of checks that failed on `tip`, the end of the log of the first of them, and whether a change could mend them. */
  failure: z
    .object({
      names: z.array(z.string()),
      log: z.string().nullable(),
      isMendable: z.boolean().default(true),
    })
    .nullable(),
  /** Since when checks on `tip` have not been over. */
  pendingSince: z.number().nullable().default(null),
  /** A sentence for people; Markdown, harmless already. */
  note: z.string().nullable(),
  /** When its status became what it is. */
  since: z.number(),
  /** It is settled, and its branch and hidden ref are cleared away. */
  isCleared: z.boolean().default(false),
});
export type Shard = z.infer<typeof Shard>;

/** How many, and the first of them. */
const Paths = z.object({ count: z.int(), paths: z.array(z.string()) });

export const Migration = z.object({
  v: z.literal(1),
  id: z.string(),
  what: z.string(),
  /** On whose word it was begun, and parts are done again. */
  by: Person,
  /** The thread in which it was asked for. */
  thread: z.int(),
  startedAt: z.number(),
  issue: z.int().nullable(),
  /** When its issue told that every part is settled; 0 before that, when new ones joined, and while refs of theirs are to be looked at again. */
  settledAt: z.number().default(0),
  runs: z.array(z.string()),
  /** In the order in which they are proposed. */
  shards: z.array(Shard),
  /** What the newest inventory looked at, and the first of what it did not; null before there was one. */
  coverage: z
    .object({ run: z.string(), inScope: z.int(), read: z.int(), notRead: Paths, failed: Paths })
    .nullable()
    .default(null),
  /** Runs that were undone: how many of their parts were taken out before anybody saw them, and runs that were doing some of these again. */
  undone: z
    .array(
      z.object({ run: z.string(), at: z.number(), parts: z.int(), again: z.array(z.string()) }),
    )
    .default([]),
  /** Parts that no reviewer accepted, and why; what a later run proposes is not here any more. */
  refused: z.array(z.object({ name: z.string(), why: z.string() })),
});
export type Migration = z.infer<typeof Migration>;

/** By their ids. */
export type MigrationsState = ReadonlyMap<string, Migration>;

/** The same words are the same migration, however they are spaced and written. */
export const migrationIdOf = (what: string): string =>
  createHash("sha256")
    .update(what.toLowerCase().replace(/\s+/gu, " ").trim())
    .digest("hex")
    .slice(0, 8);

/** One of ours, readable, and another one for each part. */
export const shardBranchOf = (id: string, name: string): string => {
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 6);
  return `fanfold/migration-${id}/${slug(name, "part")}-${digest}`;
};

/** Keeps a part's commits on GitHub for as long as it waits. */
export const keptRefOf = (id: string, { branch }: Pick<Shard, "branch">): string =>
  `refs/fanfold/migrations/${id}/${branch.split("/").at(-1) ?? ""}`;

/** Work on it goes on, or could. */
export const isBroken = ({ status }: Pick<Shard, "status">): boolean =>
  status === "conflict" || status === "failing";

/** Nobody has to do anything about it any more. */
export const isSettled = ({ status }: Pick<Shard, "status">): boolean =>
  status === "merged" || status === "closed";
