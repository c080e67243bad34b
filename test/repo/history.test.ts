// A real package's history, version by version: workers who each did a part of it are folded as git merges, and published.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { openFolderDisk } from "../../src/outside/disk.ts";
import type { Entry } from "../../src/engine/journal.ts";
import { startLocalGitHub } from "../../src/local/github/server.ts";
import { createManualClock } from "../../src/outside/memory/clock.ts";
import { systemClock } from "../../src/outside/clock.ts";
import type { Edit, Oid } from "../../src/repo/git-data.ts";
import { openGitRemote } from "../../src/repo/git-remote.ts";
import { openMirror } from "../../src/repo/mirror.ts";
import { readCheckpoint } from "../../src/runs/checkpoint.ts";
import { openPacer } from "../../src/runs/pacer.ts";
import { openPublisher } from "../../src/runs/publisher.ts";
import { openTranscripts } from "../../src/runs/transcripts.ts";
import { nothingYet } from "../../src/runs/nothing-yet.ts";
import { RunRecord } from "../../src/runs/record.ts";
import { openSeal } from "../../src/runs/seal.ts";
import type { StepRecord } from "../../src/steps/records.ts";
import { foldByGit, outcomeOf, shortly } from "./fold-by-git.ts";
import { AT, AUTHOR, type Hub, mirrorOf, openHub, rawGit, realWaits } from "./kit.ts";
import { filesOf, versions } from "./versions.ts";

const WORKERS = 3;
const history = versions.map(filesOf);

/** What leads from one version to a later one, path by path. */
function editsBetween(from: number, to: number): Edit[] {
  const nothing = new Map<string, Buffer>();
  const [before = nothing, after = nothing] = [history[from], history[to]];
  return [...new Set([...before.keys(), ...after.keys()])]
    .toSorted()
    .filter((path) => before.get(path)?.equals(after.get(path) ?? Buffer.from("\0")) !== true)
    .map((path) => ({ path, content: after.get(path)?.toString("utf8") ?? null }));
}

/** A version's edits dealt out to workers, then one who was asked for everything up to the version behind it. */
function workOf(from: number): { parts: Edit[][]; beyond: Edit[][] } {
  const next = editsBetween(from, from + 1);
  const parts = Array.from({ length: WORKERS }, (_, worker) =>
    next.filter((__, at) => at % WORKERS === worker),
  );
  const beyond = from + 2 < history.length ? [editsBetween(from, from + 2)] : [];
  return { parts: parts.filter((edits) => edits.length > 0), beyond };
}

let hub: Hub;
let mirror: Awaited<ReturnType<typeof mirrorOf>>;
const commits: Oid[] = [];

beforeAll(async () => {
  hub = await openHub();
  for (const [at, files] of history.entries()) {
    const gone = [...(history[at - 1]?.keys() ?? [])].filter((path) => !files.has(path));
    const removed = gone.map((path): [string, null] => [path, null]);
    commits.push(hub.commit("main", Object.fromEntries([...removed, ...files])));
  }
  mirror = await mirrorOf(hub);
  await mirror.fetch("main");
});
afterAll(async () => {
  await mirror[Symbol.asyncDispose]();
  await hub[Symbol.asyncDispose]();
});

const commitAll = (parent: Oid, work: readonly Edit[][], target = mirror): Promise<Oid[]> =>
  Promise.all(
    work.map((edits, worker) =>
      target.commit({ parent, edits, message: `worker ${worker}`, author: AUTHOR, at: AT }),
    ),
  );

const foldAll = (ours: Oid, heads: readonly Oid[], target = mirror) =>
  target.foldAll({
    ours,
    changes: heads.map((theirs) => ({ theirs, message: "Fold in" })),
    author: AUTHOR,
    at: AT,
  });

describe("twenty versions of a package", () => {
  it("hold renames, and are twenty", () => {
    expect(history).toHaveLength(20);
    expect(hub.git("log", "-M", "--diff-filter=R", "--name-only", "--format=", "main")).not.toBe(
      "",
    );
  });

  it("are folded into the trees and conflicts of git's merge; dealt out to workers, into the next version", async () => {
    const kinds: string[] = [];
    for (const [at, base] of commits.slice(0, -1).entries()) {
      const { parts, beyond } = workOf(at);
      const heads = await commitAll(base, [...parts, ...beyond]);
      const { results, order } = await foldAll(base, heads);
      const asAsked = foldByGit(mirror.gitDir, { ours: base, changes: heads });
      expect(results.map(({ kind }) => kind)).toEqual(asAsked.map(outcomeOf));
      // Those that do not meet may have changed places.
      const made = order.map((place) => heads[place] ?? "");
      const isAsAsked = order.every(
        (place, index) => index === 0 || place > (order[index - 1] ?? 0),
      );
      const asMade = isAsAsked
        ? asAsked.filter((one) => outcomeOf(one) === "folded")
        : foldByGit(mirror.gitDir, { ours: base, changes: made });
      expect(order.map((place) => shortly(results[place]))).toEqual(asMade);
      kinds.push(...results.map(({ kind }) => kind));
      const dealt = await foldAll(base, heads.slice(0, parts.length));
      const last = dealt.results[dealt.order.at(-1) ?? 0];
      expect(shortly(last)).toBe(await mirror.tree(commits[at + 1] ?? ""));
    }
    // Who did the part of the version behind as well is folded in or collides, and both happen.
    expect(new Set(kinds)).toEqual(new Set(["folded", "conflicted"]));
  });
});

