// A repository as data, from the remote and back to it.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { systemClock } from "../../src/outside/clock.ts";
import type { Mirror } from "../../src/repo/contract.ts";
import { git } from "../../src/repo/git.ts";
import { openMirror } from "../../src/repo/mirror.ts";
import { AT, AUTHOR, commitOf, mirrorOf, openBench, openHub, remoteOf } from "./kit.ts";

describe("a mirror", () => {
  test("brings a branch here, and its next state when asked again", async () => {
    await using hub = await openHub();
    await using mirror = await mirrorOf(hub);
    const first = hub.commit("main", { "a.txt": "one\n" });
    expect(await mirror.fetch("main")).toBe(first);
    const second = hub.commit("main", { "a.txt": "two\n" });
    expect(await mirror.fetch("refs/heads/main")).toBe(second);
    expect(await mirror.has(first)).toBe(true);
    expect(await mirror.has("0".repeat(39) + "1")).toBe(false);
  });

  test("answers null for an empty repository and for a branch that is not there", async () => {
    await using hub = await openHub();
    await using mirror = await mirrorOf(hub);
    expect(await mirror.fetch("main")).toBeNull();
    hub.commit("trunk", { "a.txt": "one\n" });
    expect(await mirror.fetch("main")).toBeNull();
    expect(await mirror.fetch("trunk")).not.toBeNull();
  });

  test("has on the disk what a few writers make, before anybody is told of it", async () => {
    await using hub = await openHub();
    await using mirror = await mirrorOf(hub);
    await mirror.fetch("main");
    const environment = { GIT_TRACE2_EVENT: join(mirror.gitDir, "trace") };
    const options = { gitDir: mirror.gitDir, stdin: "one\n", environment };
    await git(["hash-object", "-w", "--stdin"], options);
    expect(readFileSync(environment.GIT_TRACE2_EVENT, "utf8")).toContain("fsync/");
  });

  test("brings many branches with one request, without those that are gone meanwhile", async () => {
    await using hub = await openHub();
    const inner = remoteOf(hub.path);
    const asked: number[] = [];
    const remote: typeof inner = {
      ...inner,
      fetch: (gitDir, refspecs) => (asked.push(refspecs.length), inner.fetch(gitDir, refspecs)),
    };
    await using mirror = await openMirror({
      dir: join(hub.folder, "mirror.git"),
      remote,
      clock: systemClock,
    });
    const commits = Array.from({ length: 5 }, (_, n) => hub.commit(`b${n}`, { "n.txt": `${n}` }));
    await mirror.fetchAll([]);
    await mirror.fetchAll(commits.map((_, n) => `refs/heads/b${n}`));
    expect(asked).toEqual([5]);
    for (const commit of commits) expect(await mirror.has(commit)).toBe(true);
    const more = hub.commit("b0", { "n.txt": "more" });
    await mirror.fetchAll(["refs/heads/gone", "refs/heads/b0", "1".repeat(40)]);
    expect(await mirror.has(more)).toBe(true);
    expect(await mirror.fetch("gone")).toBeNull();
  });

  test("brings a commit by its id", async () => {
    await using hub = await openHub();
    await using mirror = await mirrorOf(hub);
    const commit = hub.commit("main", { "a.txt": "one\n" });
    expect(await mirror.fetch(commit)).toBe(commit);
    expect(await mirror.fetch("1".repeat(40))).toBeNull();
  });

  test("brings a branch whose name was a folder of branches before", async () => {
    await using hub = await openHub();
    await using mirror = await mirrorOf(hub);
    hub.commit("topic", { "a.txt": "one\n" });
    await mirror.fetch("topic");
    hub.git("update-ref", "-d", "refs/heads/topic");
    const below = hub.commit("topic/part", { "a.txt": "two\n" });
    expect(await mirror.fetch("topic/part")).toBe(below);
  });

  test("refuses names that could be options or patterns", async () => {
    await using hub = await openHub();
    await using mirror = await mirrorOf(hub);
    for (const name of ["--upload-pack=touch x", "a b", "a..b", "refs/heads/*", "x:y", ""]) {
      await expect(mirror.fetch(name)).rejects.toThrow(/no name of a branch/);
    }
  });

  test("opens again on the same folder, and twice at once", async () => {
    await using hub = await openHub();
    const commit = hub.commit("main", { "a.txt": "one\n" });
    {
      await using mirror = await mirrorOf(hub);
      await mirror.fetch("main");
    }
    await using one = await mirrorOf(hub);
    await using two = await mirrorOf(hub);
    expect(await one.has(commit)).toBe(true);
    const both = await Promise.all([one.fetch("main"), two.fetch("main")]);
    expect(both).toEqual([commit, commit]);
  });

  test("takes over the lock of a process that is gone", async () => {
    await using hub = await openHub();
    writeFileSync(
      join(hub.folder, "mirror.git.lock"),
      JSON.stringify({ host: (await import("node:os")).hostname(), pid: 2 ** 30, life: "x" }),
    );
    await using mirror = await mirrorOf(hub);
    expect(await mirror.fetch("main")).toBeNull();
  });

  test("is not stopped by lock files that a killed process left", async () => {
    await using hub = await openHub();
    const commit = hub.commit("main", { "a.txt": "one\n" });
    {
      await using mirror = await mirrorOf(hub);
      await mirror.fetch("main");
      const [ref = ""] = hub
        .git("--git-dir", mirror.gitDir, "for-each-ref", "--format=%(refname)")
        .split("\n");
      writeFileSync(join(mirror.gitDir, `${ref}.lock`), "");
      writeFileSync(join(mirror.gitDir, "packed-refs.lock"), "");
    }
    const next = hub.commit("main", { "a.txt": "two\n" });
    await using again = await mirrorOf(hub);
    expect(await again.fetch("main")).toBe(next);
    await again.keep("r1/w1", commit);
  });

  test("forgets what was kept long ago, and nothing that is younger", async () => {
    await using hub = await openHub();
    const old = hub.commit("main", { "a.txt": "one\n" });
    const day = 24 * 60 * 60 * 1000;
    const at = 1_600_000_000_000;
    const openAt = (ms: number): Promise<Mirror> =>
      openMirror({
        dir: join(hub.folder, "mirror.git"),
        remote: remoteOf(hub.path),
        clock: { now: () => ms, sleep: () => Promise.resolve() },
      });
    const kept = (mirror: Mirror): string =>
      hub
        .git("--git-dir", mirror.gitDir, "for-each-ref", "--format=%(refname)", "refs/kept/")
        .trim();
    {
      await using mirror = await openAt(at);
      await mirror.fetch("main");
      await mirror.keep("r1/w1", old);
    }
    {
      await using mirror = await openAt(at + 59 * day);
      expect(kept(mirror)).toBe("refs/kept/r1/w1");
    }
    await using mirror = await openAt(at + 61 * day);
    expect(kept(mirror)).toBe("");
  });

  test("is made anew when its folder is damaged, and the old one is kept aside", async () => {
    await using hub = await openHub();
    const commit = hub.commit("main", { "a.txt": "one\n" });
    {
      await using mirror = await mirrorOf(hub);
      await mirror.fetch("main");
      damage(mirror.gitDir);
    }
    await using again = await mirrorOf(hub);
    expect(existsSync(join(hub.folder, "mirror.git.damaged"))).toBe(true);
    expect(await again.fetch("main")).toBe(commit);
    expect(await (await again.snapshot(commit)).read("a.txt")).toEqual({
      kind: "text",
      text: "one\n",
    });
    expect(existsSync(join(hub.folder, "mirror.git.damaged"))).toBe(true);
  });

  test("is made anew by a fetch when it was damaged while it was open", async () => {
    await using hub = await openHub();
    hub.commit("main", { "a.txt": "one\n" });
    await using mirror = await mirrorOf(hub);
    await mirror.fetch("main");
    damage(mirror.gitDir);
    const next = hub.commit("main", { "a.txt": "two\n" });
    expect(await mirror.fetch("main")).toBe(next);
    const read = await (await mirror.snapshot(next)).read("a.txt");
    expect(read).toEqual({ kind: "text", text: "two\n" });
  });

  test("is made anew when something else stands in its folder", async () => {
    await using hub = await openHub();
    const commit = hub.commit("main", { "a.txt": "one\n" });
    {
      await using mirror = await mirrorOf(hub);
      writeFileSync(join(mirror.gitDir, "HEAD"), "nonsense");
    }
    await using again = await mirrorOf(hub);
    expect(await again.fetch("main")).toBe(commit);
  });

  test("says which commit it lacks instead of reading nothing", async () => {
    await using hub = await openHub();
    await using mirror = await mirrorOf(hub);
    await expect(mirror.snapshot("1".repeat(40))).rejects.toThrow(/has no commit 1111/);
  });

  test("pushes a worker's branch and the checkpoint in one go, and reads the checkpoint back", async () => {
    await using bench = await openBench({ "a.txt": "one\n" });
    const { hub, mirror, base } = bench;
    const head = await commitOf(mirror, base, { "a.txt": "two\n" });
    const files = new Map([
      ["run.json", Buffer.from("{}")],
      ["journal/0001.jsonl", Buffer.from([0, 255, 10, 13])],
    ]);
    const state = await mirror.commitFiles({
      parent: null,
      files,
      message: "tick",
      author: AUTHOR,
      at: AT,
    });
    const pushed = await mirror.push([
      { ref: "refs/heads/fanfold/r1/w1", from: null, to: head },
      { ref: "refs/fanfold/runs/r1/state", from: null, to: state },
    ]);
    expect(pushed).toEqual({ kind: "pushed" });
    expect(hub.git("show", `${head}:a.txt`)).toBe("two\n");
    expect(await mirror.remoteRefs("refs/fanfold/runs/")).toEqual(
      new Map([["refs/fanfold/runs/r1/state", state]]),
    );
    await using other = await mirrorOf(hub, "other.git");
    expect(await other.fetch("refs/fanfold/runs/r1/state")).toBe(state);
    expect(await other.readFiles(state)).toEqual(files);
  });

  test("grows a checkpoint on its parent, keeping the files that were there", async () => {
    await using bench = await openBench({ "a.txt": "one\n" });
    const { mirror } = bench;
    const make = (parent: string | null, name: string): Promise<string> =>
      mirror.commitFiles({
        parent,
        files: new Map([[name, Buffer.from(name)]]),
        message: "tick",
        author: AUTHOR,
        at: AT,
      });
    const second = await make(await make(null, "1"), "2");
    expect([...(await mirror.readFiles(second)).keys()].sort()).toEqual(["1", "2"]);
  });

  test("leaves no ref of its own behind, except what was to be kept", async () => {
    await using bench = await openBench({ "a.txt": "one\n" });
    const { mirror, base, hub } = bench;
    const before = hub.git("--git-dir", mirror.gitDir, "for-each-ref");
    const head = await commitOf(mirror, base, { "b.txt": "new\n" });
    expect(hub.git("--git-dir", mirror.gitDir, "for-each-ref")).toBe(before);
    await mirror.keep("r1/w1", head);
    hub.git("--git-dir", mirror.gitDir, "gc", "--prune=now", "--quiet");
    expect(await mirror.has(head)).toBe(true);
  });
});

/** Empties every file that holds objects. */
function damage(gitDir: string): void {
  for (const entry of readdirSync(join(gitDir, "objects"), {
    recursive: true,
    withFileTypes: true,
  })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) {
      // Git makes them read-only; a new file in their place is not.
      rmSync(path);
      writeFileSync(path, "");
    }
  }
}
