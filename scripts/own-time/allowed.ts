// Where the machine itself is meant: what may ask it for time or chance, and why no world could answer instead.

/** Some files of `src` that may ask for the same thing for the same reason. */
export interface Allowed {
  /** Behind `src/`; with `/` at its end everything in that folder. */
  files: readonly string[];
  /** As in the tables of names. */
  may: readonly string[] | "anything";
  because: string;
}

export const allowed: readonly Allowed[] = [
  {
    files: ["outside/clock.ts"],
    may: ["DateConstructor.now", "Performance.now", "timers/promises.setTimeout"],
    because: "The port to time itself.",
  },
  {
    files: ["open-world.ts"],
    may: ["Math.random"],
    because: "Here a process opens its port to chance.",
  },
  {
    files: ["outside/memory/clock.ts"],
    may: ["global.setImmediate", "timers/promises.setTimeout"],
    because: "Moves a world's time, and lets git and the disk catch up between two steps.",
  },
  {
    files: ["outside/claude/claude.ts", "outside/github/job-log.ts", "outside/github/wire.ts"],
    may: ["AbortSignal.timeout"],
    because: "A limit on a connection, behind the port to the server at its other end.",
  },
  {
    files: ["outside/claude/classify.ts", "outside/github/errors.ts", "outside/queue/bull.ts"],
    may: ["DateConstructor.now"],
    because: "Holds a moment that a server names against this machine's time, behind the port.",
  },
  {
    files: [
      "agent/visible-text/visible-text.ts",
      "doctor/attempt.ts",
      "engine/sandbox/conversation.ts",
      "repo/git.ts",
      "repo/ripgrep.ts",
    ],
    may: ["global.setTimeout"],
    because: "A watchdog over a process or a thread of this machine, which no world has.",
  },
  {
    files: ["onboarding/look.ts", "runs/estimate.ts"],
    may: ["AbortSignal.timeout"],
    because: "A watchdog over computing: a preview waits for nobody.",
  },
  {
    files: ["engine/sandbox/watch-memory.ts"],
    may: ["global.setInterval"],
    because: "Looks how much memory a process of this machine takes.",
  },
  {
    files: ["engine/sandbox/watch.ts"],
    may: ["Performance.now", "Process.threadCpuUsage"],
    because: "Measures how long a script computes.",
  },
  {
    files: ["engine/sandbox/child.ts", "engine/sandbox/warm-up.ts"],
    may: ["Performance.now"],
    because: "Computing is cut into slices, so that the process hears what comes in between.",
  },
  {
    files: ["engine/sandbox/early-sandboxes.ts"],
    may: ["global.setTimeout"],
    because: "Ends a process of this machine that nobody came for.",
  },
  {
    files: ["engine/sandbox/guest/globals.js"],
    may: ["Date, handed on", "Math, handed on"],
    because: "Takes clock and chance away from scripts.",
  },
  {
    files: [
      "engine/run/batches.ts",
      "engine/sandbox/warm-up.ts",
      "preview/attempt.ts",
      "repo/batches.ts",
      "steps/in-order.ts",
    ],
    may: ["timers/promises.setImmediate"],
    because: "One turn of the event loop: no time passes in it that a world could move.",
  },
  {
    files: ["open-data.ts", "repo/lock.ts", "repo/text-export.ts"],
    may: ["crypto.randomUUID"],
    because: "Names on a disk that several processes share: two of the same seed must differ.",
  },
  {
    files: ["runs/seal.ts"],
    may: ["crypto.randomBytes"],
    because: "A nonce that came twice, as from a seed, would open what is sealed.",
  },
  {
    files: ["command-line/setup.ts"],
    may: ["crypto.randomBytes"],
    because: "Secrets, which nobody may be able to draw again.",
  },
  {
    files: ["local/", "demo/"],
    may: "anything",
    because: "Plays GitHub and the model in processes of their own, and shows them to people.",
  },
];
