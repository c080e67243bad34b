// `/workflow off` said to one process: every other one, and a machine on an empty disk, starts nothing until `on`.

import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { limits } from "../../src/config/limits.ts";
import { openFolderDisk } from "../../src/outside/disk.ts";
import { RemoteError } from "../../src/repo/remote.ts";
import { openSwitches } from "../../src/settings/switches.ts";
import { playedBy } from "./actors.ts";
import { openStage, type Stage } from "./stage.ts";

const files = {
  "a.txt": "a\n",
  ".claude/workflows/sign-off.js": `export const meta = { name: 'sign-off', description: 'Ask first' }
const { approved } = await approve('Shall it be done?')
return approved`,
};
const SWITCH = "refs/fanfold/switches/state";
const OFF = /switched off\*\*.*mia wrote `\/workflow off`/;
const by = { id: 4, login: "mia" };

async function openTwo(isFleet = true) {
  const stage = await openStage({ files, model: playedBy({}), isFleet });
  const other = await stage.elsewhere();
  return { stage, other, thread: { repository: stage.world.ref, thread: stage.thread } };
}

const lastSaid = (stage: Stage): string => stage.said().at(-1) ?? "";

/** The repository cannot be reached by git; the rest of GitHub answers. */
function cutOff({ world }: Stage): void {
  const open = world.openRemote;
  const list = () => Promise.reject(new RemoteError("GitHub is away.", { transient: true }));
  Object.assign(world, {
    openRemote: async (ref: typeof world.ref) => ({ ...(await open(ref)), list }),
  });
}

/** GitHub takes no push to the switch, as often as that. */
function refusePushes({ world }: Stage, times: number): void {
  const open = world.openRemote;
  let left = times;
  Object.assign(world, {
    openRemote: async (ref: typeof world.ref) => {
      const remote = await open(ref);
      const push: typeof remote.push = async (gitDir, updates) => {
        if (left === 0 || updates.every((update) => update.ref !== SWITCH))
          return await remote.push(gitDir, updates);
        left -= 1;
        throw new RemoteError("GitHub is away.", { transient: true });
      };
      return { ...remote, push };
    },
  });
}

/** Switched off and on before, so that the repository has a word for it; then off by a machine that cannot push that. */
async function openRefused(times: number) {
  const stage = await openStage({ files, model: playedBy({}) });
  const other = await stage.elsewhere();
  await stage.post("/workflow off", "mia");
  await stage.post("/workflow on", "mia");
  refusePushes(stage, times);
  await stage.restart();
  await stage.world.clock.advance(60_000);
  await stage.post("/workflow off", "mia");
  expect(lastSaid(stage)).toMatch(/off \*\*on the machine that heard you\*\*/u);
  return { stage, other };
}

describe("a switch", () => {
  it.each([true, false])(
    "is heard by the process that did not hear it (fleet: %s)",
    async (isFleet) => {
      const { stage, other, thread } = await openTwo(isFleet);
      await using _stage = stage;
      // The other one has seen that it is on, a moment ago.
      await other.post("/workflow config", "mia");
      await stage.post("/workflow off", "mia");
      await other.post("/workflow sign-off");
      await stage.settle();
      expect(lastSaid(stage)).toMatch(OFF);
      expect(await other.desk.list(thread.repository)).toEqual([]);
    },
  );

  it("is lifted for all by whoever hears it, also by the one that switched it off", async () => {
    const { stage, other, thread } = await openTwo();
    await using _stage = stage;
    await stage.post("/workflow off", "mia");
    await other.post("/workflow on", "mia");
    await stage.post("/workflow sign-off");
    await stage.settle();
    expect(await stage.desk.status(thread)).toMatchObject([{ state: "waiting" }]);
    // What this machine keeps for bad times says so too.
    const disk = openFolderDisk(join(stage.dir, "data-0"));
    expect(await openSwitches(disk).read(stage.world.ref)).toBeNull();
  });

  it("stays off on a machine whose disk is empty", async () => {
    const { stage } = await openTwo();
    await using _stage = stage;
    await stage.post("/workflow off", "mia");
    await stage.restart({ wipe: true });
    await stage.post("/workflow sign-off");
    expect(lastSaid(stage)).toMatch(OFF);
  });

  it("that an earlier version left on one disk holds for the others", async () => {
    const { stage, other } = await openTwo();
    await using _stage = stage;
    const disk = openFolderDisk(join(stage.dir, "data-0"));
    await openSwitches(disk).off(stage.world.ref, { by, at: stage.world.clock.now() });
    await stage.post("/workflow sign-off");
    expect(lastSaid(stage)).toMatch(OFF);
    await stage.world.clock.advance(limits.switches.seenMs);
    await other.post("/workflow sign-off");
    expect(lastSaid(stage)).toMatch(OFF);
    expect(stage.said().filter((body) => OFF.test(body))).toHaveLength(2);
  });

  it("is put back when somebody deletes its ref", async () => {
    const { stage } = await openTwo();
    await using _stage = stage;
    await stage.post("/workflow off", "mia");
    await stage.git("update-ref", "-d", SWITCH);
    await stage.restart();
    await stage.post("/workflow sign-off");
    expect(lastSaid(stage)).toMatch(OFF);
    expect(await stage.git("for-each-ref", SWITCH)).toContain(SWITCH);
  });

  it("costs a burst of commands one look at the repository", async () => {
    const { stage } = await openTwo();
    await using _stage = stage;
    const { world } = stage;
    const listed: string[] = [];
    const open = world.openRemote;
    Object.assign(world, {
      openRemote: async (ref: typeof world.ref) => {
        const remote = await open(ref);
        const list = (prefix: string) => (listed.push(prefix), remote.list(prefix));
        return { ...remote, list };
      },
    });
    const looks = () => listed.splice(0).filter((prefix) => prefix === SWITCH).length;
    await stage.restart();
    const begun = world.clock.now();
    for (let count = 0; count < 5; count++) await stage.post("/workflow config", "mia");
    // Time goes on while git is waited for, which takes longer on a busy machine.
    const times = Math.floor((world.clock.now() - begun) / limits.switches.seenMs);
    expect(looks()).toBeLessThanOrEqual(1 + times);
    await world.clock.advance(limits.switches.seenMs);
    await stage.post("/workflow config", "mia");
    expect(looks()).toBe(1);
  });
});

