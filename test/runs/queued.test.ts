// A run that waits for a place says which one it has, and what it waits for.

import { describe, expect, it, vi } from "vitest";

import { createManualClock } from "../../src/outside/memory/clock.ts";
import { createMemoryDisk } from "../../src/outside/memory/disk.ts";
import { createMemoryFleet } from "../../src/outside/memory/fleet.ts";
import { createMemoryGitHub } from "../../src/outside/memory/forge.ts";
import { openGitHome } from "../../src/outside/memory/git-home.ts";
import { createMemoryLog } from "../../src/outside/memory/log.ts";
import { createMemoryQueue } from "../../src/outside/memory/queue.ts";
import type { GitRemote } from "../../src/repo/remote.ts";
import { liveRun } from "../../src/runs/live.ts";
import { stateRefOf } from "../../src/runs/names.ts";
import { nothingYet } from "../../src/runs/nothing-yet.ts";
import { placeFor, placeOf } from "../../src/runs/places.ts";
import { RunRecord } from "../../src/runs/record.ts";
import { request } from "../../src/runs/render/progress.ts";
import { queuedMarker, renderQueued } from "../../src/runs/render/queued.ts";
import { watchPlace } from "../../src/runs/queued.ts";
import { runFolder } from "../../src/runs/store.ts";
import { openReporter } from "../../src/runs/reporter.ts";
import type { Comment, Forge } from "../../src/world/forge.ts";
import { permitNow } from "../../src/world/permit.ts";
import type { QueueEntry } from "../../src/world/queue.ts";
import { wakeOf } from "../contracts/queue.contract.ts";

const entry = (run: string, state: QueueEntry["state"], repository = 1): QueueEntry => ({
  ...wakeOf(run, repository),
  state,
});
const limits = { atOnce: 2, guests: 0, perRepository: 2, perInstallation: 2 };
const runsIn = (entries: readonly QueueEntry[] | undefined) => entries?.map(({ run }) => run);

describe("a place in the queue", () => {
  const entries = [
    entry("a", "driven"),
    entry("b", "driven", 2),
    entry("c", "waiting", 2),
    entry("d", "waiting"),
    entry("z", "sleeping"),
  ];

  it("counts those that wait before it, and names those at work as well", () => {
    expect(placeOf(entries, "d")?.number).toBe(2);
    expect(runsIn(placeOf(entries, "d")?.behind)).toEqual(["a", "b", "c"]);
    expect(placeOf(entries, "c")?.number).toBe(1);
  });

  it("is none for a run that is driven, sleeps or is gone", () => {
    for (const run of ["a", "z", "nowhere"]) expect(placeOf(entries, run)).toBeNull();
  });

  it("is foreseen for a run that finds no room, and for no other", () => {
    expect(placeFor(wakeOf("e"), { entries, limits })?.number).toBe(3);
    const one = [entry("a", "driven")];
    expect(placeFor(wakeOf("e"), { entries: one, limits })).toBeNull();
    const narrow = { ...limits, perRepository: 1 };
    expect(placeFor(wakeOf("e"), { entries: one, limits: narrow })?.number).toBe(1);
    expect(placeFor(wakeOf("e", 2), { entries: one, limits: narrow })).toBeNull();
  });
});

const record = (over: Partial<RunRecord> = {}): RunRecord =>
  RunRecord.parse({
    v: 1,
    id: "wf-0000000001",
    repository: wakeOf("", 1).repository,
    thread: 4,
    isPullRequest: false,
    said: null,
    requester: { id: 1, login: "ada" },
    task: "tidy up",
    limits: { agents: 4, budgetUsd: 5 },
    settings: {},
    baseBranch: null,
    base: null,
    script: null,
    ...nothingYet(0),
    ...over,
  });

describe("what was asked for", () => {
  const quoted = (over: Partial<RunRecord>): string =>
    request(record(over)).split("\n\n", 1)[0] ?? "";

  it("is quoted as it was typed", () => {
    const line = "/wf plan  fix the `|` in *a* --budget $3";
    expect(quoted({ line })).toBe("> ``/wf plan fix the `|` in *a* --budget $3``");
  });

  it("calls and commands nobody there, and stays on one short line", () => {
    const said = quoted({ line: "/wf run @eve closes #1 <!-- fanfold:run=x --> @dependabot" });
    expect(said).toMatch(/^> `\/wf run @\u2060eve /u);
    expect(said).not.toMatch(/@eve|closes #1|<!--|@dependabot/u);
    const long = quoted({ line: `/wf run ${"x".repeat(4_000)}` });
    expect(long.length).toBeLessThan(320);
    expect(long).toMatch(/…`$/u);
  });

  it("is put together from the task where nobody typed a line, or an earlier version kept none", () => {
    expect(record().line).toBeNull();
    expect(quoted({ task: "tidy up\nand more" })).toBe("> `/workflow tidy up`");
  });
});

