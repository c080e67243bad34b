import { expect, it } from "vitest";

import { ModelError } from "../../src/agent/model.ts";
import { openGate } from "../../src/gate/gate.ts";
import { createManualClock } from "../../src/outside/memory/clock.ts";
import { createMemoryBoard } from "../../src/outside/memory/board.ts";
import {
  createLimitedModel,
  type LimitedModelOptions,
} from "../../src/outside/memory/limited-model.ts";
import { type Board, BoardAway } from "../../src/world/board.ts";
import { caller, request, speaking, untilDone } from "./kit.ts";

/** Some processes that ask one provider; chance differs, or they would have one name. */
function openProcesses(
  count: number,
  over: Partial<LimitedModelOptions>,
  boardOf: (board: Board) => Board = (board) => board,
) {
  const clock = createManualClock();
  const model = createLimitedModel({ clock, ...speaking, ...over });
  const board = boardOf(createMemoryBoard(clock));
  let drawn = 0;
  const random = (): number => ((drawn += 7) % 97) / 97;
  const gates = Array.from({ length: count }, () => openGate({ model, clock, random, board }));
  return { clock, model, gates };
}

const ask = (gate: ReturnType<typeof openGate>, installation: number) =>
  gate.modelFor(caller({ installation })).turn(request(), new AbortController().signal);

it("keeps several processes within one budget, without a refusal", async () => {
  const perMinute = { requests: 60, inputTokens: 1e6, outputTokens: 1e6 };
  const { clock, model, gates } = openProcesses(3, { perMinute });
  const begun = clock.now();
  const turns = gates.flatMap((gate, index) => Array.from({ length: 60 }, () => ask(gate, index)));
  await untilDone(clock, Promise.all(turns));
  expect(model).toMatchObject({ taken: 180, refused: 0 });
  // A full minute's budget at first, then 57 a minute.
  expect(clock.now() - begun).toBeLessThan(3.2 * 60_000);
});

it("holds up all processes where one was told to wait", async () => {
  let refusals = 1;
  const asked: number[] = [];
  const { clock, gates } = openProcesses(2, {
    fault: () => {
      asked.push(clock.now());
      if (refusals-- <= 0) return null;
      return new ModelError("rate-limit", "Slow down.", { retryAfterMs: 30_000 });
    },
  });
  const [one, other] = gates;
  if (one === undefined || other === undefined) throw new Error("There are two.");
  const begun = clock.now();
  const first = ask(one, 1);
  await clock.advance(100);
  const second = ask(other, 2);
  await untilDone(clock, Promise.all([first, second]));
  expect(asked).toHaveLength(3);
  expect(Math.min(...asked.slice(1)) - begun).toBeGreaterThanOrEqual(30_000);
});

it("goes on with a part of the budget while the board is away", async () => {
  const perMinute = { requests: 60, inputTokens: 1e6, outputTokens: 1e6 };
  let isAway = false;
  const { clock, model, gates } = openProcesses(1, { perMinute }, (board) => ({
    change: (...args) =>
      isAway ? Promise.reject(new BoardAway("It is gone.")) : board.change(...args),
  }));
  const [gate] = gates;
  if (gate === undefined) throw new Error("There is one.");
  await untilDone(clock, ask(gate, 1));
  await clock.advance(10_000);
  isAway = true;
  const stop = new AbortController();
  const turns = Array.from({ length: 60 }, () =>
    gate.modelFor(caller()).turn(request(), stop.signal),
  );
  const ends = Promise.allSettled(turns);
  const before = model.taken;
  for (let second = 0; second < 600; second += 1) {
    await new Promise(setImmediate);
    await clock.advance(100);
  }
  // A fourth of 57 in this minute.
  expect(model.taken - before).toBeGreaterThan(8);
  expect(model.taken - before).toBeLessThanOrEqual(16);
  stop.abort(new Error("It was enough."));
  await untilDone(clock, ends);
});
