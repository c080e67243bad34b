// What a mirror does when its disk or a fetch fails it: it is made anew, or says what is wrong, and never reads nonsense.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { systemClock } from "../../src/outside/clock.ts";
import { isDamage } from "../../src/repo/bare.ts";
import type { Mirror } from "../../src/repo/contract.ts";
import { openMirror } from "../../src/repo/mirror.ts";
import { RemoteError, type GitRemote } from "../../src/repo/remote.ts";
import { commitOf, mirrorOf, openHub, rawGit, remoteOf, type Hub } from "./kit.ts";

const FILES = Object.fromEntries(
  Array.from({ length: 300 }, (_, at) => [`f${at}.txt`, `text ${at} ${"x".repeat(at * 7)}\n`]),
);

/** A hub whose objects are one pack, so that the mirror gets a pack too. */
async function openPacked(): Promise<Hub & { base: string }> {
  const hub = await openHub();
  return { ...hub, base: hub.commit("main", FILES) };
}

const packsOf = (gitDir: string, end: string): string[] =>
  readdirSync(join(gitDir, "objects", "pack"))
    .filter((name) => name.endsWith(end))
    .map((name) => join(gitDir, "objects", "pack", name));

async function readsWell(mirror: Mirror, commit: string): Promise<void> {
  const snapshot = await mirror.snapshot(commit);
  expect(await snapshot.read("f299.txt")).toEqual({ kind: "text", text: FILES["f299.txt"] });
  expect(rawGit(mirror.gitDir, ["fsck", "--no-dangling"])).toBe("");
}

