// A sandbox that was started before it was needed is one script's own like any other, and never left behind.

import { afterEach, describe, expect, it, vi } from "vitest";

import { createEarlySandboxes } from "../../src/engine/sandbox/early-sandboxes.ts";
import { returned, smallLimits } from "./drive.ts";
import { childPids } from "./hostile-run.ts";

const processes = (): number =>
  process.getActiveResourcesInfo().filter((resource) => resource === "ProcessWrap").length;

const CALLS = `
  const answers = await parallel(["a", "b"].map((x) => () => agent(x)))
  return { answers, globals: Object.keys(globalThis).length, spent: budget.spent() }`;

const unused = {
  start: () => Promise.reject(new Error("Nobody starts it.")),
  deliver: () => Promise.reject(new Error("Nobody answers it.")),
  isUsable: () => true,
};

describe("A sandbox that was started early", () => {
  afterEach(() => vi.useRealTimers());

  it("is taken by the run that comes, also before it is warm, and knows nothing of what warmed it", async () => {
    await using sandboxes = createEarlySandboxes(smallLimits);
    const fresh = await returned(sandboxes.open, CALLS);
    sandboxes.prepare();
    await vi.waitFor(() => expect(processes()).toBe(1), 60_000);
    expect(await returned(sandboxes.open, CALLS)).toEqual(fresh);
    expect(fresh).toMatchObject({ answers: ["a", "b"] });
  });

  it("is one at most, and the next run has one of its own", async () => {
    await using sandboxes = createEarlySandboxes(smallLimits);
    sandboxes.prepare();
    sandboxes.prepare();
    await vi.waitFor(() => expect(processes()).toBe(1), 60_000);
    const [first, second] = await Promise.all([sandboxes.open(), sandboxes.open()]);
    expect(processes()).toBe(2);
    await Promise.all([first, second].map((sandbox) => sandbox[Symbol.asyncDispose]()));
  });

  it.runIf(process.platform === "linux")("is replaced when it died while it waited", async () => {
    await using sandboxes = createEarlySandboxes(smallLimits);
    sandboxes.prepare();
    const [pid] = await vi.waitFor(async () => {
      const pids = await childPids();
      expect(pids).toHaveLength(1);
      return pids;
    }, 60_000);
    process.kill(Number(pid), "SIGKILL");
    await vi.waitFor(() => expect(processes()).toBe(0), 60_000);
    expect(await returned(sandboxes.open, "return await agent('a')")).toBe("a");
  });

  it("is given up when no run comes for two minutes", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const opened: string[] = [];
    const closed: string[] = [];
    const openSandbox = async () => {
      const name = `sandbox ${opened.length}`;
      opened.push(name);
      return { ...unused, [Symbol.asyncDispose]: async () => void closed.push(name) };
    };
    await using sandboxes = createEarlySandboxes(smallLimits, openSandbox);
    sandboxes.prepare();
    await vi.advanceTimersByTimeAsync(119_000);
    expect(closed).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(closed).toEqual(["sandbox 0"]);
    sandboxes.prepare();
    await sandboxes.open();
    await vi.advanceTimersByTimeAsync(600_000);
    expect({ opened, closed }).toEqual({
      opened: ["sandbox 0", "sandbox 1"],
      closed: ["sandbox 0"],
    });
  });

  it("is killed at once when its run is over, and nobody waits for it before the end of all", async () => {
    const cleared = Promise.withResolvers<void>();
    const closed: string[] = [];
    const openSandbox = async () => ({
      ...unused,
      [Symbol.asyncDispose]() {
        closed.push("killed");
        return cleared.promise;
      },
    });
    const sandboxes = createEarlySandboxes(smallLimits, openSandbox);
    const sandbox = await sandboxes.open();
    await sandbox[Symbol.asyncDispose]();
    expect(closed).toEqual(["killed"]);
    cleared.reject(new Error("its folder cannot be removed"));
    await expect(sandboxes[Symbol.asyncDispose]()).rejects.toThrow("its folder");
  });

  it("is ended with everything else", async () => {
    const sandboxes = createEarlySandboxes(smallLimits);
    sandboxes.prepare();
    await sandboxes[Symbol.asyncDispose]();
    expect(processes()).toBe(0);
  });
});
