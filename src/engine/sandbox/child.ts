// The child process: one engine, one line in, one line out, nothing else. Started by `child-process.ts` alone.

import { createInterface } from "node:readline";

import { SandboxFault } from "../errors.ts";
import type { ChildFrame, ParentFrame } from "./frames.ts";
import { openMachine, type Machine } from "./machine.ts";

let machine: Machine | null = null;

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}

async function answer(frame: ParentFrame): Promise<ChildFrame> {
  try {
    return await move(frame);
  } catch (error) {
    if (!(error instanceof SandboxFault)) throw error;
    return { kind: "fault", limit: error.limit, message: error.message };
  }
}

async function move(frame: ParentFrame): Promise<ChildFrame> {
  if (frame.kind === "open") {
    machine = await openMachine(frame.limits);
    return { kind: "ready" };
  }
  if (machine === null) throw new Error("The first line must open the engine.");
  const texts =
    frame.kind === "start" ? machine.start(frame.program) : machine.deliver(frame.answer);
  return { kind: "pumped", texts: [...texts] };
}
