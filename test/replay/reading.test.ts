// Where an ended run is read from: what is spoiled, cut or newer says so in a sentence, and what is further along counts.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { openFolderDisk } from "../../src/outside/disk.ts";
import { furthest } from "../../src/replay/furthest.ts";
import { openKept } from "../../src/replay/in-repository.ts";
import { CannotReplay, type KeptRun, runOnDisk } from "../../src/replay/kept-run.ts";
import { digestOf } from "../../src/runs/kept-agents.ts";
import { openSeal } from "../../src/runs/seal.ts";
import type { Disk } from "../../src/world/disk.ts";
import { completed, ofHouse } from "./lived.ts";

const { id } = completed;
const SECRET = "a secret that is long enough for this";

let dir = "";
let disk: Disk;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "fanfold-"));
  disk = openFolderDisk(dir);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** A checkpoint as its writer sealed it, with this for a record and a journal, and this beside in its manifest. */
function sealed(
  text: string,
  { journal = null, beside = {} }: { journal?: string | null; beside?: object } = {},
): Map<string, Uint8Array> {
  const seal = openSeal(SECRET, id);
  const digests = { "run.json": digestOf(Buffer.from(text)) };
  const said = { digests, segments: journal === null ? 0 : 1, ...beside };
  const files = new Map<string, Uint8Array>([
    ["run.json", Buffer.from(text)],
    ["manifest", seal.seal("manifest", Buffer.from(JSON.stringify(said)))],
  ]);
  const path = "journal/000001";
  return journal === null ? files : files.set(path, seal.seal(path, Buffer.from(journal)));
}

const opened = (files: ReadonlyMap<string, Uint8Array>): Promise<KeptRun | null> =>
  openKept(id, SECRET, { commit: "0".repeat(40), files, repositoryId: null });

async function complaintOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CannotReplay);
  return error instanceof Error ? error.message : "";
}

describe("a checkpoint in a clone", () => {
  const whole = JSON.stringify(completed);

  it("is believed when it is as its writer sealed it", async () => {
    expect(await opened(sealed(whole))).toMatchObject({ record: completed });
  });

  it("is told to be changed before anything of it is read", async () => {
    const cut = sealed(whole).set("run.json", Buffer.from(whole.slice(0, 40)));
    expect(await complaintOf(opened(cut))).toContain("somebody changed it");
    const other = whole.replace('"v":1', '"v":2');
    const changed = sealed(whole).set("run.json", Buffer.from(other));
    expect(await complaintOf(opened(changed))).toContain("somebody changed it");
    const missing = sealed(whole);
    missing.delete("run.json");
    expect(await complaintOf(opened(missing))).toContain("somebody changed it");
  });

  it("of a newer version says which to start", async () => {
    const newer = await complaintOf(opened(sealed(whole.replace('"v":1', '"v":2'))));
    expect(newer).toContain("written by a newer Fanfold (format 2");
  });

  it("of a newer version whose record looks like ours says so as well", async () => {
    const entry = JSON.stringify({ ...ofHouse("finish:report"), v: 2 });
    const journal = await complaintOf(opened(sealed(whole, { journal: `${entry}\n` })));
    expect(journal).toBe(
      "The run was written by a newer Fanfold (journal format 2; this one knows 1). It is left as it is, and nothing is lost. Start the newer version to go on with it.",
    );
    const manifest = await complaintOf(opened(sealed(whole, { beside: { v: 2 } })));
    expect(manifest).toContain("written by a newer Fanfold (checkpoint format 2; this one");
  });

  it("whose journal is spoiled speaks of no folder", async () => {
    const spoiled = await complaintOf(opened(sealed(whole, { journal: "{}\n" })));
    expect(spoiled).toContain("Line 1 of the journal does not parse.");
    expect(spoiled).toContain("git fetch origin");
    expect(spoiled).not.toContain("folder");
  });

  it("that does not hold a run says what to fetch", async () => {
    const odd = await complaintOf(opened(sealed('{"v":1}')));
    expect(odd).toContain("is not in the form in which Fanfold writes it");
    expect(odd).toContain("git fetch origin");
  });
});

describe("a run's folder", () => {
  const torn = `${JSON.stringify(ofHouse("finish:report"))}\n{"v":1,"kind":"call-en`;

  it("is read without its torn last line, which stays for whoever writes it", async () => {
    await disk.replace(`runs/${id}/run.json`, JSON.stringify(completed));
    await disk.replace(`runs/${id}/journal.jsonl`, torn);
    const readOnly: Disk = {
      ...disk,
      truncate: () => Promise.reject(new Error("EROFS: read-only file system")),
    };
    const run = await (await runOnDisk(readOnly, id))?.read();
    expect(run?.entries).toHaveLength(1);
    expect((await disk.read(`runs/${id}/journal.jsonl`))?.toString()).toBe(torn);
  });

  it("that is spoiled says so, and what to do", async () => {
    await disk.replace(`runs/${id}/journal.jsonl`, "{}\n");
    const line = await complaintOf(runOnDisk(disk, id).then((run) => run?.read()));
    expect(line).toContain("Line 1 of the journal does not parse");
    expect(line).toContain("Bring its folder back from a back-up");
    for (const text of ['{"v":1', "{}", "null"]) {
      await disk.replace(`runs/${id}/run.json`, text);
      const complaint = await complaintOf(runOnDisk(disk, id));
      expect(complaint).toContain(`The folder of run ${id} cannot be read.`);
      expect(complaint).toContain("Bring its folder back from a back-up");
    }
    await disk.replace(`runs/${id}/run.json`, JSON.stringify({ ...completed, v: 2 }));
    expect(await complaintOf(runOnDisk(disk, id))).toContain("a newer Fanfold");
  });
});

describe("a run that this disk knows and a checkpoint as well", () => {
  const there: KeptRun = { record: completed, script: "there", entries: [] };
  const alive = { ...completed, status: "waiting" as const, endedAt: null, endTold: false };
  const here = (record: KeptRun["record"]) => ({
    record,
    read: async () => ({ record, script: "here", entries: [] }),
  });
  const never = () => Promise.reject(new Error("Nobody may ask."));
  const untouched = (record: KeptRun["record"]) => ({ record, read: never });

  it("has ended where another machine ended it", async () => {
    const found = await furthest(untouched(alive), async () => there);
    expect(found).toEqual({ kind: "ended", run: there });
  });

  it("has the end that people were told", async () => {
    const unheard = { ...completed, status: "failed" as const, endTold: false };
    expect(await furthest(here(unheard), async () => there)).toMatchObject({ run: there });
    const mine = await furthest(here(completed), never);
    expect(mine).toMatchObject({ kind: "ended", run: { script: "here" } });
    expect(await furthest(here(unheard), async () => null)).toMatchObject({ kind: "ended" });
  });

  it("is left alone while nobody knows of its end", async () => {
    const running = { ...there, record: alive };
    const found = { kind: "alive", status: "waiting" };
    expect(await furthest(untouched(alive), async () => running)).toEqual(found);
    expect(await furthest(untouched(alive), async () => null)).toEqual(found);
    expect(await furthest(null, async () => null)).toBeNull();
  });
});