describe("a mirror whose", () => {
  test("pack was cut short is made anew when it is opened, and the old one is kept aside", async () => {
    await using hub = await openPacked();
    {
      await using mirror = await mirrorOf(hub);
      await mirror.fetch("main");
      for (const pack of packsOf(mirror.gitDir, ".pack")) {
        chmodSync(pack, 0o644);
        truncateSync(pack, Math.floor(readFileSync(pack).length / 2));
      }
    }
    await using again = await mirrorOf(hub);
    expect(await again.fetch("main")).toBe(hub.base);
    expect(existsSync(join(hub.folder, "mirror.git.damaged"))).toBe(true);
    await readsWell(again, hub.base);
  });

  test("pack's index is garbage is made anew", async () => {
    await using hub = await openPacked();
    {
      await using mirror = await mirrorOf(hub);
      await mirror.fetch("main");
      for (const index of packsOf(mirror.gitDir, ".idx")) {
        chmodSync(index, 0o644);
        writeFileSync(index, "garbage");
      }
    }
    await using again = await mirrorOf(hub);
    expect(await again.fetch("main")).toBe(hub.base);
    await readsWell(again, hub.base);
  });

  test("pack rotted inside is made anew by the next fetch, with the work that is nowhere else", async () => {
    await using hub = await openPacked();
    await using mirror = await mirrorOf(hub);
    await mirror.fetch("main");
    const head = await commitOf(mirror, hub.base, { "f1.txt": "unpushed\n" });
    await mirror.keep("wf-1/w", head);
    for (const pack of packsOf(mirror.gitDir, ".pack")) {
      const bytes = readFileSync(pack);
      chmodSync(pack, 0o644);
      writeFileSync(pack, bytes.fill(0xff, Math.floor(bytes.length * 0.8), bytes.length - 200));
    }
    const readAll = async (): Promise<unknown[]> => {
      const snapshot = await mirror.snapshot(hub.base);
      const read = Object.keys(FILES).map((path) => snapshot.read(path));
      return (await Promise.allSettled(read)).filter(({ status }) => status === "rejected");
    };
    await mirror[Symbol.asyncDispose](); // A reader that has the pack open may still see it whole.
    expect(await readAll()).not.toEqual([]);
    expect(await mirror.fetch("main")).toBe(hub.base);
    expect(await readAll()).toEqual([]);
    expect(existsSync(join(hub.folder, "mirror.git.damaged"))).toBe(true);
    expect(await mirror.has(head)).toBe(true);
    await readsWell(mirror, hub.base);
  });

  test("file is lost is made anew by the next fetch", async () => {
    await using hub = await openHub();
    const base = hub.commit("main", { "a.txt": "one\n", "f299.txt": FILES["f299.txt"] ?? "" });
    await using mirror = await mirrorOf(hub);
    await mirror.fetch("main");
    const oid = rawGit(mirror.gitDir, ["rev-parse", `${base}:a.txt`]).trim();
    rmSync(join(mirror.gitDir, "objects", oid.slice(0, 2), oid.slice(2)));
    await expect((await mirror.snapshot(base)).read("a.txt")).rejects.toThrow(/lacks/);
    await mirror.fetch("main");
    expect(await (await mirror.snapshot(base)).read("a.txt")).toMatchObject({ text: "one\n" });
    await readsWell(mirror, base);
  });

  test("place beside it holds a folder for a lock and a file for texts works all the same", async () => {
    await using hub = await openPacked();
    mkdirSync(join(hub.folder, "mirror.git.lock"));
    writeFileSync(join(hub.folder, "mirror.git.text"), "a file");
    await using mirror = await mirrorOf(hub);
    await mirror.fetch("main");
    const { hits } = await (await mirror.snapshot(hub.base)).search("text 299");
    expect(hits).toHaveLength(1);
  });

  test("folder holds the leavings of a killed fetch reads and fetches as if they were not there", async () => {
    await using hub = await openPacked();
    {
      await using mirror = await mirrorOf(hub);
      await mirror.fetch("main");
      const pack = readFileSync(packsOf(mirror.gitDir, ".pack")[0] ?? "");
      const half = pack.subarray(0, pack.length / 2);
      writeFileSync(join(mirror.gitDir, "objects", "pack", "tmp_pack_killed"), half);
      writeFileSync(join(mirror.gitDir, "objects", "tmp_obj_killed"), half);
      writeFileSync(join(mirror.gitDir, "shallow.lock"), "");
      const longAgo = new Date("2001-01-01");
      writeFileSync(join(mirror.gitDir, "objects", "pack", "tmp_pack_old"), half);
      utimesSync(join(mirror.gitDir, "objects", "pack", "tmp_pack_old"), longAgo, longAgo);
    }
    const next = hub.commit("main", { "new.txt": "new\n" });
    await using again = await mirrorOf(hub);
    expect(await again.fetch("main")).toBe(next);
    await readsWell(again, next);
    expect(existsSync(join(hub.folder, "mirror.git.damaged"))).toBe(false);
    const left = readdirSync(join(again.gitDir, "objects", "pack")).filter((name) =>
      name.startsWith("tmp_"),
    );
    expect(left).toEqual(["tmp_pack_killed"]);
  });

  test("place holds a file is refused with its name, and the file stays", async () => {
    await using hub = await openPacked();
    writeFileSync(join(hub.folder, "mirror.git"), "somebody's");
    await expect(mirrorOf(hub)).rejects.toThrow(/mirror\.git/);
    expect(readFileSync(join(hub.folder, "mirror.git"), "utf8")).toBe("somebody's");
  });

  test("disk is full says so, and is not thrown away for it", async () => {
    await using hub = await openPacked();
    const full =
      "git fetch failed (status 128): fatal: write error: No space left on device\nfatal: unable to read the rest, 3 unresolved deltas";
    expect(isDamage(new Error(full))).toBe(false);
    const inner = remoteOf(hub.path);
    let isFull = false;
    const remote: GitRemote = {
      ...inner,
      fetch: (...asked) =>
        isFull
          ? Promise.reject(new RemoteError(full, { transient: false }))
          : inner.fetch(...asked),
    };
    await using mirror = await openMirror({
      dir: join(hub.folder, "mirror.git"),
      remote,
      clock: systemClock,
    });
    await mirror.fetch("main");
    isFull = true;
    await expect(mirror.fetch("main")).rejects.toThrow(/No space left on device/);
    expect(existsSync(join(hub.folder, "mirror.git.damaged"))).toBe(false);
    await readsWell(mirror, hub.base);
  });
});
