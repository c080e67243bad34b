// What every remote must do: the tests any implementation of the port passes.

import { describe, expect, test } from "vitest";

import type { GitRemote } from "../../src/repo/remote.ts";

/** A remote to try, with a local bare repository that holds three commits: `old`, `new` on top of it, and `side`. */
export interface RemoteBench extends AsyncDisposable {
  remote: GitRemote;
  gitDir: string;
  commits: { old: string; new: string; side: string };
  /** Another bare repository, empty, to fetch into. */
  emptyGitDir: string;
  /** Whether a repository on this disk holds a commit. */
  has(gitDir: string, commit: string): Promise<boolean>;
}

/** Declares the suite for one kind of remote; `open` makes a fresh, empty remote repository each time. */
export function remoteContract(name: string, open: () => Promise<RemoteBench>): void {
  describe(`the remote port: ${name}`, () => {
    declareListing(open);
    declarePushing(open);
    declareFetching(open);
  });
}

function declareListing(open: () => Promise<RemoteBench>): void {
  test("lists nothing in an empty repository", async () => {
    await using bench = await open();
    expect(await bench.remote.list("refs/")).toEqual(new Map());
  });

  test("lists by prefix, refs outside of the branches included", async () => {
    await using bench = await open();
    const { old, side } = bench.commits;
    await bench.remote.push(bench.gitDir, [
      { ref: "refs/heads/main", from: null, to: old },
      { ref: "refs/heads/main2", from: null, to: side },
      { ref: "refs/fanfold/runs/r1/state", from: null, to: side },
      { ref: "refs/fanfold/runs/r1/refs/heads/main", from: null, to: side },
    ]);
    expect(await bench.remote.list("refs/heads/")).toEqual(
      new Map([
        ["refs/heads/main", old],
        ["refs/heads/main2", side],
      ]),
    );
    expect([...(await bench.remote.list("refs/fanfold/runs/r1/")).keys()].sort()).toEqual([
      "refs/fanfold/runs/r1/refs/heads/main",
      "refs/fanfold/runs/r1/state",
    ]);
    expect(await bench.remote.list("refs/fanfold/runs/other/")).toEqual(new Map());
  });
}

