// An agent's turns are asked for only with money that is there: for the run, and for today.

import { describe, expect, it } from "vitest";

import {
  type Model,
  ModelError,
  type Price,
  type Turn,
  type TurnRequest,
  type Usage,
} from "../../src/agent/model.ts";
import { noUsage } from "../../src/agent/usage.ts";
import { CapSpent, openPurse, type PurseOptions } from "../../src/runs/purse.ts";
import { type Account, createTill } from "../../src/runs/till.ts";
import { costOfTurn, within } from "../../src/runs/turn-cost.ts";
import { request } from "../gate/kit.ts";

const price: Price = { inputUsd: 3, outputUsd: 15, cacheWriteUsd: 3.75, cacheReadUsd: 0.3 };
const forever = new AbortController().signal;
const paying = (costUsd: number | null): Usage => ({ ...noUsage, costUsd });
const turn = (costUsd: number | null): Turn => ({
  content: [{ kind: "text", text: "ok" }],
  stopReason: "end",
  usage: paying(costUsd),
});

function purse(capUsd: number | null, given: Partial<PurseOptions> = {}) {
  const book: number[] = [];
  const options: PurseOptions = {
    cap: () => capUsd,
    spent: [],
    agentCapUsd: null,
    setAside: async ({ mostUsd }) => ({ usd: mostUsd, settle: () => {} }),
    till: createTill(),
    priceOf: () => price,
    today: () => Promise.resolve([]),
    onSpent: async (usd) => void book.push(usd),
    ...given,
  };
  return { purse: openPurse(options), book };
}

/** A provider that answers the n-th turn as planned, and keeps what it was asked. */
function provider(...plan: (Turn | Error)[]): Model & { asked: TurnRequest[] } {
  const asked: TurnRequest[] = [];
  return {
    asked,
    turn: async (one) => {
      asked.push(one);
      const next = plan.shift();
      if (next === undefined || next instanceof Error) throw next ?? new Error("Not planned.");
      return next;
    },
  };
}

