// What agents at work have said travels in the checkpoint: only what is new, only where it may, and gone when they end.

import { describe, expect, it } from "vitest";

import { limits } from "../../src/config/limits.ts";
import type { Entry } from "../../src/engine/journal.ts";
import { commitCheckpoint, readCheckpoint } from "../../src/runs/checkpoint.ts";
import { hasNews, keepsAgents, type KeptAgents, nextOfAgents } from "../../src/runs/kept-agents.ts";
import { nextLease } from "../../src/runs/lease.ts";
import { openSeal } from "../../src/runs/seal.ts";
import { NO_SEGMENTS } from "../../src/runs/segments.ts";
import type { AgentUnderWay } from "../../src/runs/transcripts.ts";
import { defaultSettings } from "../../src/settings/effective.ts";
import { bareRecord } from "./bare-record.ts";

const seal = openSeal("a secret that is long enough for this", "wf-a");
const record = bareRecord({ status: "running" });
const place = { key: "abc.1", index: 0 };

/** Agents with these lines, and the part of the desk that holds them. */
function transcriptsOf(agents: readonly { request?: string; lines: readonly string[] }[]) {
  const under = agents.map(({ request = "r1", lines }, index) => ({
    place: { ...place, index },
    request,
    turns: lines.length,
  }));
  return {
    underWay: (): AgentUnderWay[] => under,
    linesOf: async ({ index }: { index: number }, from: number) =>
      agents[index]?.lines.slice(from) ?? [],
  };
}

const next = (
  kept: KeptAgents,
  agents: Parameters<typeof transcriptsOf>[0],
  { entries = [], wanted = true }: { entries?: Entry[]; wanted?: boolean } = {},
) => nextOfAgents(kept, { transcripts: transcriptsOf(agents), entries, seal, wanted });

const nothing: KeptAgents = new Map();

/** A mirror that holds one commit. */
function memoryMirror() {
  let files = new Map<string, Uint8Array>();
  return {
    commitFiles: async (commit: {
      files: ReadonlyMap<string, Uint8Array>;
      removed?: readonly string[];
    }) => {
      const isRemoved = (path: string): boolean =>
        (commit.removed ?? []).some((folder) => path.startsWith(`${folder}/`));
      files = new Map([...[...files].filter(([path]) => !isRemoved(path)), ...commit.files]);
      return "commit";
    },
    fetch: async () => "commit",
    readFiles: async () => files,
    files: () => files,
  };
}

const whose = { run: "wf-a", repositoryId: record.repository.repositoryId };
const tickOf = (agents: Awaited<ReturnType<typeof next>>) => ({
  parent: null,
  record,
  script: null,
  entries: [],
  segment: 1,
  journalDigest: NO_SEGMENTS,
  agents,
  lease: nextLease(null, { owner: "folder", process: "process", ttlMs: 60_000, guard: "time" }),
  at: 1,
});

