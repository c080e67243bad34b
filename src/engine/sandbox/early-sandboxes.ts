// Starts a sandbox before it is needed, so that a run finds one that has started and is warm.

import type { OpenSandbox, Sandboxes } from "../sandbox.ts";
import { type ChildSandbox, openChildSandbox } from "./child-process.ts";
import { defaultSandboxLimits, type SandboxLimits } from "./limits.ts";

/** Long enough for a script to be written; a run that waits for people longer than that starts one when it goes on. */
const KEPT_MS = 120_000;

/**
 * Sandboxes in child processes. At most one waits for its run, and none for longer than two minutes. Each is one script's
 * own all the same: what is done early is the start, never anything of a script. A sandbox that a run closes is killed at
 * once, and only `Symbol.asyncDispose` waits for the system to have cleared it away; it rejects where that failed.
 */
export function createEarlySandboxes(
  limits: SandboxLimits = defaultSandboxLimits,
  openSandbox: typeof openChildSandbox = openChildSandbox,
): Sandboxes {
  let early: Promise<ChildSandbox | null> | null = null;
  let forgetting: NodeJS.Timeout | undefined;
  const closing = new Set<PromiseLike<void>>();

  function take(): Promise<ChildSandbox | null> | null {
    clearTimeout(forgetting);
    const taken = early;
    early = null;
    return taken;
  }

  async function closeEarly(): Promise<void> {
    const sandbox = await take();
    await sandbox?.[Symbol.asyncDispose]();
  }

  /** One that fails stays in the set, for whoever closes everything to hear of it. */
  function inBackground(closed: PromiseLike<void>): void {
    closing.add(closed);
    closed.then(
      () => closing.delete(closed),
      () => {},
    );
  }

  const open: OpenSandbox = async () => {
    const early = await take();
    if (early?.isUsable() === false) inBackground(early[Symbol.asyncDispose]());
    const sandbox = early?.isUsable() === true ? early : await openSandbox(limits);
    return {
      ...sandbox,
      async [Symbol.asyncDispose]() {
        inBackground(sandbox[Symbol.asyncDispose]());
      },
    };
  };

  return {
    open,
    prepare() {
      if (early !== null) return;
      // One that could not start is tried again by whoever needs it, and fails there.
      early = openSandbox(limits, { isEarly: true }).catch(() => null);
      forgetting = setTimeout(() => inBackground(closeEarly()), KEPT_MS).unref();
    },
    async [Symbol.asyncDispose]() {
      inBackground(closeEarly());
      await Promise.all(closing);
    },
  };
}