describe("a purse", () => {
  it("is empty once the cap is reached, and takes more when somebody raises it", async () => {
    let capUsd = 1;
    const { purse: own } = purse(null, { cap: () => capUsd, spent: [paying(0.4)] });
    const model = provider(turn(0.6), turn(0.1));
    const agent = own.agent();
    await agent.guard(model).turn(request(), forever);
    expect(() => own.refuseWhenEmpty()).toThrow("The run's cap of $1.00 is reached ($1.00 spent)");
    await expect(agent.guard(model).turn(request(), forever)).rejects.toThrow("is reached");
    expect(model.asked).toHaveLength(1);
    capUsd = 2;
    await agent.guard(model).turn(request(), forever);
    expect(model.asked).toHaveLength(2);
  });

  it("has a cap of one agent, which ends that agent and nobody else", async () => {
    const { purse: own } = purse(10, { agentCapUsd: 0.5 });
    const model = provider(turn(0.45), turn(0.2), turn(0.1));
    const [greedy, frugal] = [own.agent(), own.agent()];
    const long = { ...request(), maxTokens: 32_000 };
    await greedy.guard(model).turn(long, forever);
    expect(model.asked[0]?.maxTokens).toBe(32_000);
    await greedy.guard(model).turn(long, forever);
    expect(model.asked[1]?.maxTokens).toBeLessThan(3_400);
    const refused = greedy.guard(model).turn(long, forever);
    await expect(refused).rejects.toThrow(ModelError);
    await expect(refused).rejects.toThrow("It has spent $0.65 of the $0.50");
    await frugal.guard(model).turn(long, forever);
    expect(model.asked).toHaveLength(3);
    expect(() => own.refuseWhenEmpty()).not.toThrow();
  });

  it("counts what an agent spent before a restart against its own cap", async () => {
    const { purse: own } = purse(null, { agentCapUsd: 0.5 });
    const agent = own.agent();
    agent.counted(paying(0.5));
    await expect(agent.guard(provider()).turn(request(), forever)).rejects.toMatchObject({
      kind: "agent-cap",
    });
  });

  it("keeps the last answer as short as what is left, and asks for none that is not worth it", async () => {
    const long = { ...request(), maxTokens: 32_000 };
    const { purse: own } = purse(0.1);
    const model = provider(turn(0.08));
    await own.agent().guard(model).turn(long, forever);
    expect(model.asked[0]?.maxTokens).toBeLessThan(0.1 / 15e-6);
    expect(model.asked[0]?.maxTokens).toBeGreaterThan(6_000);
    await expect(own.agent().guard(model).turn(long, forever)).rejects.toThrow(
      "The run's cap of $0.10 has no room for another turn ($0.08 spent)",
    );
  });

  it("counts what an earlier process paid for, and nothing twice", async () => {
    const { purse: own, book } = purse(1);
    const agent = own.agent();
    agent.counted(paying(0.5));
    await agent.guard(provider(turn(0.2))).turn(request(), forever);
    agent.counted(paying(0.7));
    agent.counted(paying(0.7));
    expect(() => own.refuseWhenEmpty()).not.toThrow();
    agent.counted(paying(1));
    expect(() => own.refuseWhenEmpty()).toThrow("($1.00 spent)");
    expect(book).toEqual([0.2]);
  });

  it("counts what a broken turn and tries before it cost", async () => {
    const { purse: own, book } = purse(1);
    const agent = own.agent();
    const broken = new ModelError("network", "It broke.", { usage: paying(0.3) });
    const model: Model = {
      turn: async (_request, _signal, hearing) => {
        hearing?.spent?.(paying(0.2));
        throw broken;
      },
    };
    await expect(agent.guard(model).turn(request(), forever)).rejects.toBe(broken);
    agent.counted(paying(0.5));
    expect(book).toEqual([0.2, 0.3]);
    agent.counted(paying(1));
    expect(() => own.refuseWhenEmpty()).toThrow("($1.00 spent)");
  });

  it("sets money aside for each try of a turn, so that tries that broke pass no cap", async () => {
    const capUsd = 1.2;
    const { purse: own, book } = purse(capUsd);
    const all = ({ maxTokens }: TurnRequest): number => (maxTokens * price.outputUsd) / 1e6;
    const asked: TurnRequest[] = [];
    // It writes as much as it may, and breaks off each time.
    const model: Model = {
      turn: async (first, _signal, hearing) => {
        let next = first;
        for (;;) {
          asked.push(next);
          hearing?.spent?.(paying(all(next)));
          next = (await hearing?.again?.()) ?? next;
        }
      },
    };
    const long = request({ maxTokens: 32_000 });
    await expect(own.agent().guard(model).turn(long, forever)).rejects.toBeInstanceOf(CapSpent);
    expect(asked.length).toBeGreaterThan(2);
    expect(asked.at(-1)?.maxTokens).toBeLessThan(32_000);
    expect(book.reduce((sum, usd) => sum + usd, 0)).toBeLessThanOrEqual(capUsd);
  });

  it("names today's cap when that one is reached, and when it begins anew", async () => {
    const today: Account = {
      name: "today's cap for this repository",
      renewsAt: Date.UTC(2026, 4, 5),
      cap: () => 5,
      spentUsd: 5,
      reservedUsd: 0,
    };
    const { purse: own } = purse(null, { today: () => Promise.resolve([today]) });
    await expect(own.agent().guard(provider()).turn(request(), forever)).rejects.toThrow(
      "Today's cap for this repository of $5.00 is reached ($5.00 spent), so no further agent starts. It begins anew at 2026-05-05 00:00 UTC.",
    );
  });

  it("cannot cap what has no price, and still counts what is known beside it", async () => {
    const { purse: own, book } = purse(1, { priceOf: () => null });
    await own
      .agent()
      .guard(provider(turn(null)))
      .turn(request(), forever);
    expect(book).toEqual([]);
    await own
      .agent()
      .guard(provider(turn(1)))
      .turn(request(), forever);
    await expect(own.agent().guard(provider()).turn(request(), forever)).rejects.toThrow(
      "is reached",
    );
  });
});

describe("what a turn may cost", () => {
  it("is at least a short answer and at most the longest, with the whole input uncached", () => {
    const asked = { ...request(), maxTokens: 10_000 };
    const cost = costOfTurn(asked, price);
    expect(cost?.mostUsd).toBeGreaterThan(0.15);
    expect((cost?.mostUsd ?? 0) - (cost?.leastUsd ?? 0)).toBeCloseTo(0.12);
    expect(costOfTurn(asked, null)).toBeNull();
  });

  it("is that of a long prompt where those cost more", () => {
    const dear = { ...price, outputUsd: price.outputUsd * 10 };
    const stepped = { ...price, beyond: { promptTokens: 1_000, rates: dear } };
    const system = (chars: number) => ({
      ...request({ maxTokens: 10_000 }),
      system: "s".repeat(chars),
    });
    const most = (chars: number) => costOfTurn(system(chars), stepped)?.mostUsd ?? 0;
    expect(most(100)).toBeLessThan(0.2);
    expect(most(4_000)).toBeGreaterThan(1.2);
    expect(within(system(4_000), most(100), stepped).maxTokens).toBeLessThan(1_500);
  });

  it("leaves a request as it is when all of it fits", () => {
    const asked = { ...request(), maxTokens: 10_000 };
    const cost = costOfTurn(asked, price);
    expect(within(asked, cost?.mostUsd ?? 0, price)).toBe(asked);
    expect(within(asked, cost?.leastUsd ?? 0, price).maxTokens).toBeCloseTo(2_000, -1);
  });
});
