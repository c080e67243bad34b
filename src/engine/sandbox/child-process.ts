// The sandbox a run uses: a child process with nothing in it but the engine, watched and killed from here.

import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { SandboxFault } from "../errors.ts";
import type { Sandbox } from "../sandbox.ts";
import { createBorder } from "./border.ts";
import { createConversation, type Conversation } from "./conversation.ts";
import { launchChild } from "./launch.ts";
import { defaultSandboxLimits, type SandboxLimits } from "./limits.ts";

/**
 * Starts a child process for one script (about 60 ms) and opens its engine. Rejects with `SandboxFault` when the
 * process cannot start. Closing kills it and waits for its end, whatever it is doing.
 */
export async function openChildSandbox(
  limits: SandboxLimits = defaultSandboxLimits,
): Promise<Sandbox> {
  const emptyFolder = await mkdtemp(join(tmpdir(), "fanfold-sandbox-"));
  const child = launchChild(emptyFolder, limits);
  const exited = once(child, "close").catch(() => []);
  const conversation = createConversation(child, limits);
  const border = createBorder(limits);

  async function close(): Promise<void> {
    child.kill("SIGKILL");
    await exited;
    await rm(emptyFolder, { recursive: true, force: true });
  }

  try {
    expectKind(await conversation.ask({ kind: "open", limits }), "ready");
  } catch (error) {
    await close();
    throw error;
  }
  return {
    start: async (program) => border.read(await pump(conversation, { kind: "start", program })),
    async deliver(id, outcome, spent) {
      border.close(id);
      const answer = JSON.stringify({ id, outcome, spent });
      return border.read(await pump(conversation, { kind: "deliver", answer }));
    },
    [Symbol.asyncDispose]: close,
  };
}

async function pump(
  conversation: Conversation,
  frame: Parameters<Conversation["ask"]>[0],
): Promise<readonly string[]> {
  return expectKind(await conversation.ask(frame), "pumped").texts;
}

type Answer = Awaited<ReturnType<Conversation["ask"]>>;

function expectKind<Kind extends Answer["kind"]>(
  answer: Answer,
  kind: Kind,
): Extract<Answer, { kind: Kind }> {
  if (isKind(answer, kind)) return answer;
  throw new SandboxFault("crash", `The sandbox answered ${answer.kind} where ${kind} was due.`);
}

function isKind<Kind extends Answer["kind"]>(
  answer: Answer,
  kind: Kind,
): answer is Extract<Answer, { kind: Kind }> {
  return answer.kind === kind;
}
