// Two processes and one run: whoever lost it writes nothing more, neither to git nor to GitHub.

import { describe, expect, it } from "vitest";

import { createManualClock, type ManualClock } from "../../src/outside/memory/clock.ts";
import { createMemoryGitHub } from "../../src/outside/memory/forge.ts";
import { type Checkpoint, readCheckpoint } from "../../src/runs/checkpoint.ts";
import { fenceForge, lookWhenListed } from "../../src/runs/fence.ts";
import { Fenced, type Lease } from "../../src/runs/lease.ts";
import { openPacer } from "../../src/runs/pacer.ts";
import { openPublisher, type Publisher } from "../../src/runs/publisher.ts";
import type { PushedState } from "../../src/runs/publisher-world.ts";
import { openSeal } from "../../src/runs/seal.ts";
import { type RefUpdate, RemoteError } from "../../src/repo/remote.ts";
import { forgeReads } from "../contracts/forge-reads.ts";
import { Hub } from "../simulation/git/hub.ts";
import { openMemoryMirror } from "../simulation/git/mirror.ts";
import { Objects } from "../simulation/git/objects.ts";
import { bareRecord } from "./bare-record.ts";
import { acting } from "../../src/world/permit.ts";

const TTL_MS = 60_000;
const ref = { installationId: 1, repositoryId: 2, owner: "o", name: "r" };
const seal = openSeal("a secret that is long enough for this", "wf-a");
const { signal } = new AbortController();

/** What meets pushes of one driver before they arrive. */
type OnPush = (updates: readonly RefUpdate[]) => Promise<void>;

interface Hands {
  name: string;
  onPush?: OnPush;
  refsPerPush?: number | null;
  /** What the driver before had moved ahead of its checkpoint. */
  moving?: Lease["moving"];
}

/** What a driver knows of the remote that took the run up there. */
const pushedOf = (
  hub: Hub,
  known: Checkpoint | null,
  moving: Lease["moving"] = {},
): PushedState => ({
  refs: new Map(hub.list("refs/heads/fanfold/")),
  state: known?.commit ?? null,
  segments: 0,
  journalDigest: known?.journalDigest ?? "",
  entries: 0,
  agents: new Map(),
  record: known?.record ?? null,
  script: null,
  lease: known?.lease == null ? null : { ...known.lease, moving },
  anew: known?.anew ?? new Map(),
  leftAlone: new Set(),
  gone: new Set(),
});

/** A driver with a disk of its own, and the run as it stands on GitHub by then. */
async function driver(hub: Hub, clock: ManualClock, named: string | Hands) {
  const hands = typeof named === "string" ? { name: named } : named;
  const { name, onPush, refsPerPush = null, moving } = hands;
  let record = bareRecord();
  const objects = new Objects();
  const mirror = openMemoryMirror(objects, {
    list: async (prefix) => hub.list(prefix),
    fetch: async (source) => {
      const oid = hub.refs.get(source) ?? null;
      if (oid !== null) objects.take(hub.objects, oid);
      return oid;
    },
    push: async (updates) => {
      await onPush?.(updates);
      return hub.push(objects, updates);
    },
  });
  const whose = { run: "wf-a", repositoryId: 2 };
  const look = (): Promise<Checkpoint | null> => readCheckpoint(mirror, seal, whose);
  const known = await look();
  const publisher = openPublisher({
    mirror,
    seal,
    clock,
    pacer: openPacer(clock),
    policy: { refsPerPush },
    effects: {
      pulls: new Map(),
      isPosted: () => true,
      apply: () => Promise.resolve(),
      settle: () => Promise.resolve(),
    },
    source: {
      record: () => record,
      script: () => null,
      entries: () => [],
      folder: { transcripts: { underWay: () => [], linesOf: async () => [] } },
    },
    holder: { owner: name, process: name, ttlMs: TTL_MS, guard: "time" },
    known: pushedOf(hub, known, moving),
    onWait: () => () => {},
    onLeftAlone: (moved) => expect.unreachable(moved),
  });
  const change = (detail: string): void => void (record = { ...record, statusDetail: detail });
  return { publisher, look, change };
}

const withTime = <T>(clock: ManualClock, work: Promise<T>): Promise<T> => clock.during(work, 1_000);

