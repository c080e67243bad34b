import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { ProviderLimits } from "../../src/agent/model.ts";
import { type Ask, GONE_MS, lease } from "../../src/gate/shares.ts";

const limit = 100_000;
const stated: ProviderLimits = {
  requests: null,
  inputTokens: null,
  outputTokens: { limit, remaining: limit },
};
const tokens = (outputTokens: number) => ({ requests: 0, inputTokens: 0, outputTokens });
const ask = (holder: string, over: Partial<Ask> = {}): Ask => ({
  holder,
  installations: [1],
  want: tokens(0),
  held: tokens(0),
  unseen: tokens(0),
  stated: null,
  cool: null,
  ...over,
});

/** What the provider has by its own count; `known` is the board after its limits were stated. */
const known = lease(null, ask("first", { stated: { limits: stated, agoMs: 0 } }), 0).text;

describe("the shares of one model's budgets", () => {
  const step = fc.record({
    who: fc.nat({ max: 3 }),
    pauseMs: fc.nat({ max: 3_000 }),
    want: fc.nat({ max: 60_000 }),
    /** Of what it holds, in hundredths. */
    uses: fc.nat({ max: 100 }),
    dies: fc.nat({ max: 9 }).map((dice) => dice === 0),
  });

  it("are never more than there is, whoever asks, uses, gives back or dies", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let text = known;
        let now = 0;
        const held = [0, 0, 0, 0];
        let used = 0;
        for (const { who, pauseMs, want, uses, dies } of steps) {
          now += pauseMs;
          const own = { want: tokens(want), held: tokens(held[who] ?? 0), installations: [who] };
          const leased = lease(text, ask(`p${who}`, own), now);
          text = leased.text;
          const has = leased.leased.held.outputTokens ?? 0;
          const spent = Math.max(0, (has * uses) / 100);
          used += spent;
          // One that dies takes nothing along that others could not have again.
          held[who] = dies ? 0 : has - spent;
          const inHands = held.reduce((sum, each) => sum + each, 0);
          const there = 0.95 * limit * (1 + now / 60_000);
          expect(used + inHands).toBeLessThanOrEqual(there + 1e-6);
        }
      }),
    );
  });

  it("are used up to the last by those that want them, in equal parts", () => {
    let text = known;
    const held = [0, 0, 0];
    const used = [0, 0, 0];
    for (let now = 0; now <= 600_000; now += 500) {
      const who = (now / 500) % 3;
      const own = { want: tokens(10_000), held: tokens(held[who] ?? 0), installations: [who] };
      const leased = lease(text, ask(`p${who}`, own), now);
      text = leased.text;
      used[who] = (used[who] ?? 0) + (leased.leased.held.outputTokens ?? 0);
      held[who] = 0;
    }
    const all = used.reduce((sum, each) => sum + each, 0);
    expect(all / (0.95 * limit * 11)).toBeGreaterThan(0.98);
    expect(Math.min(...used) / Math.max(...used)).toBeGreaterThan(0.95);
  });

  it("are an installation's once, over however many processes its runs are spread", () => {
    let { text } = lease(known, ask("a", { installations: [1] }), 0);
    ({ text } = lease(text, ask("b", { installations: [1] }), 0));
    const other = lease(text, ask("c", { installations: [2] }), 0);
    const again = lease(other.text, ask("a", { installations: [1] }), 0);
    const parts = [other, again].map(
      ({ leased }) => (leased.most.outputTokens ?? 0) / limit / 0.95,
    );
    // "first" asks for installation 1 as well.
    expect(parts[0]).toBeCloseTo(1 / 2);
    expect(parts[1]).toBeCloseTo(1 / 6);
  });

  it("of one that went silent are the others' again", () => {
    const { text } = lease(known, ask("lost", { want: tokens(1e6), installations: [1] }), 0);
    const soon = lease(text, ask("alive", { installations: [2] }), 1_000).leased;
    const later = lease(text, ask("alive", { installations: [2] }), GONE_MS).leased;
    expect([soon.processes, later.processes]).toEqual([3, 1]);
    expect(later.most.outputTokens).toBeCloseTo(0.95 * limit);
  });

  it("go down with what the provider says is left, beside what others hold of it", () => {
    const busy = lease(known, ask("busy", { want: tokens(20_000), installations: [1] }), 0);
    const left = { ...stated, outputTokens: { limit, remaining: 45_000 } };
    const heard = { stated: { limits: left, agoMs: 0 }, want: tokens(1e6), installations: [2] };
    const { leased } = lease(busy.text, ask("other", heard), 0);
    // 45,000 without the margin of 5,000 and the 20,000 that are elsewhere; half of these.
    expect(leased.held.outputTokens).toBeCloseTo(10_000);
  });

  it("tell everybody else of a refusal that one heard, until it is over", () => {
    const cool = { ms: 20_000, message: "Slow down." };
    const { text, leased } = lease(known, ask("refused", { cool }), 0);
    expect(leased.cool).toBeNull();
    expect(lease(text, ask("other"), 5_000).leased.cool).toEqual({ ...cool, ms: 15_000 });
    expect(lease(text, ask("other"), 20_000).leased.cool).toBeNull();
  });

  it("begin anew where what is on the board cannot be read", () => {
    expect(lease("{", ask("any"), 0).leased).toMatchObject({ held: {}, processes: 1 });
  });
});
