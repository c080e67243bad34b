// Who is driven, and who only waits in the hands of a process, in the queue of many processes.

import { describe, expect, it } from "vitest";

import { admissionOf, depth } from "../../src/outside/queue/bull-turns.ts";
import { wakeOf } from "../contracts/queue.contract.ts";

interface Kept {
  isHeld?: boolean;
  wasHeld?: boolean;
}

/** A run of installation 1 that was handed out at a moment. */
const job = (run: string, processedOn: number, kept: Kept = {}) => ({
  id: run,
  data: { ...wakeOf(run, processedOn, 1), due: 0, ...kept },
  priority: 1,
  processedOn,
});
type Given = ReturnType<typeof job>;

const limits = { atOnce: 1, guests: 3, perRepository: 9, perInstallation: 2 };

function admitted(asking: Given, others: readonly Given[]): Promise<{ isGuest: boolean } | null> {
  const active = [asking, ...others];
  const queue = { getJobs: async () => active };
  return admissionOf({ queue, limits }, asking, wakeOf(asking.id, asking.processedOn, 1));
}

describe("runs that a process holds without a place", () => {
  it("take no place of their installation from processes that have one", async () => {
    const others = [job("at-work", 1), job("held", 2, { isHeld: true })];
    expect(await admitted(job("comes", 3), others)).toEqual({ isGuest: false });
    expect(await admitted(job("comes", 3), [job("at-work", 1), job("also", 2)])).toBe(null);
    expect(await admitted(job("comes", 3), [job("held", 2, { isHeld: true })])).toEqual({
      isGuest: true,
    });
  });

  it("see all others once they have a place, and are seen by all others", async () => {
    const later = [job("at-work", 1), job("later", 3)];
    expect(await admitted(job("was-held", 2, { wasHeld: true }), later)).toBe(null);
    expect(await admitted(job("not-held", 2), later)).toEqual({ isGuest: false });
    const before = [job("at-work", 1), job("was-held", 9, { wasHeld: true })];
    expect(await admitted(job("comes", 3), before)).toBe(null);
  });

  it("are counted among those that wait", async () => {
    const active = [job("at-work", 1), job("held", 2, { isHeld: true })];
    const asked: string[] = [];
    const queue = {
      getJobs: async (types: readonly string[]) => {
        asked.push(...types);
        return active;
      },
      getJobCounts: async () => ({ prioritized: 3, waiting: 1, delayed: 5 }),
    };
    expect(await depth(queue)).toEqual({ waiting: 5, sleeping: 5, driven: 1 });
    // Those that wait may be many.
    expect(asked).toEqual(["active"]);
  });
});