describe("a run on two machines", () => {
  it("goes to one of two that take it at once, and to the other only after that", async () => {
    const [hub, clock] = [new Hub(), createManualClock()];
    const [one, two] = [await driver(hub, clock, "one"), await driver(hub, clock, "two")];
    await one.publisher.take(signal);
    await expect(two.publisher.take(signal)).rejects.toThrow(Fenced);
    expect((await one.look())?.lease).toMatchObject({ epoch: 1, owner: "one", isReleased: false });
    const three = await driver(hub, clock, "three");
    await three.publisher.take(signal);
    expect((await three.look())?.lease).toMatchObject({ epoch: 2, owner: "three" });
    // The first one has something to say, and does not get to say it.
    one.change("it went on");
    const head = hub.refs.get("refs/fanfold/runs/wf-a/state");
    await expect(withTime(clock, one.publisher.tick(signal))).rejects.toThrow(Fenced);
    await expect(one.publisher.release(signal)).rejects.toThrow(Fenced);
    await expect(one.publisher.prove()).rejects.toThrow(Fenced);
    expect(one.publisher.isFenced()).toBe(true);
    expect(hub.refs.get("refs/fanfold/runs/wf-a/state")).toBe(head);
  });

  it("is let go of with what is new, so that the next one need not wait", async () => {
    const [hub, clock] = [new Hub(), createManualClock()];
    const one = await driver(hub, clock, "one");
    await one.publisher.take(signal);
    one.change("it was stopped");
    await one.publisher.release(signal, { endTold: true });
    expect(await one.look()).toMatchObject({
      record: { statusDetail: "it was stopped", endTold: true },
      lease: { epoch: 1, isReleased: true, isAtRest: false },
    });
  });

  it("says so when it waits for people, who were told", async () => {
    const [hub, clock] = [new Hub(), createManualClock()];
    const one = await driver(hub, clock, "one");
    await one.publisher.take(signal);
    await one.publisher.leaveAtRest(signal);
    expect((await one.look())?.lease).toMatchObject({ isReleased: true, isAtRest: true });
    // Whoever goes on with it has told nobody of anything yet.
    const two = await driver(hub, clock, "two");
    await two.publisher.take(signal);
    expect((await two.look())?.lease).toMatchObject({ isReleased: false, isAtRest: false });
  });
});

describe("a driver that was away for a while", () => {
  it("pushes nothing when the queue may have handed its run to another one, who did not move it yet", async () => {
    const [hub, clock] = [new Hub(), createManualClock()];
    const one = await driver(hub, clock, "one");
    await one.publisher.take(signal);
    const head = hub.refs.get("refs/fanfold/runs/wf-a/state");
    one.change("it went on");
    const lost = () => Promise.reject(new Error("The lock is lost."));
    const pushing = acting(lost, () => withTime(clock, one.publisher.tick(signal)));
    await expect(pushing).rejects.toThrow(Fenced);
    expect(hub.refs.get("refs/fanfold/runs/wf-a/state")).toBe(head);
    expect(one.publisher.isFenced()).toBe(true);
  });

  const pushesOf = (hub: Hub): number => {
    const head = hub.refs.get("refs/fanfold/runs/wf-a/state");
    return head === undefined ? 0 : hub.objects.history(head).size;
  };

  it("proves by a push that the run is its own before it writes to GitHub, and only then", async () => {
    const [hub, clock] = [new Hub(), createManualClock()];
    const { publisher } = await driver(hub, clock, "one");
    await publisher.take(signal);
    await publisher.prove();
    expect(pushesOf(hub)).toBe(1);
    await clock.advance(TTL_MS / 2);
    await publisher.prove();
    expect(pushesOf(hub)).toBe(2);
  });

  it("does not try a branch again, where it goes alone, before it has proved that the run is its own", async () => {
    const [hub, clock] = [new Hub(), createManualClock()];
    const stray = "refs/heads/fanfold/wf-a/stray";
    const oid = hub.commitFiles("fanfold/wf-a/stray", { "a.txt": "a" }, 0);
    const dead = await driver(hub, clock, "dead");
    await dead.publisher.take(signal);
    const sent: string[] = [];
    const away = { ms: 0 };
    const late = { ...clock, monotonic: () => clock.monotonic() + away.ms };
    const one = await driver(hub, late, {
      name: "one",
      refsPerPush: 1,
      moving: { [stray]: oid },
      onPush: async ([{ ref: moved } = { ref: "" }]) => {
        sent.push(moved);
        if (sent.length !== 3) return;
        // The host hung up, and the machine stood still meanwhile: another one took the run.
        away.ms = 10 * TTL_MS;
        await (await driver(hub, clock, "two")).publisher.take(signal);
        throw new RemoteError("The remote hung up.", { transient: true });
      },
    });
    await one.publisher.take(signal);
    await expect(withTime(clock, one.publisher.tick(signal))).rejects.toThrow(Fenced);
    const state = "refs/fanfold/runs/wf-a/state";
    expect(sent).toEqual([state, state, stray, state]);
    expect(hub.refs.get(stray)).toBe(oid);
  });

  it("does not move a branch that goes alone once the queue may have handed its run to another one", async () => {
    const [hub, clock] = [new Hub(), createManualClock()];
    const stray = "refs/heads/fanfold/wf-a/stray";
    const oid = hub.commitFiles("fanfold/wf-a/stray", { "a.txt": "a" }, 0);
    const dead = await driver(hub, clock, "dead");
    await dead.publisher.take(signal);
    let isHeld = true;
    let pushes = 0;
    const one = await driver(hub, clock, {
      name: "one",
      refsPerPush: 1,
      moving: { [stray]: oid },
      // The lock is lost just after the checkpoint went ahead of its branch, long before the lease is over.
      onPush: async () => void (isHeld = ++pushes < 2),
    });
    const prove = async (): Promise<void> => {
      if (!isHeld) throw new Error("The lock is lost.");
    };
    await one.publisher.take(signal);
    const ticking = acting(prove, () => withTime(clock, one.publisher.tick(signal)));
    await expect(ticking).rejects.toThrow(Fenced);
    expect(pushes).toBe(2);
    expect(hub.refs.get(stray)).toBe(oid);
  });

  it("trusts neither a clock that stood still nor one that was set back", async () => {
    const [hub, clock] = [new Hub(), createManualClock()];
    const shifted = { ms: 0 };
    const asleep = { ...clock, monotonic: () => 0 };
    const setBack = { ...clock, now: () => clock.now() - shifted.ms };
    for (const odd of [asleep, setBack]) {
      const { publisher } = await driver(hub, odd, "one");
      await publisher.take(signal);
      const before = pushesOf(hub);
      shifted.ms = 10 * TTL_MS;
      await clock.advance(TTL_MS);
      await withTime(clock, publisher.prove());
      expect(pushesOf(hub)).toBe(before + 1);
    }
  });

  it("keeps its run while nothing is new, with a push in a third of the lease's time", async () => {
    const [hub, clock] = [new Hub(), createManualClock()];
    const { publisher } = await driver(hub, clock, "one");
    await publisher.take(signal);
    await publisher.renew(signal);
    expect(pushesOf(hub)).toBe(1);
    await clock.advance(TTL_MS / 3);
    await publisher.renew(signal);
    expect(pushesOf(hub)).toBe(2);
  });

  it("says nothing on GitHub when another one has the run", async () => {
    const [hub, clock] = [new Hub(), createManualClock()];
    const one = await driver(hub, clock, "one");
    await one.publisher.take(signal);
    await (await driver(hub, clock, "two")).publisher.take(signal);
    await clock.advance(TTL_MS / 2);
    const { github, forge } = await forgeOf(one.publisher);
    const thread = github.openIssue("Make it better", "ada");
    await expect(withTime(clock, forge.createComment(thread, "I am here."))).rejects.toThrow(
      Fenced,
    );
    expect(github.state.comments).toEqual([]);
  });
});

