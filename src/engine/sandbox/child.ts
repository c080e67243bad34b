// The child process: one engine, one line in, one line out, nothing else. Started by `child-process.ts` alone.

import { SandboxFault } from "../errors.ts";
import type { ChildFrame, ParentFrame } from "./frames.ts";
import { createLines } from "./lines.ts";
import { openMachine, type Machine } from "./machine.ts";

let machine: Machine | null = null;

// The parent asks one question at a time, so no answer overtakes another.
const lines = createLines((line) => void reply(line ?? "").catch(die), Infinity);
process.stdin.setEncoding("utf8").on("data", lines);

async function reply(line: string): Promise<void> {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}

// The parent sees the exit and reports it; what is on standard error becomes the cause.
function die(error: unknown): void {
  console.error(error);
  process.exit(1);
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