describe("the comment of a run that waits for a place", () => {
  const behind = [
    entry("wf-a", "driven"),
    entry("wf-secret", "driven", 9),
    ...["wf-b", "wf-c", "wf-d"].map((run) => entry(run, "waiting")),
  ];
  const known = (run: string) =>
    run === "wf-a" ? { title: "Fix `it` @eve", url: "https://github.test/1" } : null;
  const body = renderQueued({ record: record(), place: { number: 4, behind }, knownOf: known });

  it("says its number and what is before it, and names no run of another repository", () => {
    expect(body).toContain("### 🕒 Queued #4: tidy up");
    expect(body).toContain("[`wf-a`](https://github.test/1) (Fix");
    expect(body).toContain(
      "at work; `wf-b`; `wf-c`; 1 more run of this repository; 1 run of other",
    );
    expect(body).not.toContain("wf-secret");
    expect(body).not.toMatch(/(^|\s)@eve/u);
  });

  it("is found by the run's marker, and known as one that no driver has written to", () => {
    expect(body.startsWith("<!-- fanfold:run=wf-0000000001 -->")).toBe(true);
    expect(body).toContain(queuedMarker);
  });

  it("says that somebody has cancelled it", () => {
    const cancel = { by: { id: 3, login: "eve" }, at: 1 };
    const said = renderQueued({
      record: record({ cancel }),
      place: { number: 1, behind: [] },
      knownOf: known,
    });
    expect(said).toContain("asked for by eve");
  });
});

describe("a driver that finds the comment of a run that waited", () => {
  it("says the end once more where another process had an edit under way", async () => {
    const clock = createManualClock();
    const ref = wakeOf("", 1).repository;
    const github = createMemoryGitHub({ ref, home: openGitHome("/nowhere") });
    const plain = await github.openForge(ref);
    let comment: Comment = { id: 1, url: "u", body: `${queuedMarker} queued`, ours: true };
    const forge: Forge = {
      ...plain,
      findComment: async () => comment,
      editComment: async (_, text) => void (comment = { ...comment, body: text }),
    };
    let now = record({ status: "running" });
    const reporter = openReporter({
      forge,
      clock,
      record: () => now,
      render: () => now.status,
      onWait: () => () => {},
      onMute: (error) => {
        throw error;
      },
    });
    const { signal } = new AbortController();
    await reporter.tell(signal);
    expect(comment.body).toBe("running");
    now = record({ status: "completed" });
    const told = reporter.tell(signal);
    // The other one's last edit arrives late.
    comment = { ...comment, body: "queued #1" };
    await clock.advance(14_000);
    expect(comment.body).toBe("queued #1");
    await clock.advance(1_000);
    await told;
    expect(comment.body).toBe("completed");
  });
});

describe("the comment of a run that waits, where the process stands still before it writes", () => {
  /**
   * A run that is second in the queue and whose comment says something else. `leaving` comes in the moment in which an edit leaves,
   * and to list the refs takes `lookMs` from then on.
   */
  async function openWaiting(leaving: (refs: Map<string, string>) => void, lookMs = 0) {
    let isLeaving = false;
    let stoodMs = 0;
    const manual = createManualClock();
    const clock = { ...manual, now: () => manual.now() + stoodMs };
    const ref = wakeOf("", 1).repository;
    const github = createMemoryGitHub({ ref, home: openGitHome("/nowhere") });
    const plain = await github.openForge(ref);
    const refs = new Map<string, string>();
    const written: string[] = [];
    const comment: Comment = { id: 1, url: "u", body: `${queuedMarker} queued`, ours: true };
    const forge: Forge = {
      ...plain,
      findComment: async () => comment,
      editComment: async (_, text) => {
        leaving(refs);
        isLeaving = true;
        await permitNow()?.();
        written.push(text);
      },
    };
    const queue = createMemoryQueue(clock);
    const id = "wf-0000000001";
    for (const run of ["wf-0000000000", id]) await queue.add(wakeOf(run));
    const folder = runFolder(createMemoryDisk(), id);
    const run = liveRun(folder, { record: record(), script: null, entries: [] });
    const closing = new AbortController();
    const remote: GitRemote = {
      list: async () => {
        const seen = new Map(refs);
        stoodMs += isLeaving ? lookMs : 0;
        return seen;
      },
      fetch: () => Promise.reject(new Error("Nobody fetches.")),
      push: () => Promise.reject(new Error("Nobody pushes.")),
    };
    const world = {
      queue,
      fleet: createMemoryFleet({ clock, rememberedMs: 0, againMs: 0 })(),
      clock,
      log: createMemoryLog(),
      openForge: async () => forge,
      openRemote: async () => remote,
    };
    const state = { house: { world }, runs: new Map([[id, run]]), queued: new Map(), closing };
    await watchPlace(state, run);
    await clock.advance(6_000);
    await vi.waitFor(() => expect(state.queued.get(id)).toBeDefined());
    await new Promise((resolve) => setTimeout(resolve, 50));
    closing.abort(new Error("The test is over."));
    return { written, log: world.log };
  }

  it("is written while nobody drives the run", async () => {
    const { written } = await openWaiting(() => {});
    expect(written).toEqual([expect.stringContaining("Queued #2")]);
  });

  it("is left alone when a driver has taken the run by then", async () => {
    const state = stateRefOf("wf-0000000001");
    const { written, log } = await openWaiting((refs) => void refs.set(state, "0".repeat(40)));
    expect(written).toEqual([]);
    expect(log.lines.map(({ message }) => message)).toContain(
      "could not say that a run waits for a place",
    );
  });

  it("is left alone when the process stood still while it looked", async () => {
    const { written } = await openWaiting(() => {}, 60_000);
    expect(written).toEqual([]);
  });
});
