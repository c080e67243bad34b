// Runs that earlier versions left are read by this one: gone through to their end, and gone on with from wherever they stood.

import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import { openInProcessSandbox } from "../../src/engine/sandbox/in-process.ts";
import { openFolderDisk } from "../../src/outside/disk.ts";
import type { Snapshot } from "../../src/repo/contract.ts";
import { type KeptRun, runOnDisk } from "../../src/replay/kept-run.ts";
import { type Hands, replayRun } from "../../src/replay/replay.ts";
import { readCheckpoint } from "../../src/runs/checkpoint.ts";
import { toLines } from "../../src/runs/journal-file.ts";
import { digestOf } from "../../src/runs/kept-agents.ts";
import { NewerRun } from "../../src/runs/older-records.ts";
import { RunRecord } from "../../src/runs/record.ts";
import { openSeal } from "../../src/runs/seal.ts";
import { Hub } from "../simulation/git/hub.ts";
import { openMemoryMirror } from "../simulation/git/mirror.ts";
import { Objects } from "../simulation/git/objects.ts";

/** Each made by running the same story with the code of its time: a folder is what stood in `runs/` of the data folder. */
const root = fileURLToPath(new URL("journals/", import.meta.url));
const versions = readdirSync(root).toSorted();
/** In it what was not said of a review was part of its name: those answers cannot be found any more, and it says so. */
const STRANGER = "1-begun";
const readable = versions.filter((version) => version !== STRANGER);

async function runOf(version: string): Promise<KeptRun> {
  const disk = openFolderDisk(root);
  const run = await runOnDisk(
    { ...disk, read: (path) => disk.read(path.replace("runs/", "")) },
    version,
  );
  if (run === null) throw new Error(`There is no run ${version}.`);
  return await run.read();
}

/** The repository of then, as far as the script reads it. */
const snapshot: Snapshot = {
  commit: "0".repeat(40),
  paths: async () => ["README.md"],
  read: async () => null,
  search: async () => ({ hits: [], cut: false }),
  entries: async () => [],
};
const hands: Hands = {
  openSandbox: () => openInProcessSandbox(),
  reading: { kind: "here", snapshot, diffFrom: async () => [] },
};

describe("a run of an earlier version", () => {
  it.each(readable)("comes to its end again: %s", async (version) => {
    const run = await runOf(version);
    expect(run.record.said).toEqual({ kind: "comment", id: 1001 });
    const { kind, calls } = await replayRun(run, hands);
    expect({ kind, calls }).toEqual({ kind: "same", calls: 12 });
  });

  it.each(readable)("is gone on with from wherever it stood: %s", async (version) => {
    const run = await runOf(version);
    const kinds = new Set<string>();
    const record: RunRecord = { ...run.record, status: "running" };
    for (let known = 0; known < run.entries.length; known += 1) {
      const entries = run.entries.slice(0, known);
      const { kind, why } = await replayRun({ ...run, record, entries }, hands);
      expect({ known, kind, why }).not.toMatchObject({ kind: "other" });
      kinds.add(kind);
    }
    expect([...kinds].toSorted()).toEqual(["same", "stopped"]);
  });

  it("that names its calls otherwise is not guessed at, and says where it ends", async () => {
    const { kind, why } = await replayRun(await runOf(STRANGER), hands);
    expect(kind).toBe("other");
    expect(why).toMatch(/^The journal holds an outcome \(review .*\) that is not asked for now\./u);
    expect(why).toContain("Nothing new was performed.");
  });

  it("is told from another run's: a journal that does not belong to the script is no end", async () => {
    const run = await runOf(readable[0] ?? "");
    const script = (run.script ?? "").replace("What are numbers?", "What are letters?");
    expect((await replayRun({ ...run, script }, hands)).kind).toBe("other");
  });
});

describe("a run on a pull request", () => {
  it("is not told to be another one for want of what the pull request changed", async () => {
    const { record } = await runOf(readable.at(-1) ?? "");
    const script = "export const meta = { name: 'a', description: 'b' }\nreturn await repo.diff()";
    const run = { record: { ...record, isPullRequest: true }, script, entries: [] };
    const { kind, why } = await replayRun(run, hands);
    expect(kind).toBe("unread");
    expect(why).toContain("did not write down where that began");
  });

  it("sees nothing changed where its branches shared no commit", async () => {
    const { record } = await runOf(readable.at(-1) ?? "");
    const script =
      "export const meta = { name: 'a', description: 'b' }\nreturn (await repo.diff()).length";
    const base = record.base && { ...record.base, diffFrom: null };
    const run = { record: { ...record, base, isPullRequest: true }, script, entries: [] };
    expect((await replayRun(run, hands)).kind).not.toBe("unread");
  });
});

describe("a checkpoint of before there were leases and agents in it", () => {
  it("is read, and anybody may drive its run at once", async () => {
    const { record, script, entries } = await runOf("1-begun");
    const { id } = record;
    const seal = openSeal("a secret that is long enough for this", id);
    const files = new Map<string, Uint8Array>([
      ["run.json", Buffer.from(JSON.stringify(record))],
      ["script.js", Buffer.from(script ?? "")],
    ]);
    const digests = Object.fromEntries([...files].map(([path, bytes]) => [path, digestOf(bytes)]));
    const manifest = Buffer.from(JSON.stringify({ digests, segments: 1 }));
    const segment = "journal/000001";
    const hub = new Hub();
    const objects = new Objects();
    const mirror = openMemoryMirror(objects, {
      list: async (prefix) => hub.list(prefix),
      fetch: async (ref) => hub.refs.get(ref) ?? null,
      push: async (updates) => hub.push(objects, updates),
    });
    const commit = await mirror.commitFiles({
      parent: null,
      files: new Map([
        ...files,
        [segment, seal.seal(segment, toLines(entries))],
        ["manifest", seal.seal("manifest", manifest)],
      ]),
      message: "Then",
      author: { name: "fanfold", email: "checkpoint@fanfold.invalid" },
      at: 0,
    });
    await mirror.push([{ ref: `refs/fanfold/runs/${id}/state`, from: null, to: commit }]);
    const read = await readCheckpoint(mirror, seal, { run: id, repositoryId: 1 });
    expect(read).toMatchObject({ lease: null, record, script, segments: 1 });
    expect(read?.entries).toEqual(entries);
  });
});

describe("a run of a later version", () => {
  it("is left as it is, and says so", async () => {
    const { record } = await runOf(versions.at(-1) ?? "");
    expect(() => RunRecord.parse({ ...record, v: 2 })).toThrow(NewerRun);
  });
});
