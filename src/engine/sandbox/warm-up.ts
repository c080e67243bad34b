// Lets a script of ours run in an engine that is thrown away, so that the real one finds its code compiled and tuned.

import { setImmediate as turn } from "node:timers/promises";

import type { Answer, Program } from "../sandbox.ts";
import type { SandboxLimits } from "./limits.ts";
import { openMachine } from "./machine.ts";

// Nine thousand calls, about 0.7 s of computing: by then the engine's loop is tuned; after three thousand it is not yet.
const ROUNDS = 12;
const ITEMS = 250;
const SLICE_MS = 10;

const PROGRAM: Program = {
  functions: [{ name: "agent", step: "agent", parameters: ["prompt"] }],
  args: { rounds: ROUNDS, items: ITEMS },
  constants: {},
  budgetTotal: null,
  source: `
    const items = Array.from({ length: args.items }, (_, item) => item)
    for (let round = 0; round < args.rounds; round += 1) {
      phase("Round " + round)
      await pipeline(items,
        (item) => agent("Look for mistakes in item " + item, { label: "find " + item, schema: { type: "object" } }),
        (found, item) => agent("Refute for item " + item + ": " + JSON.stringify(found)))
      await parallel(items.map((item) => () => agent("Mend item " + item)))
    }`,
};

const TEXT = "The function returns early when the list is empty.\n".repeat(40);
const VALUES = [TEXT, { findings: [{ file: "src/list.js", line: 12, why: TEXT.slice(0, 200) }] }];

/**
 * Warms what every engine of this process shares: the compiled code, and the host's own around it. Nothing of the script
 * that comes is in it, and nothing of it is left in that script's engine. Gives up at once when `isWanted` says that the
 * process has something better to do.
 */
export async function warmUp(limits: SandboxLimits, isWanted: () => boolean): Promise<void> {
  const machine = await openMachine(limits);
  const open = askedIn(machine.start(PROGRAM));
  let sliceAtMs = performance.now();
  for (let id = open.shift(); id !== undefined; id = open.shift()) {
    if (performance.now() - sliceAtMs > SLICE_MS) {
      await turn();
      if (isWanted()) return;
      sliceAtMs = performance.now();
    }
    const answer: Answer = { id, outcome: { ok: true, value: VALUES[id % 2] ?? null }, spent: id };
    open.push(...askedIn(machine.deliver(JSON.parse(JSON.stringify(answer)))));
  }
}

function askedIn(texts: readonly string[]): number[] {
  const said = texts.map((text) => JSON.parse(text));
  return said.filter(({ kind }) => kind === "asked").map(({ call }) => call.id);
}
