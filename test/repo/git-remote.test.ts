// The remote over git: the port's contract, and what happens when answers get lost.

import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { join } from "node:path";
import { inspect } from "node:util";

import { describe, expect, test } from "vitest";

import { openGitRemote } from "../../src/repo/git-remote.ts";
import { REFS_PER_PUSH_MAX } from "../../src/repo/remote.ts";
import { remoteContract, type RemoteBench } from "../contracts/remote.contract.ts";
import { serveHub, type HttpHub } from "./http-hub.ts";
import { openHub, rawGit, realWaits, remoteOf } from "./kit.ts";

async function openRemoteBench(): Promise<RemoteBench & { hubPath: string }> {
  const hub = await openHub();
  const gitDir = join(hub.folder, "local.git");
  const emptyGitDir = join(hub.folder, "empty.git");
  for (const dir of [gitDir, emptyGitDir]) execFileSync("git", ["init", "--bare", "--quiet", dir]);
  const tree = rawGit(gitDir, ["mktree"]).trim();
  const make = (message: string, ...parents: string[]): string =>
    rawGit(gitDir, [
      "-c",
      "user.name=T",
      "-c",
      "user.email=t@example.test",
      "commit-tree",
      tree,
      "-m",
      message,
      ...parents.flatMap((parent) => ["-p", parent]),
    ]).trim();
  const old = make("old");
  return {
    remote: remoteOf(hub.path),
    gitDir,
    emptyGitDir,
    hubPath: hub.path,
    commits: { old, new: make("new", old), side: make("side") },
    has: (dir, commit) =>
      Promise.resolve(rawGit(dir, ["cat-file", "--batch-check"], commit).includes(" commit ")),
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  };
}

remoteContract("git on a path", openRemoteBench);

const header = "Authorization: Basic c2VjcmV0LWNhbmFyeS10b2tlbg==";

const isPush = (request: IncomingMessage): boolean =>
  request.method === "POST" && /receive-pack/.test(request.url ?? "");

async function openHttpBench(): Promise<RemoteBench & { hub: HttpHub; hubPath: string }> {
  const bench = await openRemoteBench();
  const hub = await serveHub(bench.hubPath);
  return {
    ...bench,
    hub,
    remote: openGitRemote(
      { url: hub.url, header: () => Promise.resolve(header) },
      { sleep: () => Promise.resolve(), random: () => 0.5 },
    ),
    [Symbol.asyncDispose]: async () => {
      await hub[Symbol.asyncDispose]();
      await bench[Symbol.asyncDispose]();
    },
  };
}

remoteContract("git over HTTP", openHttpBench);

const main = "refs/heads/main";

