// The child process: one engine, lines in, lines out, nothing else. Started by `child-process.ts` alone.

import { SandboxFault } from "../errors.ts";
import type { Program } from "../sandbox.ts";
import type { ChildFrame, Opening } from "./frames.ts";
import { createLines } from "./lines.ts";
import { openMachine, type Machine } from "./machine.ts";
import { warmUp } from "./warm-up.ts";
import type { Texts } from "./watch.ts";

// So that the parent is not kept waiting for what many answers in a row come to, nor gets more at once than it takes.
const SILENT_MS = 5;
const UNSAID = 500;

let machine: Machine | null = null;
let isStarted = false;
let isOver = false;
/** Of the lines that are answered and not yet told: how many texts each of them has, and the texts. */
let counts: number[] = [];
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

async function open({ limits, warmUpLimits }: Opening): Promise<void> {
  machine = await openMachine(limits, (texts) => {
    flush();
    tell({ kind: "part", texts: texts.length }, texts);
  });
  tell({ kind: "ready" });
  // Without it everything works, only slower.
  if (warmUpLimits !== null) await warmUp(warmUpLimits, () => isStarted).catch(console.error);
}

// The line behind the opening is the program, every other an answer.
function move(machine: Machine, line: string): Texts {
  if (isStarted) return machine.deliver(JSON.parse(line));
  isStarted = true;
  const program: Program = JSON.parse(line);
  return machine.start(program);
}

function say(texts: Texts): void {
  counts.push(texts.length);
  for (const text of texts) unsaid.push(text);
  isOver = machine?.hasEnded() ?? false;
  if (counts.length === UNSAID || performance.now() - saidAtMs > SILENT_MS) flush();
}

function flush(): void {
  if (counts.length > 0) tell({ kind: "pumped", texts: counts }, unsaid);
  counts = [];
  unsaid = [];
  saidAtMs = performance.now();
}

function tell(frame: ChildFrame, texts: Texts = []): void {
  process.stdout.write(`${[JSON.stringify(frame), ...texts].join("\n")}\n`);
}

// A fault is an answer. Of anything else the parent sees the exit; what is on standard error becomes the cause.
function fail(error: unknown): void {
  isOver = true;
  if (error instanceof SandboxFault) {
    flush();
    tell({ kind: "fault", limit: error.limit, message: error.message });
  } else {
    console.error(error);
    process.exit(1);
  }
}