async function forgeOf(publisher: Pick<Publisher, "prove">) {
  const hub = new Hub();
  const github = createMemoryGitHub({ ref, home: hub.home() });
  const forge = fenceForge(await github.openForge(ref), () => publisher.prove());
  return { github, forge };
}

/** What asks without changing anything. */

describe("everything that changes something on GitHub", () => {
  it("waits for the proof", async () => {
    const refuse = { prove: () => Promise.reject(new Fenced("wf-a")) };
    const { forge } = await forgeOf(refuse);
    let writes = 0;
    for (const [name, member] of Object.entries(forge)) {
      if (forgeReads.has(name)) continue;
      const write: unknown = member;
      if (typeof write !== "function") throw new Error(`${name} is nothing that can be asked.`);
      const asking: unknown = Reflect.apply(write, forge, []);
      const error = await Promise.resolve(asking).then(null, (reason: unknown) => reason);
      expect({ name, isFenced: error instanceof Fenced }).toEqual({ name, isFenced: true });
      writes += 1;
    }
    expect(writes).toBeGreaterThan(15);
  });
});

describe("whoever takes a run over from a driver that died", () => {
  const looking = new Set(
    ["findComment", "findIssue", "findPullRequest", "findReview", "ourChecks"].concat(
      // These look before they write.
      ["putCheckRun", "resolveThreads", "hide"],
    ),
  );

  it("looks for what that one made only when GitHub's lists know of it, and does the rest at once", async () => {
    const github = createMemoryGitHub({ ref, home: new Hub().home() });
    const refused = new Error("The lists are not waited for to the end.");
    const forge = lookWhenListed(await github.openForge(ref), () => Promise.reject(refused));
    for (const [name, member] of Object.entries(forge)) {
      const asked: unknown = member;
      if (typeof asked !== "function") continue;
      const given = Promise.try(() => Reflect.apply(asked, forge, []) as unknown);
      const waited = await given.then(
        () => false,
        (reason: unknown) => reason === refused,
      );
      expect({ name, waited }).toEqual({ name, waited: looking.has(name) });
    }
  });

  it("finds what is in the lists by then", async () => {
    const github = createMemoryGitHub({ ref, home: new Hub().home() });
    const plain = await github.openForge(ref);
    const { promise, resolve } = Promise.withResolvers<void>();
    const forge = lookWhenListed(plain, () => promise);
    const thread = github.openIssue("Make it better", "ada");
    const finding = forge.findComment(thread, "a mark");
    const { id } = await plain.createComment(thread, "a mark");
    resolve();
    await expect(finding).resolves.toMatchObject({ id });
  });
});
