// The child process: one engine, lines in, lines out, nothing else. Started by `child-process.ts` alone.

import { SandboxFault } from "../errors.ts";
import type { Program } from "../sandbox.ts";
import type { ChildFrame, Opening } from "./frames.ts";
import { createLines } from "./lines.ts";
import { openMachine, type Machine } from "./machine.ts";
import type { Texts } from "./watch.ts";

// So that the parent is not kept waiting for what many answers in a row come to.
const SILENT_MS = 20;

let machine: Machine | null = null;
let isStarted = false;
let isOver = false;
let unsaid: string[] = [];
let saidAtMs = 0;

const readLines = createLines((line) => hear(line ?? ""), Infinity);
process.stdin.setEncoding("utf8").on("data", (chunk: string) => {
  saidAtMs = performance.now();
  readLines(chunk);
  flush();
});

function hear(line: string): void {
  try {
    if (isOver) return;
    if (machine === null) void open(JSON.parse(line)).catch(fail);
    else say(move(machine, line));
  } catch (error) {
    fail(error);
  }
}

async function open({ limits }: Opening): Promise<void> {
  machine = await openMachine(limits);
  frame({ kind: "ready" });
  flush();
}

// The line behind the opening is the program, every other an answer.
function move(machine: Machine, line: string): Texts {
  if (isStarted) return machine.deliver(line);
  isStarted = true;
  const program: Program = JSON.parse(line);
  return machine.start(program);
}

function say(texts: Texts): void {
  frame({ kind: "pumped", texts: texts.length });
  unsaid.push(...texts);
  isOver = machine?.hasEnded() ?? false;
  if (performance.now() - saidAtMs > SILENT_MS) flush();
}

function frame(frame: ChildFrame): void {
  unsaid.push(JSON.stringify(frame));
}

function flush(): void {
  if (unsaid.length > 0) process.stdout.write(`${unsaid.join("\n")}\n`);
  unsaid = [];
  saidAtMs = performance.now();
}

// A fault is an answer. Of anything else the parent sees the exit; what is on standard error becomes the cause.
function fail(error: unknown): void {
  isOver = true;
  if (error instanceof SandboxFault) {
    frame({ kind: "fault", limit: error.limit, message: error.message });
    flush();
  } else {
    console.error(error);
    process.exit(1);
  }
}
