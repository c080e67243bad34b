// What can go wrong with one operation, and how often it does.

import { drawInt } from "./draw.ts";

export type Fault =
  /** The process dies; the operation did not happen. */
  | { kind: "crash-before" }
  /** The operation happened, and the process dies before it hears of it. */
  | { kind: "crash-after" }
  /** It did not happen, and the process hears that. */
  | { kind: "fails" }
  /** It happened, and the process hears that it failed. */
  | { kind: "lost" }
  /** GitHub wants fewer requests for a while. */
  | { kind: "limited"; ms: number }
  /** GitHub lets nobody create anything for a while. */
  | { kind: "blocked"; ms: number }
  /** A list of GitHub's knows nothing of what was made within so many milliseconds. */
  | { kind: "stale"; ms: number }
  /** GitHub does not take the token, or lets it do nothing: 401 or 403. */
  | { kind: "forbidden" }
  /** The process stands still, with the operation decided and not sent. */
  | { kind: "pause"; ms: number }
  /** The disk is full. */
  | { kind: "full" }
  /** The provider's own words. */
  | { kind: "provider"; says: ProviderSays }
  /** The process is asked to stop, and another one is started. */
  | { kind: "term" }
  /** Somebody starts the bot on a second machine; this process stands still for so long. */
  | { kind: "second"; ms: number }
  /** What GitHub sends arrives so much later, behind what it sends next. */
  | { kind: "late"; ms: number }
  /** It arrives again, so much later; of a queue: the run is put in again. */
  | { kind: "twice"; ms: number }
  /** It never arrives. */
  | { kind: "dropped" };

export type ProviderSays = (typeof PROVIDER_SAYS)[number];
const PROVIDER_SAYS = ["rate-limit", "overloaded", "spend-cap", "stalled"] as const;

/** How often things go wrong; each from 0 to 1, of all operations that it can befall. */
export interface Weather {
  crash: number;
  fails: number;
  lost: number;
  limited: number;
  blocked: number;
  stale: number;
  forbidden: number;
  pause: number;
  full: number;
  provider: number;
  term: number;
  second: number;
  /** Of webhooks. */
  late: number;
  twice: number;
  dropped: number;
  /** Of what a queue is given, and hands out. */
  requeued: number;
}

export type OperationKind =
  | "forge"
  | "git"
  | "model"
  | "disk"
  | "inbox"
  | "sandbox"
  | "webhook"
  | "queue";

const KINDS: Record<Fault["kind"], true> = {
  "crash-before": true,
  "crash-after": true,
  fails: true,
  lost: true,
  limited: true,
  blocked: true,
  stale: true,
  forbidden: true,
  pause: true,
  full: true,
  provider: true,
  term: true,
  second: true,
  late: true,
  twice: true,
  dropped: true,
};

/** Of a stored plan. */
export const isFault = (value: unknown): value is Fault =>
  typeof value === "object" &&
  value !== null &&
  "kind" in value &&
  typeof value.kind === "string" &&
  Object.hasOwn(KINDS, value.kind);

/** What GitHub counts as content: it can be blocked for a while. */
export const CREATES = /^create(?:Comment|Review|PullRequest|Issue)$/u;
/** What is answered from a list, which may be behind. */
const LISTS = /^(?:find|ourChecks)/u;

/** Faults that can befall an operation, each with what it is counted as. `number` draws from 0 to 999. */
export function possible(
  { kind, name }: { kind: OperationKind; name: string },
  number: (what: string) => number,
): [keyof Weather, Fault][] {
  if (kind === "sandbox") return [];
  if (kind === "webhook") return ofWebhooks(number);
  if (kind === "queue") return ofQueues(number);
  const faults: [keyof Weather, Fault][] = ofProcesses(number);
  if (kind === "disk" || kind === "inbox") return [...faults, ["full", { kind: "full" }]];
  faults.push(["fails", { kind: "fails" }], ["lost", { kind: "lost" }]);
  if (kind === "forge") faults.push(...ofForge(name, number), ["forbidden", { kind: "forbidden" }]);
  if (kind === "model") faults.push(...ofProvider(number));
  return faults;
}

const crashOf = (number: (what: string) => number): [keyof Weather, Fault] => [
  "crash",
  number("side") < 500 ? { kind: "crash-before" } : { kind: "crash-after" },
];

/** It is within its process: nothing else can go wrong with it. */
const ofQueues = (number: (what: string) => number): [keyof Weather, Fault][] => [
  crashOf(number),
  ["requeued", { kind: "twice", ms: number("requeued") < 300 ? 0 : number("requeued") * 600 }],
];

function ofProcesses(number: (what: string) => number): [keyof Weather, Fault][] {
  const frozenMs = number("wakes") < 300 ? 0 : number("frozen") * 600;
  return [
    crashOf(number),
    ["pause", { kind: "pause", ms: 1_000 + number("pause") * 120 }],
    ["term", { kind: "term" }],
    ["second", { kind: "second", ms: frozenMs }],
  ];
}

function ofForge(name: string, number: (what: string) => number): [keyof Weather, Fault][] {
  const faults: [keyof Weather, Fault][] = [
    ["limited", { kind: "limited", ms: 1_000 + number("wait") * 60 }],
  ];
  if (LISTS.test(name)) faults.push(["stale", { kind: "stale", ms: 500 + number("stale") * 4 }]);
  if (CREATES.test(name))
    faults.push(["blocked", { kind: "blocked", ms: 60_000 + number("block") * 240 }]);
  return faults;
}

function ofProvider(number: (what: string) => number): [keyof Weather, Fault][] {
  const says = PROVIDER_SAYS[number("says") % PROVIDER_SAYS.length] ?? "overloaded";
  return [["provider", { kind: "provider", says }]];
}

const ofWebhooks = (number: (what: string) => number): [keyof Weather, Fault][] => [
  ["late", { kind: "late", ms: 1_000 + number("late") * 240 }],
  ["twice", { kind: "twice", ms: number("again") * 60 }],
  ["dropped", { kind: "dropped" }],
];

/** How bad the weather is, drawn as well: calm seas find other bugs than storms. */
export function drawWeather(seed: number, draw: (seed: number, key: string) => number): Weather {
  const level = (name: string, most: number): number =>
    draw(seed, `has ${name}`) < 0.6 ? draw(seed, `level ${name}`) ** 2 * most : 0;
  return {
    crash: level("crash", 0.05),
    fails: level("fails", 0.1),
    lost: level("lost", 0.1),
    limited: level("limited", 0.1),
    blocked: level("blocked", 0.1),
    forbidden: level("forbidden", 0.03),
    stale: level("stale", 0.5),
    pause: level("pause", 0.02),
    full: level("full", 0.02),
    provider: level("provider", 0.2),
    term: level("term", 0.01),
    second: level("second", 0.01),
    late: level("late", 0.5),
    twice: level("twice", 0.5),
    dropped: level("dropped", 0.5),
    requeued: level("requeued", 0.5),
  };
}

/** The same key, drawn in thousandths. */
export const inThousandths = (seed: number, key: string) => (what: string) =>
  drawInt(seed, `${key} ${what}`, [0, 999]);
