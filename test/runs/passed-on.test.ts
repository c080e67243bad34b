// What is said to a machine that does not drive a run reaches the one that does, and nobody else can say it.

import { describe, expect, it } from "vitest";

import { createMemoryDisk } from "../../src/outside/memory/disk.ts";
import { createMemoryLog } from "../../src/outside/memory/log.ts";
import { createManualClock } from "../../src/outside/memory/clock.ts";
import { liveRun, type LiveRun } from "../../src/runs/live.ts";
import { openPacer } from "../../src/runs/pacer.ts";
import { hear, type Heard, passOn, type Post, saidRefsOf } from "../../src/runs/passed-on.ts";
import type { Secret } from "../../src/runs/seal.ts";
import { runFolder } from "../../src/runs/store.ts";
import { Hub } from "../simulation/git/hub.ts";
import { openMemoryMirror } from "../simulation/git/mirror.ts";
import { Objects } from "../simulation/git/objects.ts";
import { bareRecord } from "./bare-record.ts";

const { signal } = new AbortController();
const ada = { id: 1, login: "ada" };
const record = bareRecord();

interface Machine {
  post: Post;
  run: LiveRun;
  log: ReturnType<typeof createMemoryLog>;
}

function machine(
  hub: Hub,
  { owner, secret = "the secret of this bot" }: { owner: string; secret?: Secret },
): Machine {
  const clock = createManualClock();
  const log = createMemoryLog();
  const objects = new Objects();
  const mirror = openMemoryMirror(objects, {
    list: async (prefix) => hub.list(prefix),
    fetch: async (source) => {
      const oid = hub.refs.get(source) ?? null;
      if (oid !== null) objects.take(hub.objects, oid);
      return oid;
    },
    push: async (updates) => hub.push(objects, updates),
  });
  const pacer = openPacer(clock);
  const post: Post = {
    settings: { checkpointSecret: secret },
    world: { clock, log },
    holder: async () => ({ owner, process: owner, ttlMs: 60_000, guard: "time" as const }),
    site: async () => ({ mirror, pacer, policy: { refsPerPush: null } }),
  };
  const folder = runFolder(createMemoryDisk(), "wf-a");
  return { post, log, run: liveRun(folder, { record, script: null, entries: [] }) };
}

const cancel = { by: ada, at: 5 };

describe("what was said to another machine", () => {
  it("is heard by the run's driver, once", async () => {
    const hub = new Hub();
    const [front, driver] = [machine(hub, { owner: "b" }), machine(hub, { owner: "a" })];
    await front.run.update({ cancel });
    await passOn(front.post, { run: front.run, there: record }, signal);
    const heard: Heard = new Map();
    const listen = () => hear(driver.post, { run: driver.run, heard }, signal);
    expect(await listen()).toBe(true);
    expect(driver.run.record().cancel).toEqual(cancel);
    expect(await listen()).toBe(false);
  });

  it("is passed on once, and nothing when nothing was said", async () => {
    const hub = new Hub();
    const { post, run } = machine(hub, { owner: "b" });
    const refs = () => [...hub.list(saidRefsOf("wf-a")).values()];
    await passOn(post, { run, there: record }, signal);
    expect(refs()).toEqual([]);
    await run.update({ cancel });
    await passOn(post, { run, there: record }, signal);
    const [first] = refs();
    expect(first).toBeDefined();
    await passOn(post, { run, there: record }, signal);
    expect(refs()).toEqual([first]);
  });

  it("is heard by a driver that knows the newest key alone, whatever stood there before", async () => {
    const hub = new Hub();
    const before = machine(hub, { owner: "b" });
    await before.run.update({ cancel });
    await passOn(before.post, { run: before.run, there: record }, signal);
    const [first] = hub.list(saidRefsOf("wf-a")).values();
    const newest = "the next secret of this bot";
    for (const secret of [newest, [newest, "the secret of this bot"] as const]) {
      const front = machine(hub, { owner: "b", secret });
      await front.run.update({ cancel });
      if (first !== undefined) hub.move(`${saidRefsOf("wf-a")}b`, first);
      await passOn(front.post, { run: front.run, there: record }, signal);
      const driver = machine(hub, { owner: "a", secret: newest });
      expect(await hear(driver.post, { run: driver.run, heard: new Map() }, signal)).toBe(true);
      expect(driver.run.record().cancel).toEqual(cancel);
    }
  });

  it("is not believed without the bot's key", async () => {
    const hub = new Hub();
    const stranger = machine(hub, { owner: "b", secret: "another secret of another bot" });
    const driver = machine(hub, { owner: "a" });
    await stranger.run.update({ cancel });
    await passOn(stranger.post, { run: stranger.run, there: record }, signal);
    expect(await hear(driver.post, { run: driver.run, heard: new Map() }, signal)).toBe(false);
    expect(driver.run.record().cancel).toBeNull();
    expect(driver.log.lines.map(({ message }) => message)).toEqual([
      "what stands there is not of this bot",
    ]);
  });
});