const record = RunRecord.parse({
  v: 1,
  id: "wf-history",
  repository: { installationId: 1, repositoryId: 2, owner: "octo", name: "history" },
  thread: 1,
  isPullRequest: false,
  said: null,
  requester: { id: 4, login: "ada" },
  task: "go on",
  limits: { agents: 100, budgetUsd: null },
  baseBranch: null,
  base: null,
  script: null,
  ...nothingYet(0),
  status: "running",
});

/** The journal of a run whose workers made these changes and which then combined them. */
function journalOf(base: Oid, heads: readonly Oid[], combined: StepRecord): Entry[] {
  const common = { v: 1 as const, step: "change", at: AT };
  const begun = heads.map((_, worker): Entry => {
    const id = `w${worker}`;
    return { ...common, kind: "call-started", key: id, label: id, phase: null };
  });
  const made = heads.map((head, worker): Entry => {
    const id = `w${worker}`;
    const change = {
      id,
      branch: `fanfold/${record.id}/${id}`,
      base,
      head,
      label: id,
      requirement: "",
      summary: "",
      files: [],
    };
    const changed: StepRecord = {
      kind: "changed",
      agents: [],
      read: [],
      change,
      fold: null,
      leftOut: null,
      resolutions: [],
    };
    const outcome = { ok: true as const, value: null };
    return { ...common, kind: "call-ended", key: id, outcome, record: changed };
  });
  const end = { ...common, step: "combine", key: "c", outcome: { ok: true as const, value: null } };
  return [...begun, ...made, { ...end, kind: "call-ended", record: combined }];
}

describe("a run over them", () => {
  it("is published by one push, each worker on a branch, and the checkpoint holds its journal", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "fanfold-"));
    const app = { id: 1, slug: "fanfold", webhookSecret: "history" };
    const github = await startLocalGitHub({ dataDir, app });
    try {
      const name = { owner: "octo", name: "history" };
      const { token } = await github.createUser({ login: "ada" });
      const { cloneUrl } = await github.createRepository(name);
      await github.setRole(name, "ada", "write");
      await github.importRepository(name, hub.path);
      const credentials = Buffer.from(`x-access-token:${token}`).toString("base64");
      const remote = openGitRemote(
        {
          url: cloneUrl,
          header: () => Promise.resolve(`Authorization: Basic ${credentials}`),
        },
        realWaits,
      );
      let pushes = 0;
      const counted: typeof remote = {
        ...remote,
        push: (...asked) => ((pushes += 1), remote.push(...asked)),
      };
      await using local = await openMirror({
        dir: join(dataDir, "mirror.git"),
        remote: counted,
        clock: systemClock,
      });
      const from = 6;
      const base = commits[from] ?? "";
      expect(await local.fetch("main")).toBe(commits.at(-1));
      // Every version behind it, dealt out: whoever comes later overlaps with those before.
      const ahead = Array.from({ length: 5 }, (_, step) => editsBetween(from, from + 1 + step));
      const work = ahead.flatMap((edits) =>
        Array.from({ length: WORKERS }, (_, worker) =>
          edits.filter((__, at) => at % WORKERS === worker),
        ),
      );
      const heads = await commitAll(base, work, local);
      const { results, order } = await foldAll(base, heads, local);
      const folds = order.flatMap((at) => {
        const result = results[at];
        return result?.kind === "folded"
          ? [{ change: `w${at}`, head: heads[at] ?? "", commit: result.commit, tree: result.tree }]
          : [];
      });
      expect(folds.length).toBeGreaterThan(WORKERS);
      const combined = { folds, leftOut: [], resolutions: [], agents: [], read: [] };
      const entries = journalOf(base, heads, { kind: "combined", ...combined });
      const clock = createManualClock();
      const seal = openSeal("a secret that is long enough for this", record.id);
      const known = {
        refs: new Map(),
        state: null,
        segments: 0,
        journalDigest: "",
        entries: 0,
        agents: new Map(),
        record: null,
        script: null,
        lease: null,
        anew: new Map(),
        leftAlone: new Set<string>(),
        gone: new Set<string>(),
      };
      const publisher = openPublisher({
        mirror: local,
        seal,
        clock,
        pacer: openPacer(clock),
        policy: { refsPerPush: null },
        // So many writers have no pull requests of their own; nothing but branches is owed.
        effects: {
          pulls: new Map(),
          isPosted: () => true,
          apply: () => Promise.resolve(),
          settle: () => Promise.resolve(),
        },
        source: {
          record: () => ({ ...record, base: { branch: "main", commit: base } }),
          script: () => null,
          entries: () => entries,
          folder: { transcripts: openTranscripts(openFolderDisk(dataDir), "agents") },
        },
        holder: { owner: "folder", process: "process", ttlMs: 300_000, guard: "time" },
        known,
        onWait: () => () => {},
        onLeftAlone: (ref) => expect.unreachable(ref),
      });
      await publisher.take(AbortSignal.timeout(60_000));
      await clock.during(publisher.flush(AbortSignal.timeout(60_000)), 1_000);
      // That of the lease, and everything.
      expect(pushes).toBe(2);
      const refs = await local.remoteRefs(`refs/heads/fanfold/${record.id}/`);
      const shown = new Map(
        heads.map((head, at) => [`refs/heads/fanfold/${record.id}/w${at}`, head]),
      );
      shown.set(`refs/heads/fanfold/${record.id}/result`, folds.at(-1)?.commit ?? "");
      expect(Object.fromEntries(refs)).toEqual(Object.fromEntries(shown));
      const whose = { run: record.id, repositoryId: 2 };
      expect(await readCheckpoint(local, seal, whose)).toMatchObject({ entries });
      expect(rawGit(local.gitDir, ["fsck", "--strict", "--no-dangling"])).toBe("");
    } finally {
      await github.close();
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
