// The sandbox a run uses: a child process with nothing in it but the engine, watched and killed from here.

import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { SandboxFault } from "../errors.ts";
import type { Answer, HearPart, Program, Pumped, Sandbox } from "../sandbox.ts";
import { createBorder, type Border } from "./border.ts";
import { createConversation, type Conversation } from "./conversation.ts";
import type { Opening } from "./frames.ts";
import { launchChild } from "./launch.ts";
import { defaultSandboxLimits, type SandboxLimits } from "./limits.ts";
import { watchMemory } from "./watch-memory.ts";

const warmUpLimits: SandboxLimits = { ...defaultSandboxLimits, memoryPages: 256 };

/** A sandbox that can say whether its process has died since it was opened. */
export interface ChildSandbox extends Sandbox {
  isUsable(): boolean;
}

/**
 * Starts a child process for one script (about 250 ms) and opens its engine. Rejects with `SandboxFault` when the
 * process cannot start. Closing kills it and waits for its end, whatever it is doing.
 */
export async function openChildSandbox(
  limits: SandboxLimits = defaultSandboxLimits,
  { isEarly = false } = {},
): Promise<ChildSandbox> {
  const emptyFolder = await mkdtemp(join(tmpdir(), "fanfold-sandbox-"));
  const child = launchChild(emptyFolder, limits);
  const exited = once(child, "close").catch(() => []);
  const conversation = createConversation(child, limits);
  const border = createBorder(limits);
  const { processMib } = limits;
  const unwatch = watchMemory(child.pid, processMib, () => conversation.fail(tooLarge(processMib)));

  async function close(): Promise<void> {
    unwatch();
    conversation.end();
    child.kill("SIGKILL");
    await exited;
    await rm(emptyFolder, { recursive: true, force: true });
  }

  try {
    const opening: Opening = { limits, warmUpLimits: isEarly ? warmUpLimits : null };
    await conversation.open(JSON.stringify(opening));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    start: (program, hearPart) => start({ conversation, border }, program, hearPart),
    deliver: (answers, hear, hearPart) =>
      deliver({ conversation, border }, answers, { hear, hearPart }),
    isUsable: () => child.exitCode === null && child.signalCode === null,
    [Symbol.asyncDispose]: close,
  };
}

function tooLarge(mib: number): SandboxFault {
  return new SandboxFault(
    "memory",
    `The sandbox's process held more than ${mib} MiB of memory and was stopped; the run can be resumed, with less data at once.`,
  );
}

interface Child {
  conversation: Conversation;
  border: Border;
}

async function start(
  { conversation, border }: Child,
  program: Program,
  hearPart: HearPart | undefined,
): Promise<Pumped> {
  const pumped = Promise.withResolvers<Pumped>();
  const hear = (texts: readonly string[]): boolean => {
    pumped.resolve(border.read(texts));
    return true;
  };
  await conversation.move([JSON.stringify(program)], {
    hear,
    hearPart(texts) {
      border.take(texts);
      hearPart?.(border.handOver());
    },
  });
  return await pumped.promise;
}

interface Ears {
  hear: (pumped: Pumped) => void;
  hearPart: HearPart | undefined;
}

async function deliver(
  { conversation, border }: Child,
  answers: readonly Answer[],
  { hear, hearPart }: Ears,
): Promise<void> {
  let heard = 0;
  let isMidway = false;
  const begin = (): void => {
    if (!isMidway) border.close(answers[heard++]?.id);
    isMidway = true;
  };
  const hearSome = (texts: readonly string[]): void => {
    begin();
    border.take(texts);
    hearPart?.(border.handOver());
  };
  const hearOne = (texts: readonly string[]): boolean => {
    begin();
    isMidway = false;
    const pumped = border.read(texts);
    hear(pumped);
    return pumped.state.kind === "waiting";
  };
  if (answers.length > 0) {
    await conversation.move(encode(answers, border), { hear: hearOne, hearPart: hearSome });
  }
}

// Answers are written as JSON only when they are sent: one may be large, and there may be many.
function* encode(answers: readonly Answer[], border: Border): Generator<string> {
  for (const answer of answers) {
    border.expect(answer.id);
    yield JSON.stringify(answer);
  }
}
