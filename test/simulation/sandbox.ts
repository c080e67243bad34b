// Sandboxes of simulated worlds: in this process, and many of them in one engine.

import { openInProcessSandbox } from "../../src/engine/sandbox/in-process.ts";
import { defaultSandboxLimits } from "../../src/engine/sandbox/limits.ts";
import { loadEngine } from "../../src/engine/sandbox/load-engine.ts";

const sandboxLimits = {
  ...defaultSandboxLimits,
  stackBytes: 128 * 1024,
  stretchCpuMs: 60_000,
};

/** Sandboxes of one engine: its memory is enough for so many, which are never cleared away. */
const SANDBOXES_OF_ONE = 20;
let engine: { opened: number; module: ReturnType<typeof loadEngine> } | null = null;

/** Scripts of the simulation are small and harmless, and loading engines would be most of what there is to do. */
const sharedEngine: typeof loadEngine = (pages, onExhausted) => {
  if (engine === null || engine.opened === SANDBOXES_OF_ONE)
    engine = { opened: 0, module: loadEngine(pages, onExhausted) };
  engine.opened += 1;
  return engine.module;
};

/** A sandbox in this process, in an engine that others share. */
export const openSandbox = () => openInProcessSandbox(sandboxLimits, sharedEngine);
