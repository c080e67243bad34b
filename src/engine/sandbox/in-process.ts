// The sandbox in this process, for tests and dry runs of trusted scripts: same guest and border, no second process.

import type { Sandbox } from "../sandbox.ts";
import { createBorder } from "./border.ts";
import { defaultSandboxLimits, type SandboxLimits } from "./limits.ts";
import { openMachine } from "./machine.ts";

// The default stack of Node leaves the engine no more than this before it overflows outside the script's reach.
const STACK_BYTES = 128 * 1024;

/**
 * Opens a sandbox without a process of its own: a script that hits a built-in which ignores interrupts blocks the
 * caller. Everything else behaves as in a child process. `load` may hand out one engine several times, to scripts that
 * may know of each other.
 */
export async function openInProcessSandbox(
  limits: SandboxLimits = { ...defaultSandboxLimits, stackBytes: STACK_BYTES },
  load?: Parameters<typeof openMachine>[2],
): Promise<Sandbox> {
  const machine = await openMachine(limits, null, load);
  const border = createBorder(limits);
  return {
    start: async (program) => border.read(machine.start(program)),
    async deliver(answers, hear) {
      for (const answer of answers) {
        if (machine.hasEnded()) return;
        border.close(answer.id);
        hear(border.read(machine.deliver(answer)));
      }
    },
    async [Symbol.asyncDispose]() {},
  };
}
