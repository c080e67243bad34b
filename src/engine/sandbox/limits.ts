// Every limit of a sandbox in one object, with its unit in its name.

import { z } from "zod";

/** What one sandbox may use. A stretch is what happens between two answers: one `start` or one `deliver`. */
export const SandboxLimits = z.object({
  /** Computing time of the script in one stretch. */
  stretchCpuMs: z.int().positive(),
  /** Wall time until a child that has not opened its engine is given up. */
  startMs: z.int().positive(),
  /** Wall time until a silent child is killed; well above `stretchCpuMs`, because the machine may be busy. */
  silenceMs: z.int().positive(),
  /**
   * Computing time of a child in its whole life, kept by the system itself: the end of a child whose parent was killed
   * while a script computed. (On Windows, which has no such limit, such a child ends when the script does.)
   */
  lifetimeCpuSeconds: z.int().positive(),
  /** Promise jobs in one stretch. */
  stretchJobs: z.int().positive(),
  /** Calls and phases in one stretch. */
  stretchTexts: z.int().positive(),
  /** Log lines of one stretch that are kept, the last ones; the language promises no more. */
  stretchLogLines: z.int().positive(),
  /** Characters of one call, log line or result, as JSON. */
  textChars: z.int().positive(),
  /** Characters of all of them in one stretch. */
  stretchChars: z.int().positive(),
  /** Characters of all of them in the sandbox's life. */
  totalChars: z.int().positive(),
  /** Levels of nesting of what a script sends. */
  depth: z.int().positive(),
  /** Memory of the engine and everything the script holds, in WebAssembly pages of 64 KiB. */
  memoryPages: z.int().positive(),
  /**
   * Memory of the child's whole process, looked at from outside a few times a second (on Linux): its heap may grow to
   * 256 MiB, the engine's memory comes on top, and what a script sends goes through both.
   */
  processMib: z.int().positive(),
  /** The engine's own stack; above it the script sees a RangeError. */
  stackBytes: z.int().positive(),
});
export type SandboxLimits = z.infer<typeof SandboxLimits>;

/** What a run gets unless it is told otherwise. */
export const defaultSandboxLimits: SandboxLimits = {
  stretchCpuMs: 2_000,
  startMs: 30_000,
  silenceMs: 20_000,
  lifetimeCpuSeconds: 600,
  stretchJobs: 150_000,
  stretchTexts: 20_000,
  stretchLogLines: 1_000,
  textChars: 4 * 1024 * 1024,
  stretchChars: 16 * 1024 * 1024,
  totalChars: 256 * 1024 * 1024,
  depth: 64,
  memoryPages: 1_024,
  processMib: 384,
  stackBytes: 256 * 1024,
};
