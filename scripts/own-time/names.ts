// What asks the machine itself for time or chance, by what a name stands for wherever it is declared.

const EVERY_TIMER = ["setTimeout", "setInterval", "setImmediate"];
const EVERY_DRAW = [
  "generateKey",
  "generateKeyPair",
  "generateKeyPairSync",
  "generateKeySync",
  "generatePrime",
  "generatePrimeSync",
  "getRandomValues",
  "pseudoRandomBytes",
  "randomBytes",
  "randomFill",
  "randomFillSync",
  "randomInt",
  "randomUUID",
];

/** Home and name, as declared by the language or by Node: `global`, a module without `node:`, or an interface. */
export const asked: ReadonlySet<string> = new Set([
  "DateConstructor.now",
  ...["now", "timeOrigin", "mark", "measure", "toJSON"].map((name) => `Performance.${name}`),
  ...["hrtime", "uptime", "cpuUsage", "threadCpuUsage", "resourceUsage"].map(
    (name) => `Process.${name}`,
  ),
  "os.uptime",
  ...EVERY_TIMER.map((name) => `global.${name}`),
  ...EVERY_TIMER.map((name) => `timers/promises.${name}`),
  "Scheduler.wait",
  "Scheduler.yield",
  "AbortSignal.timeout",
  "Atomics.wait",
  "Atomics.waitAsync",
  "Math.random",
  ...EVERY_DRAW.map((name) => `crypto.${name}`),
  "Crypto.getRandomValues",
  "Crypto.randomUUID",
  "SubtleCrypto.generateKey",
  // What it loads has no types, and nobody could judge it.
  "Module.createRequire",
]);

/** They mean this moment when they are called with nothing. */
export const askedWithNothing: ReadonlySet<string> = new Set([
  "DateTimeFormat.format",
  "DateTimeFormat.formatToParts",
]);

/** Whoever is handed one of these whole can ask it anything, under any name. */
export const whole: ReadonlySet<string> = new Set([
  "global.Date",
  "global.Math",
  "global.performance",
  "perf_hooks.performance",
  "global.crypto",
  "crypto.webcrypto",
]);
