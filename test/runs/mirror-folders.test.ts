// Mirrors that are too much for the disk go, the longest unused first, and never one that a run needs.

import { mkdir, mkdtemp, readdir, rm, utimes, writeFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, it } from "vitest";

import { createManualClock } from "../../src/outside/memory/clock.ts";
import { openMirrorFolders, pruneMirrors } from "../../src/runs/mirror-folders.ts";
import { openHub, remoteOf } from "../repo/kit.ts";

const HOUR_MS = 60 * 60_000;

it("deletes the longest unused ones with all that belongs to them, until the rest fits", async () => {
  const root = await mkdtemp(join(tmpdir(), "fanfold-"));
  const clock = createManualClock();
  const make = async (id: number, hoursAgo: number): Promise<void> => {
    const dir = join(root, "7", `${id}.git`);
    await mkdir(join(dir, "objects"), { recursive: true });
    await mkdir(`${dir}.text`);
    await writeFile(join(dir, "objects", "pack"), "x".repeat(60));
    await writeFile(join(`${dir}.text`, "shard"), "x".repeat(40));
    const at = new Date(clock.now() - hoursAgo * HOUR_MS);
    await utimes(dir, at, at);
  };
  try {
    for (const [id, hoursAgo] of [
      [1, 9],
      [2, 8],
      [3, 7],
      [4, 6],
      [5, 0.5],
    ] as const)
      await make(id, hoursAgo);
    const closed: number[] = [];
    const close = async (id: number): Promise<void> => void closed.push(id);
    const folders = { root, clock, isNeeded: (id: number) => id === 1, close };
    expect(await pruneMirrors({ ...folders, bytesMax: 500 })).toEqual([]);
    expect(closed).toEqual([2, 3, 4]);
    const gone = await pruneMirrors({ ...folders, bytesMax: 300 });
    expect(gone).toEqual([join(root, "7", "2.git"), join(root, "7", "3.git")]);
    await pruneMirrors({ ...folders, bytesMax: 0 });
    const left = await readdir(join(root, "7"));
    expect(left.toSorted()).toEqual(["1.git", "1.git.text", "5.git", "5.git.text"]);
    expect(await pruneMirrors({ ...folders, root: join(root, "none"), bytesMax: 0 })).toEqual([]);
  } finally {
    await rm(root, { recursive: true });
  }
});

it("keeps when a mirror was used by the clock that its use is judged by", async () => {
  await using hub = await openHub();
  hub.commit("main", { "a.txt": "one\n" });
  const clock = createManualClock();
  const root = join(hub.folder, "mirrors");
  const folders = openMirrorFolders({ root, bytesMax: 1, clock });
  const ref = { installationId: 7, repositoryId: 1, owner: "acme", name: "site" };
  await using mirror = await folders.open(ref, remoteOf(hub.path));
  await mirror.fetch("main");
  expect((await stat(mirror.gitDir)).mtimeMs).toBe(clock.now());
});