describe("what agents at work have said", () => {
  it("goes into the checkpoint once, and comes out in its order", async () => {
    const mirror = memoryMirror();
    const first = await next(nothing, [{ lines: ["one", "two"] }, { lines: [] }]);
    await commitCheckpoint(mirror, seal, tickOf(first));
    expect(hasNews(first.kept, transcriptsOf([{ lines: ["one", "two"] }]).underWay())).toBe(false);
    const second = await next(first.kept, [{ lines: ["one", "two", "three"] }]);
    expect([...second.files.keys()]).toEqual([expect.stringMatching(/000002$/u)]);
    await commitCheckpoint(mirror, seal, tickOf(second));
    const opened = await readCheckpoint(mirror, seal, whose);
    expect(opened?.agents.lines).toEqual([
      { place, request: "r1", lines: ["one", "two", "three"] },
    ]);
    expect(opened?.agents.kept).toEqual(second.kept);
    const bytes = Buffer.concat([...mirror.files().values()]).toString("latin1");
    expect(bytes).not.toContain("three");
  });

  it("opens without the old key after the next push, but for what that push took out", async () => {
    const mirror = memoryMirror();
    const both = await next(nothing, [{ lines: ["one"] }, { lines: ["other"] }]);
    const outcome = { ok: true as const, value: null };
    const ended: Entry = {
      v: 1,
      kind: "call-ended",
      key: "xyz.1",
      step: "agent",
      outcome,
      record: {},
      at: 1,
    };
    await commitCheckpoint(mirror, seal, { ...tickOf(both), entries: [ended] });
    const newest = "a newer secret that is long enough";
    const changed = openSeal([newest, "a secret that is long enough for this"], "wf-a");
    const read = await readCheckpoint(mirror, changed, whose);
    expect(read?.anew.size).toBe(4);
    const one = await next(read?.agents.kept ?? nothing, [
      { lines: ["one"] },
      { request: "r2", lines: [] },
    ]);
    const { anew = new Map(), journalDigest = "" } = read ?? {};
    const tick = { ...tickOf(one), segment: 2, journalDigest, anew };
    await commitCheckpoint(mirror, changed, tick);
    const later = await readCheckpoint(mirror, openSeal(newest, "wf-a"), whose);
    expect(later?.anew.size).toBe(0);
    expect(later?.entries).toEqual([ended]);
    expect(later?.agents.lines).toEqual([{ place, request: "r1", lines: ["one"] }]);
  });

  it("goes when its call has an outcome, when it began anew, and when it may not be kept", async () => {
    const first = await next(nothing, [{ lines: ["one"] }]);
    const [folder = ""] = first.kept.keys();
    const outcome = { ok: true as const, value: null };
    const ended: Entry = {
      v: 1,
      kind: "call-ended",
      key: place.key,
      step: "agent",
      outcome,
      record: {},
      at: 1,
    };
    const others = [
      await next(first.kept, [], { entries: [ended] }),
      await next(first.kept, [{ request: "r2", lines: ["other"] }]),
      await next(first.kept, [{ lines: ["one"] }], { wanted: false }),
    ];
    for (const { removed, kept } of others) {
      expect(removed).toEqual([folder]);
      expect(kept.has(folder)).toBe(false);
    }
    // One that nobody has asked for again yet, after a restart, stays.
    expect((await next(first.kept, [])).kept).toEqual(first.kept);
  });

  it("has a size beyond which nothing more of an agent is kept", async () => {
    const large = "x".repeat(limits.publish.transcriptChars - 4);
    const agents = [{ lines: ["short", large, "more"] }];
    const { kept, files } = await next(nothing, agents);
    expect([...kept.values()].map(({ turns }) => turns)).toEqual([1]);
    expect(files.size).toBe(1);
    expect(hasNews(kept, transcriptsOf(agents).underWay())).toBe(false);
    expect((await next(kept, agents)).files.size).toBe(0);
  });

  it.each(["changed", "removed"] as const)("that somebody %s is refused", async (how) => {
    const mirror = memoryMirror();
    await commitCheckpoint(mirror, seal, tickOf(await next(nothing, [{ lines: ["one"] }])));
    const files = mirror.files();
    const [path = ""] = [...files.keys()].filter((each) => each.startsWith("agents/"));
    if (how === "removed") files.delete(path);
    else files.set(path, seal.seal(path, Buffer.from("another sealed one")));
    await expect(readCheckpoint(mirror, seal, whose)).rejects.toThrow(/somebody changed it/u);
  });

  it.each([
    ["private", true, true],
    ["private", false, false],
    ["always", false, true],
    ["never", true, false],
  ] as const)(
    "with transcripts: %s and private: %s is kept: %s",
    (transcripts, isPrivate, kept) => {
      const settings = { ...defaultSettings, transcripts };
      expect(keepsAgents({ ...record, settings, isPrivate })).toBe(kept);
      expect(keepsAgents({ ...record, settings, isPrivate, status: "completed" })).toBe(false);
    },
  );
});