function declarePushing(open: () => Promise<RemoteBench>): void {
  const main = "refs/heads/main";
  const state = "refs/fanfold/runs/r1/state";

  test("moves a ref from where it was, and says stale from anywhere else", async () => {
    await using bench = await open();
    const { remote, gitDir, commits } = bench;
    expect(await remote.push(gitDir, [{ ref: main, from: null, to: commits.old }])).toEqual({
      kind: "pushed",
    });
    expect(await remote.push(gitDir, [{ ref: main, from: commits.old, to: commits.new }])).toEqual({
      kind: "pushed",
    });
    expect(await remote.push(gitDir, [{ ref: main, from: commits.old, to: commits.side }])).toEqual(
      { kind: "stale", refs: [main] },
    );
    expect((await remote.list(main)).get(main)).toBe(commits.new);
  });

  test("moves a ref to a commit that does not follow from it, when it was where it should be", async () => {
    await using bench = await open();
    const { remote, gitDir, commits } = bench;
    await remote.push(gitDir, [{ ref: state, from: null, to: commits.new }]);
    expect(
      await remote.push(gitDir, [{ ref: state, from: commits.new, to: commits.side }]),
    ).toEqual({ kind: "pushed" });
  });

  test("creates only what does not exist", async () => {
    await using bench = await open();
    const { remote, gitDir, commits } = bench;
    await remote.push(gitDir, [{ ref: main, from: null, to: commits.old }]);
    expect(await remote.push(gitDir, [{ ref: main, from: null, to: commits.new }])).toEqual({
      kind: "stale",
      refs: [main],
    });
  });

  test("does not create what should have been there", async () => {
    await using bench = await open();
    const { remote, gitDir, commits } = bench;
    expect(await remote.push(gitDir, [{ ref: main, from: commits.old, to: commits.new }])).toEqual({
      kind: "stale",
      refs: [main],
    });
    expect(await remote.list("refs/")).toEqual(new Map());
  });

  test("moves all or nothing", async () => {
    await using bench = await open();
    const { remote, gitDir, commits } = bench;
    await remote.push(gitDir, [{ ref: state, from: null, to: commits.side }]);
    const pushed = await remote.push(gitDir, [
      { ref: "refs/heads/fanfold/r1/w1", from: null, to: commits.old },
      { ref: "refs/heads/fanfold/r1/w2", from: null, to: commits.new },
      { ref: state, from: commits.old, to: commits.new },
    ]);
    expect(pushed).toEqual({ kind: "stale", refs: [state] });
    expect(await remote.list("refs/")).toEqual(new Map([[state, commits.side]]));
  });

  test("counts a push that has been made already as made", async () => {
    await using bench = await open();
    const { remote, gitDir, commits } = bench;
    const updates = [
      { ref: main, from: null, to: commits.old },
      { ref: state, from: null, to: commits.side },
    ];
    expect(await remote.push(gitDir, updates)).toEqual({ kind: "pushed" });
    expect(await remote.push(gitDir, updates)).toEqual({ kind: "pushed" });
  });

  test("deletes from where it was, and counts what is gone already as deleted", async () => {
    await using bench = await open();
    const { remote, gitDir, commits } = bench;
    await remote.push(gitDir, [
      { ref: main, from: null, to: commits.old },
      { ref: state, from: null, to: commits.side },
    ]);
    expect(await remote.push(gitDir, [{ ref: state, from: commits.old, to: null }])).toEqual({
      kind: "stale",
      refs: [state],
    });
    expect(await remote.push(gitDir, [{ ref: state, from: commits.side, to: null }])).toEqual({
      kind: "pushed",
    });
    expect(await remote.push(gitDir, [{ ref: state, from: commits.side, to: null }])).toEqual({
      kind: "pushed",
    });
    expect([...(await remote.list("refs/")).keys()]).toEqual([main]);
  });

  test.each([
    "main",
    "refs/heads/a b",
    "refs/heads/../x",
    "--mirror",
    "refs/heads/a:b",
    "refs/heads/*",
  ])("refuses the name %s", async (ref) => {
    await using bench = await open();
    const update = { ref, from: null, to: bench.commits.old };
    await expect(bench.remote.push(bench.gitDir, [update])).rejects.toThrow(/Nothing was pushed/);
    expect(await bench.remote.list("refs/")).toEqual(new Map());
  });

  test("of nothing is done at once", async () => {
    await using bench = await open();
    expect(await bench.remote.push(bench.gitDir, [])).toEqual({ kind: "pushed" });
  });
}

function declareFetching(open: () => Promise<RemoteBench>): void {
  test("brings a branch and a hidden ref with all they hold", async () => {
    await using bench = await open();
    const { remote, gitDir, commits, emptyGitDir } = bench;
    await remote.push(gitDir, [
      { ref: "refs/heads/main", from: null, to: commits.new },
      { ref: "refs/fanfold/runs/r1/state", from: null, to: commits.side },
    ]);
    await remote.fetch(emptyGitDir, [
      "+refs/heads/main:refs/remotes/origin/main",
      "+refs/fanfold/runs/r1/state:refs/mirrored/state",
    ]);
    for (const commit of Object.values(commits))
      expect(await bench.has(emptyGitDir, commit)).toBe(true);
  });

  test("fails for a ref that is not there", async () => {
    await using bench = await open();
    const { remote, gitDir, commits, emptyGitDir } = bench;
    await remote.push(gitDir, [{ ref: "refs/heads/main", from: null, to: commits.old }]);
    const fetched = remote.fetch(emptyGitDir, ["+refs/heads/none:refs/mirrored/none"]);
    await expect(fetched).rejects.toMatchObject({ name: "RemoteError", transient: false });
  });
}
