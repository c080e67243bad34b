// One measurement in a process of its own: the task as JSON in the arguments, the result as JSON on standard output.

import { randomUUID } from "node:crypto";
import { join } from "node:path";

import type { Mirror } from "../../src/repo/contract.ts";
import type { Oid } from "../../src/repo/git-data.ts";
import { peakMb } from "../engine/memory.ts";
import { measureContent } from "./content.ts";
import { contentOf, pathOf } from "./generate.ts";
import { measurePush } from "./push.ts";
import type { Place, RepoTask, RepoTaskResult } from "./task.ts";
import { AT, AUTHOR, makeBranches, openPlace, textsOf } from "./workers.ts";
import { makeWorktrees } from "./worktrees.ts";

// The parent is this repository's own benchmark.
const task: RepoTask = JSON.parse(process.argv[2] ?? "");
process.stdout.write(`${JSON.stringify(await perform(task))}\n`);

async function perform(asked: RepoTask): Promise<RepoTaskResult> {
  switch (asked.kind) {
    case "branches":
      return await branches(asked);
    case "worktrees":
      return { ms: await makeWorktrees(asked) };
    case "fold":
      return await fold(asked);
    case "push":
      return await measurePush(asked);
    case "content":
      return await measureContent(asked);
    case "first-read":
      return await firstRead(asked);
    case "search":
      return await search(asked);
    case "reads":
      return await reads(asked);
  }
}

async function openFetched(place: Place, name: string): Promise<Mirror> {
  const mirror = await openPlace(place, join(place.folder, `${name}.git`));
  await mirror.fetch("main");
  return mirror;
}

/** All writers of a run, from their edits to their kept commits. */
async function branches({ place, ...crew }: Extract<RepoTask, { kind: "branches" }>) {
  await using mirror = await openFetched(place, `branches-${randomUUID()}`);
  // What a run does once, whoever writes: the list of files.
  await (await mirror.snapshot(place.head)).entries();
  const ms: number[] = [];
  for (let round = 0; round < crew.repeats; round += 1) {
    const texts = textsOf({ ...crew, files: place.files, round });
    ms.push(...(await repeated(1, () => makeBranches(mirror, place.head, texts))));
  }
  return { ms };
}

/** Changes on disjoint files, or all of them on the same few. */
async function fold({ place, same, ...crew }: Extract<RepoTask, { kind: "fold" }>) {
  await using mirror = await openFetched(place, `fold-${randomUUID()}`);
  const ms: number[] = [];
  let conflicts = 0;
  for (let round = 0; round < crew.repeats; round += 1) {
    const made = same
      ? await makeOverlapping(mirror, place.head, { workers: crew.workers, round })
      : await makeBranches(mirror, place.head, textsOf({ ...crew, files: place.files, round }));
    const beganMs = performance.now();
    conflicts = await foldAll(mirror, place.head, made);
    ms.push(performance.now() - beganMs);
  }
  return { ms, conflicts };
}

/** Every change edits one of ten files: half of them the same line, the others lines of their own. */
async function makeOverlapping(
  mirror: Mirror,
  base: Oid,
  { workers, round }: { workers: number; round: number },
): Promise<Oid[]> {
  return await Promise.all(
    Array.from({ length: workers }, (_, worker) => {
      const lines = contentOf(worker % 10).split("\n");
      const line = worker % 20 < 10 ? 3 : 10 + Math.floor(worker / 20) * 8;
      lines[line] = `  // round ${round}, worker ${worker}`;
      return mirror.commit({
        parent: base,
        edits: [{ path: pathOf(worker % 10), content: lines.join("\n") }],
        message: `Change by worker ${worker}`,
        author: AUTHOR,
        at: AT,
      });
    }),
  );
}

async function foldAll(mirror: Mirror, base: Oid, changes: readonly Oid[]): Promise<number> {
  const { results } = await mirror.foldAll({
    ours: base,
    changes: changes.map((theirs) => ({ theirs, message: "Fold in" })),
    author: AUTHOR,
    at: AT,
  });
  return results.filter(({ kind }) => kind === "conflicted").length;
}

/** A run's first read: with the repository here already, and once from nothing. */
async function firstRead({ place, repeats }: Extract<RepoTask, { kind: "first-read" }>) {
  const dir = join(place.folder, "first.git");
  const readOne = async (): Promise<void> => {
    await using mirror = await openPlace(place, dir);
    const head = await mirror.fetch("main");
    if (head !== null) await (await mirror.snapshot(head)).read(pathOf(1));
  };
  const [onceMs = 0] = await repeated(1, readOne);
  return { onceMs, ms: await repeated(repeats, readOne) };
}

/** Different patterns, as agents ask them; what is made once for a commit is made before. */
async function search({ place, repeats }: Extract<RepoTask, { kind: "search" }>) {
  await using mirror = await openFetched(place, "search");
  const snapshot = await mirror.snapshot(place.head);
  const patterns = [
    "rareNeedle",
    String.raw`rareNeedle\([0-9]+\)`,
    "nothingLikeIt",
    String.raw`^  alpha\.beta\(`,
    "(rare|common)Needle",
  ];
  const [onceMs = 0] = await repeated(1, () => snapshot.search("notThereEither"));
  const ms = await repeated(Math.max(repeats, 1), async (round) => {
    const { hits } = await snapshot.search(patterns[round % patterns.length] ?? "rareNeedle");
    if (round === 0 && hits.length === 0) throw new Error("The search found nothing.");
  });
  return { ms, onceMs };
}

/** Many agents that read at once, each one file after the other. */
async function reads({ place, ...asked }: Extract<RepoTask, { kind: "reads" }>) {
  await using mirror = await openFetched(place, "reads");
  const idleMb = process.memoryUsage().rss / 1024 ** 2;
  const ms = await repeated(asked.repeats, async (round) => {
    const snapshot = await mirror.snapshot(place.head);
    const each = asked.reads / asked.readers;
    const readOne = async (_: unknown, reader: number): Promise<void> => {
      for (let read = 0; read < each; read += 1) {
        const file = (round * 7_919 + reader * each + read * 31) % place.files;
        const content = await snapshot.read(pathOf(Math.floor(file)));
        if (content?.kind !== "text") throw new Error(`File ${file} could not be read.`);
      }
    };
    await Promise.all(Array.from({ length: asked.readers }, readOne));
  });
  return { ms, addedMb: Math.max(0, peakMb() - idleMb) };
}

async function repeated(
  times: number,
  work: (round: number) => Promise<unknown>,
): Promise<number[]> {
  const ms: number[] = [];
  for (let round = 0; round < times; round += 1) {
    const beganMs = performance.now();
    await work(round);
    ms.push(performance.now() - beganMs);
  }
  return ms;
}
