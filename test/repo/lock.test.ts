import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type LockClock, withLock } from "../../src/repo/lock.ts";

const HOLDER = fileURLToPath(new URL("./lock-holder.ts", import.meta.url));

let dir: string;
let path: string;
let slept: number;
let clock: LockClock;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "fanfold-"));
  path = join(dir, "mirror.lock");
  slept = 0;
  clock = {
    now: () => Date.now() + slept,
    sleep: async (ms) => {
      slept += ms;
      await new Promise(setImmediate);
    },
  };
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const taken = (): Promise<string> => withLock({ path, clock }, async () => "taken");
const heldBy = (holder: object): Promise<void> => symlink(JSON.stringify(holder), path);

describe("a lock between processes", () => {
  it("lets one work at a time, and leaves nothing behind", async () => {
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 20 }, () =>
        withLock({ path, clock }, async () => {
          inside += 1;
          most = Math.max(most, inside);
          await new Promise(setImmediate);
          inside -= 1;
        }),
      ),
    );
    expect(most).toBe(1);
    expect(await readdir(dir)).toEqual([]);
  });

  it("is released when the work throws", async () => {
    const failing = withLock({ path, clock }, () => Promise.reject(new Error("No.")));
    await expect(failing).rejects.toThrow("No.");
    expect(await taken()).toBe("taken");
  });

  it("of a process that was killed while it held it is taken over at once", async () => {
    const holder = fork(HOLDER, [path]);
    await once(holder, "message");
    holder.kill("SIGKILL");
    await once(holder, "exit");
    expect(await taken()).toBe("taken");
    expect(slept).toBe(0);
  });

  it("of a process that lives is waited for", async () => {
    const holder = fork(HOLDER, [path]);
    await once(holder, "message");
    const waiting = taken();
    await expect.poll(() => slept).toBeGreaterThan(100);
    holder.send("release");
    expect(await waiting).toBe("taken");
  });

  it("of an earlier process with this one's number is taken over", async () => {
    await heldBy({ host: hostname(), pid: process.pid, life: "an earlier one" });
    expect(await taken()).toBe("taken");
    expect(slept).toBe(0);
  });

  it.each([
    ["an empty file", () => writeFile(path, "")],
    ["half of a file", () => writeFile(path, '{"host":')],
    ["a link to elsewhere", () => symlink("/etc/hostname", path)],
  ])("that is %s belongs to nobody", async (_, make) => {
    await make();
    expect(await taken()).toBe("taken");
    expect(slept).toBe(0);
  });

  it("of another machine is waited for, as long as work under it may last", async () => {
    await heldBy({ host: "elsewhere", pid: 1, life: "x" });
    expect(await taken()).toBe("taken");
    // What this took in real time counts as well.
    expect(slept).toBeGreaterThan(600_000);
  });

  it("that was given to somebody else is not released by whoever held it too long", async () => {
    const other = JSON.stringify({ host: "elsewhere", pid: 1, life: "x" });
    await withLock({ path, clock }, async () => {
      await rm(path);
      await symlink(other, path);
    });
    expect(await readlink(path)).toBe(other);
  });

  it("that stays held says in the end which file to delete", async () => {
    const stuck: LockClock = { ...clock, now: () => 0 };
    await heldBy({ host: "elsewhere", pid: 1, life: "x" });
    const waiting = withLock({ path, clock: stuck }, async () => "taken");
    await expect(waiting).rejects.toThrow(`${path} stays locked`);
  });

  it("is taken over by one of many that see it abandoned", async () => {
    await heldBy({ host: hostname(), pid: process.pid, life: "an earlier one" });
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 20 }, () =>
        withLock({ path, clock }, async () => {
          inside += 1;
          most = Math.max(most, inside);
          await new Promise(setImmediate);
          inside -= 1;
        }),
      ),
    );
    expect(most).toBe(1);
    expect(await readdir(dir)).toEqual([]);
  });
});
