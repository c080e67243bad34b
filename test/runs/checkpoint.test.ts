// A checkpoint that somebody tampered with, cut or copied is refused, and the refusal says what to do.

import { describe, expect, it } from "vitest";

import type { Entry } from "../../src/engine/journal.ts";
import { commitCheckpoint, readCheckpoint } from "../../src/runs/checkpoint.ts";
import { nextLease } from "../../src/runs/lease.ts";
import { openSeal, type Secret } from "../../src/runs/seal.ts";
import { NO_SEGMENTS } from "../../src/runs/segments.ts";
import { bareRecord } from "./bare-record.ts";

const SECRET = "a secret that is long enough for this";
const NEWER = "another secret that is long enough, too";
const record = bareRecord({ status: "running" });
const whose = { run: "wf-a", repositoryId: record.repository.repositoryId };
const holder = { owner: "folder", process: "process", ttlMs: 60_000, guard: "time" } as const;

const started = (key: string): Entry => ({
  v: 1,
  kind: "call-started",
  key,
  step: "agent",
  label: null,
  phase: null,
  at: 1,
});

/** A run's tree with two pushes, each with a segment, sealed with these keys. */
async function pushed([first, second]: readonly [Secret, Secret] = [SECRET, SECRET]) {
  const files = new Map<string, Uint8Array>();
  const mirror = {
    commitFiles: async (commit: { files: ReadonlyMap<string, Uint8Array> }) => {
      for (const [path, bytes] of commit.files) files.set(path, bytes);
      return "commit";
    },
    fetch: async () => "commit",
    readFiles: async () => files,
  };
  let journalDigest = NO_SEGMENTS;
  for (const [index, secret] of [first, second].entries()) {
    const made = await commitCheckpoint(mirror, openSeal(secret, "wf-a"), {
      parent: null,
      record,
      script: "return 1",
      entries: [started(`call.${index}`)],
      segment: index + 1,
      journalDigest,
      agents: { files: new Map(), removed: [], kept: new Map() },
      lease: nextLease(null, holder),
      at: 1,
    });
    ({ journalDigest } = made);
  }
  const read = (secret: Secret = SECRET) => readCheckpoint(mirror, openSeal(secret, "wf-a"), whose);
  return { files, read };
}

const cut = (bytes: Uint8Array | undefined): Uint8Array => (bytes ?? new Uint8Array()).slice(0, -3);

describe("a checkpoint", () => {
  it("is read as it was written", async () => {
    const { read } = await pushed();
    expect(await read()).toMatchObject({
      record,
      script: "return 1",
      entries: [started("call.0"), started("call.1")],
      segments: 2,
    });
  });

  const RESTORE =
    "git log --oneline FETCH_HEAD.*more than one, `git push --force origin FETCH_HEAD~1:refs";
  const CHANGED = new RegExp(`somebody changed it\\. Nothing of it was used\\..*${RESTORE}`, "su");
  it.each<[string, (files: Map<string, Uint8Array>) => unknown, RegExp]>([
    ["whose record was changed", (files) => files.set("run.json", Buffer.from("{}")), CHANGED],
    ["whose record is gone", (files) => files.delete("run.json"), CHANGED],
    ["whose script was changed", (files) => files.set("script.js", Buffer.from("evil")), CHANGED],
    ["whose script is gone", (files) => files.delete("script.js"), CHANGED],
    ["whose manifest is gone", (files) => files.delete("manifest"), /has no manifest.*git push/su],
    [
      "whose manifest was cut",
      (files) => files.set("manifest", cut(files.get("manifest"))),
      /another key, or somebody changed it\. Set FANFOLD_CHECKPOINT_KEY.*Only if that is the key already.*git push/su,
    ],
    [
      "whose manifest is empty",
      (files) => files.set("manifest", new Uint8Array()),
      /cannot be opened.*at manifest is not sealed.*Only if no newer version.*git push/su,
    ],
    [
      "a segment of which was cut",
      (files) => files.set("journal/000001", cut(files.get("journal/000001"))),
      CHANGED,
    ],
    [
      "a segment of which is gone",
      (files) => files.delete("journal/000001"),
      /holds 1: somebody cut it\..*git push/su,
    ],
    [
      "with one more segment",
      (files) => files.set("journal/000003", files.get("journal/000002") ?? new Uint8Array()),
      /should hold 2 journal segments and holds 3: somebody added to it\./u,
    ],
  ])("%s is refused", async (_, tamper, says) => {
    const { files, read } = await pushed();
    tamper(files);
    await expect(read()).rejects.toThrow(says);
  });

  it("into which an authentic segment of another state of it was put is refused", async () => {
    const [one, other] = [await pushed(), await pushed()];
    one.files.set("journal/000001", other.files.get("journal/000001") ?? new Uint8Array());
    await expect(one.read()).rejects.toThrow(CHANGED);
  });

  it("that was written under two keys is opened with both, and says which of them is missing", async () => {
    const { read } = await pushed([SECRET, [NEWER, SECRET]]);
    expect(await read([NEWER, SECRET])).toMatchObject({ segments: 2 });
    await expect(read(NEWER)).rejects.toThrow(
      /journal\/000001 .* as Fanfold wrote it, with an older key.*behind the new one/su,
    );
    await expect(read(SECRET)).rejects.toThrow(/another key, or somebody changed it/u);
  });

  it("says nothing of what is in it to whoever has another key", async () => {
    const { read } = await pushed();
    await expect(read(NEWER)).rejects.toThrow(/FANFOLD_CHECKPOINT_KEY/u);
  });

  it("speaks of the key before anything to push, and of no bot to start", async () => {
    const { files, read } = await pushed();
    const said = await read(NEWER).catch(String);
    expect(said).toMatch(/^[^`]*Set FANFOLD_CHECKPOINT_KEY[^`]*Only if that is the key already/u);
    expect(said).not.toContain("Start the bot");
    // Older checkpoints do not say which segments are theirs.
    const seal = openSeal(NEWER, "wf-a");
    const manifest = JSON.parse(
      Buffer.from(
        openSeal(SECRET, "wf-a").open("manifest", files.get("manifest") ?? cut(undefined)),
      ).toString(),
    );
    const unbound = JSON.stringify({ ...manifest, journalDigest: null });
    files.set("manifest", seal.seal("manifest", Buffer.from(unbound)));
    const older = await read(NEWER).catch(String);
    expect(older).toMatch(
      /^[^`]*Its journal\/000001 was sealed with another key[^`]*Set FANFOLD_CHECKPOINT_KEY[^`]*Only if/u,
    );
  });

  it("that was copied from another repository is refused", async () => {
    const { files } = await pushed();
    const mirror = { fetch: async () => "commit", readFiles: async () => files };
    const elsewhere = { ...whose, repositoryId: whose.repositoryId + 1 };
    await expect(readCheckpoint(mirror, openSeal(SECRET, "wf-a"), elsewhere)).rejects.toThrow(
      /belongs to another repository/u,
    );
  });
});