/** Puts a program in the remote's hooks, as a stand-in for a host that refuses or breaks. */
function hook(hubPath: string, name: string, script: string): void {
  const path = join(hubPath, "hooks", name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

describe("a push whose answer is in doubt", () => {
  test("counts as made when the answer was lost on its way", async () => {
    await using bench = await openHttpBench();
    // Every answer: an HTTP client may repeat a request by itself on a connection that broke.
    bench.hub.drop = isPush;
    const updates = [
      { ref: main, from: null, to: bench.commits.old },
      { ref: "refs/fanfold/runs/r1/state", from: null, to: bench.commits.side },
    ];
    expect(await bench.remote.push(bench.gitDir, updates)).toEqual({ kind: "pushed" });
    expect((await bench.remote.list("refs/")).size).toBe(2);
    expect(new Set(bench.hub.authorizations)).toEqual(
      new Set([header.slice("Authorization: ".length)]),
    );
  });

  test("is stale, and not repeated, when somebody else moved a ref while the answer was lost", async () => {
    await using bench = await openHttpBench();
    const { remote, gitDir, commits, hubPath } = bench;
    await remote.push(gitDir, [{ ref: main, from: null, to: commits.old }]);
    bench.hub.drop = (request) => {
      if (!isPush(request)) return false;
      rawGit(hubPath, ["update-ref", main, commits.old]);
      rawGit(hubPath, ["fetch", "--quiet", gitDir, commits.side]);
      rawGit(hubPath, ["update-ref", main, commits.side]);
      return true;
    };
    const pushed = await remote.push(gitDir, [{ ref: main, from: commits.old, to: commits.new }]);
    expect(pushed).toEqual({ kind: "stale", refs: [main] });
    expect(rawGit(hubPath, ["rev-parse", main]).trim()).toBe(commits.side);
  });

  test("counts as made when the refs moved although git reported a failure", async () => {
    await using bench = await openRemoteBench();
    // The connection dies after the refs moved and before the report is out.
    hook(bench.hubPath, "post-receive", 'kill -9 "$PPID"; sleep 0.2');
    const pushed = await bench.remote.push(bench.gitDir, [
      { ref: main, from: null, to: bench.commits.old },
    ]);
    expect(pushed).toEqual({ kind: "pushed" });
    expect((await bench.remote.list(main)).get(main)).toBe(bench.commits.old);
  });

  test("is not made again by itself when nothing moved: that would be another push", async () => {
    await using bench = await openRemoteBench();
    const flag = join(bench.hubPath, "failed-once");
    hook(
      bench.hubPath,
      "pre-receive",
      `echo x >> ${flag}; [ $(wc -l < ${flag}) -gt 1 ] || kill -9 "$PPID"`,
    );
    const updates = [{ ref: main, from: null, to: bench.commits.old }];
    const first = bench.remote.push(bench.gitDir, updates);
    await expect(first).rejects.toMatchObject({ name: "RemoteError", transient: true });
    expect(readFileSync(flag, "utf8")).toBe("x\n");
    expect(await bench.remote.push(bench.gitDir, updates)).toEqual({ kind: "pushed" });
  });

  test("moves as many refs as it may at once, however long their names are, and no more", async () => {
    await using bench = await openRemoteBench();
    const updates = Array.from({ length: REFS_PER_PUSH_MAX }, (_, n) => ({
      ref: `refs/heads/fanfold/wf-0000000000/${"x".repeat(160)}-${n}`,
      from: null,
      to: bench.commits.old,
    }));
    expect(await bench.remote.push(bench.gitDir, updates)).toEqual({ kind: "pushed" });
    expect((await bench.remote.list("refs/heads/")).size).toBe(REFS_PER_PUSH_MAX);
    const more = [...updates, { ref: main, from: null, to: bench.commits.old }];
    await expect(bench.remote.push(bench.gitDir, more)).rejects.toThrow("1500 refs at most");
  });

  test("is worth another try when the host only says that it failed", async () => {
    await using bench = await openRemoteBench();
    // Somebody else's push holds the ref.
    const lock = join(bench.hubPath, "refs/heads/main.lock");
    writeFileSync(lock, "");
    const updates = [{ ref: main, from: null, to: bench.commits.old }];
    const first = bench.remote.push(bench.gitDir, updates);
    await expect(first).rejects.toMatchObject({ name: "RemoteError", transient: true });
    rmSync(lock);
    expect(await bench.remote.push(bench.gitDir, updates)).toEqual({ kind: "pushed" });
  });

  test("is given up with the refused ref's name when the host gives no reason of its own", async () => {
    await using bench = await openRemoteBench();
    hook(bench.hubPath, "pre-receive", "exit 1");
    const pushed = bench.remote.push(bench.gitDir, [
      { ref: main, from: null, to: bench.commits.old },
    ]);
    await expect(pushed).rejects.toThrow(/refs\/heads\/main.*pre-receive hook declined/);
  });

  test("is given up with the host's reason when the host says no", async () => {
    await using bench = await openRemoteBench();
    hook(bench.hubPath, "pre-receive", 'echo "branches must not be named so" >&2; exit 1');
    const pushed = bench.remote.push(bench.gitDir, [
      { ref: main, from: null, to: bench.commits.old },
    ]);
    await expect(pushed).rejects.toMatchObject({ name: "RemoteError", transient: false });
    await expect(pushed).rejects.toThrow(/branches must not be named so/);
  });
});

/** A web server on this machine, until the end of the test. */
async function serve(listener: RequestListener): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

describe("access to a remote", () => {
  test("travels in the environment: not in what other processes see, and not in errors", async () => {
    await using hub = await openHub();
    const asked: (string | undefined)[] = [];
    await using server = await serve((request, response) => {
      asked.push(request.headers.authorization);
      response
        .writeHead(403, { "content-type": "text/plain" })
        .end(`denied ${request.headers.authorization}`);
    });
    const secret = Buffer.from("x-access-token:SECRET-CANARY-TOKEN").toString("base64");
    const remote = openGitRemote(
      {
        url: `${server.url}/o/r.git`,
        header: () => Promise.resolve(`Authorization: Basic ${secret}`),
      },
      realWaits,
    );
    const error: unknown = await remote.list("refs/").catch((failure: unknown) => failure);
    expect(asked[0]).toBe(`Basic ${secret}`);
    expect(error).toMatchObject({ name: "RemoteError", transient: false });
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(secret);
    expect(existsSync(join(hub.path, "config"))).toBe(true);
  });

  test("is asked afresh for every operation, and trouble at the other side is tried again", async () => {
    let asked = 0;
    let headers = 0;
    await using server = await serve((_, response) => {
      asked += 1;
      response.writeHead(503).end("later");
    });
    const remote = openGitRemote(
      {
        url: `${server.url}/o/r.git`,
        header: () => Promise.resolve(`X-Try: ${++headers}`),
      },
      { sleep: () => Promise.resolve(), random: () => 0.5 },
    );
    await expect(remote.list("refs/")).rejects.toMatchObject({ transient: true });
    expect([asked, headers]).toEqual([4, 4]);
  });

  test("goes to no other place that the first one names", async () => {
    let elsewhere = 0;
    await using other = await serve((_, response) => {
      elsewhere += 1;
      response.writeHead(404).end();
    });
    await using server = await serve((request, response) => {
      response.writeHead(302, { location: `${other.url}${request.url}` }).end();
    });
    const remote = openGitRemote(
      {
        url: `${server.url}/o/r.git`,
        header: () => Promise.resolve(null),
      },
      realWaits,
    );
    await expect(remote.list("refs/")).rejects.toMatchObject({ name: "RemoteError" });
    expect(elsewhere).toBe(0);
  });

  test.each([
    "http://example.test/o/r.git",
    "https://user:pass@example.test/o/r.git",
    "ssh://git@example.test/o/r.git",
    "ext::sh -c touch% x",
    "--upload-pack=touch x",
    "relative/path",
    "file:///etc",
  ])("is refused to %s (git-001)", async (url) => {
    const remote = openGitRemote({ url, header: () => Promise.resolve(null) }, realWaits);
    await expect(remote.list("refs/")).rejects.toMatchObject({
      name: "RemoteError",
      transient: false,
    });
  });

  test("to a path that holds no repository fails with a sentence", async () => {
    await using hub = await openHub();
    await expect(remoteOf(join(hub.folder, "none.git")).list("refs/")).rejects.toThrow(
      /git ls-remote failed/,
    );
  });
});

describe("a repository with a push policy", () => {
  test("says how many refs a push may move, and is not asked again as it was", async () => {
    await using bench = await openRemoteBench();
    const hook = join(bench.hubPath, "hooks", "pre-receive");
    const said =
      "Repository policies do not allow pushes that update more than 2 branches or tags.";
    writeFileSync(
      hook,
      `#!/bin/sh\necho x >> pushes\n[ $(wc -l) -le 2 ] || { echo "${said}" >&2; exit 1; }\n`,
    );
    chmodSync(hook, 0o755);
    const { old } = bench.commits;
    const updates = ["a", "b", "c"].map((name) => ({
      ref: `refs/heads/${name}`,
      from: null,
      to: old,
    }));
    const refused = bench.remote.push(bench.gitDir, updates);
    await expect(refused).rejects.toMatchObject({ refsPerPush: 2, transient: false });
    const pushes = readFileSync(join(bench.hubPath, "pushes"), "utf8").split("\n").length - 1;
    expect(pushes).toBe(1);
    expect(await bench.remote.push(bench.gitDir, updates.slice(0, 2))).toEqual({ kind: "pushed" });
  });
});