describe("a switch that cannot be read", () => {
  it("is off where this machine knows that it was", async () => {
    const { stage } = await openTwo(false);
    await using _stage = stage;
    await stage.post("/workflow off", "mia");
    cutOff(stage);
    await stage.restart();
    await stage.post("/workflow sign-off");
    expect(lastSaid(stage)).toMatch(OFF);
  });

  it("starts nothing where nobody knows, and is asked for again", async () => {
    const { stage } = await openTwo(false);
    await using _stage = stage;
    cutOff(stage);
    await stage.restart();
    await stage.post("/workflow sign-off");
    expect(lastSaid(stage)).toMatch(
      /Something went wrong on my side.*Please post the command again/su,
    );
    expect(stage.desk.runs()).toEqual([]);
  });

  it("starts nothing where somebody wrote into it, and says how that is mended", async () => {
    const { stage } = await openTwo();
    await using _stage = stage;
    await stage.git("update-ref", SWITCH, "refs/heads/main");
    await stage.post("/workflow sign-off");
    expect(lastSaid(stage)).toMatch(
      /Nothing starts\*\* in this repository.*delete refs\/fanfold\/switches\/state/su,
    );
    expect(stage.desk.runs()).toEqual([]);
    await stage.git("update-ref", "-d", SWITCH);
    await stage.post("/workflow sign-off");
    await stage.settle();
    expect(stage.desk.runs()).toHaveLength(1);
  });

  it("still stops what runs, and says that other machines were not told", async () => {
    const { stage, thread } = await openTwo();
    await using _stage = stage;
    await stage.post("/workflow sign-off");
    await stage.settle();
    await stage.git("update-ref", SWITCH, "refs/heads/main");
    await stage.post("/workflow off", "mia");
    expect(lastSaid(stage)).toMatch(/off \*\*on the machine that heard you\*\*/u);
    await stage.world.clock.during(stage.world.queue.idle(), 200);
    expect(await stage.desk.status(thread)).toMatchObject([{ state: "cancelled" }]);
    await stage.post("/workflow sign-off");
    expect(lastSaid(stage)).toMatch(OFF);
  });
});

describe("a switch that could not be kept in its repository", () => {
  it("holds on the machine that heard it, over a restart, and is brought there later", async () => {
    const { stage, other } = await openRefused(2);
    await using _stage = stage;
    await stage.post("/workflow sign-off");
    expect(lastSaid(stage)).toMatch(OFF);
    await stage.restart();
    await stage.post("/workflow sign-off");
    expect(lastSaid(stage)).toMatch(OFF);
    await stage.world.clock.advance(limits.switches.seenMs);
    await other.post("/workflow sign-off");
    expect(lastSaid(stage)).toMatch(OFF);
    await other.post("/workflow on", "mia");
    await stage.world.clock.advance(limits.switches.seenMs);
    await stage.post("/workflow sign-off");
    await stage.world.clock.during(stage.world.queue.idle(), 200);
    expect(stage.desk.runs()).toHaveLength(1);
  });

  it("is lifted by whoever hears that it is on again, before it was brought there", async () => {
    const { stage, other } = await openRefused(1);
    await using _stage = stage;
    await stage.world.clock.advance(60_000);
    await other.post("/workflow on", "mia");
    await stage.post("/workflow sign-off");
    await stage.world.clock.during(stage.world.queue.idle(), 200);
    expect(stage.desk.runs()).toHaveLength(1);
  });
});
