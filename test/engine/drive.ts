// Moves one script through a sandbox by hand: the test decides every answer and its order.

import type { Outcome, ScriptFunction } from "../../src/engine/call.ts";
import type { Json, JsonObject } from "../../src/engine/json.ts";
import type { Asked, Pumped, Sandbox } from "../../src/engine/sandbox.ts";
import { defaultSandboxLimits, type SandboxLimits } from "../../src/engine/sandbox/limits.ts";

export const functions: readonly ScriptFunction[] = [
  { name: "agent", step: "agent", parameters: ["prompt"] },
  { name: "change", step: "change", parameters: ["prompt"] },
  { name: "revise", step: "revise", parameters: ["change", "findings"] },
  { name: "repo.files", step: "repo.files", parameters: ["glob"] },
];

export interface DriveOptions {
  args?: Json;
  constants?: JsonObject;
  budgetTotal?: number;
  /** The default gives the prompt back. */
  answer?: (asked: Asked) => Outcome;
  /** Which of the open calls is answered next; the first by default. */
  choose?: (open: readonly Asked[]) => number;
  /** Output tokens of every answer. */
  tokens?: number;
}

export interface Driven {
  end: Exclude<Pumped["state"], { kind: "waiting" }>;
  logs: string[];
  phases: string[];
  asked: Asked[];
}

export const echo = ({ input }: Asked): Outcome => ({ ok: true, value: input["prompt"] ?? null });

/** Runs a script to its end and closes the sandbox. */
export async function drive(
  open: () => Promise<Sandbox>,
  source: string,
  options: DriveOptions = {},
): Promise<Driven> {
  await using sandbox = await open();
  const { args, constants = {}, budgetTotal = null, answer = echo, tokens = 0 } = options;
  const choose = options.choose ?? (() => 0);
  const driven: Omit<Driven, "end"> = { logs: [], phases: [], asked: [] };
  const waiting: Asked[] = [];
  let pumped = await sandbox.start({ source, functions, args, constants, budgetTotal });
  for (let spent = tokens; ; spent += tokens) {
    waiting.push(...note(driven, pumped));
    if (pumped.state.kind !== "waiting") return { ...driven, end: pumped.state };
    const [next] = waiting.splice(choose(waiting), 1);
    if (next === undefined) throw new Error("The script waits, but no call is open.");
    await sandbox.deliver([{ id: next.id, outcome: answer(next), spent }], (next) => {
      pumped = next;
    });
  }
}

// Keeps what the script did and returns its new calls.
function note({ logs, phases, asked }: Omit<Driven, "end">, { did }: Pumped): Asked[] {
  const calls = did.flatMap((deed) => (deed.kind === "asked" ? [deed.call] : []));
  asked.push(...calls);
  logs.push(...did.flatMap((deed) => (deed.kind === "log" ? [deed.message] : [])));
  phases.push(...did.flatMap((deed) => (deed.kind === "phase" ? [deed.title] : [])));
  return calls;
}

/** The value a script returns; fails the test when it throws. */
export async function returned(
  open: () => Promise<Sandbox>,
  source: string,
  options: DriveOptions = {},
): Promise<Json> {
  const { end } = await drive(open, source, options);
  if (end.kind === "threw") throw new Error(`The script threw ${end.name}: ${end.message}`);
  return end.value;
}

/** What a script threw; fails the test when it returns. */
export async function thrown(
  open: () => Promise<Sandbox>,
  source: string,
  options: DriveOptions = {},
): Promise<Extract<Driven["end"], { kind: "threw" }>> {
  const { end } = await drive(open, source, options);
  if (end.kind === "returned") throw new Error(`It returned ${JSON.stringify(end.value)}`);
  return end;
}

/** Limits small enough for a test to meet them soon; the stack fits the default stack of Node. */
export const smallLimits: SandboxLimits = {
  ...defaultSandboxLimits,
  stretchCpuMs: 10_000,
  stretchJobs: 50_000,
  stretchTexts: 200,
  stretchLogLines: 100,
  textChars: 100_000,
  stretchChars: 1_000_000,
  totalChars: 4_000_000,
  stackBytes: 128 * 1024,
};
