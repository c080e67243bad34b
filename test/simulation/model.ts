// The model of the simulated world: what it says follows from what it is asked, never from when or how often.

import type { Json, Spoken, Turn, TurnRequest } from "../../src/agent/model.ts";
import { draw } from "./core/draw.ts";

export interface Said {
  turn: Turn;
  /** What was asked, in a word: the same for every attempt. */
  about: string;
}

/** How the agents of a world are. */
export interface Nature {
  /** They use tools that they do not have. */
  isClumsy: boolean;
  /** They say what looks like a secret. */
  isLeaky: boolean;
}

/** Answers a request; `seed` decides what reviewers think. */
export function answer(request: TurnRequest, seed: number, nature: Nature): Said {
  const role = /^Role: (\w+)/u.exec(request.system)?.[1] ?? "nobody";
  const task = taskOf(request);
  const turns = request.messages.filter((message) => message.role === "assistant").length;
  const talk = { task, turns, request, seed, ...nature };
  const act = (roles[role] ?? unasked)(talk);
  const about = `${role} ${wordsOf(talk.task)} turn ${turns}`;
  if (typeof act === "string")
    return { about, turn: { content: [{ kind: "text", text: act }], stopReason: "end", usage } };
  const use: Spoken = { kind: "tool-use", id: `use-${turns}`, ...act };
  return { about, turn: { content: [use], stopReason: "tool-use", usage } };
}

/** The label of the call that a request belongs to, where it can be told: the first work on a part, an idea, a look. */
export function labelOf(request: TurnRequest): string | null {
  const task = taskOf(request);
  const [, part] = PART.exec(task) ?? [];
  const isWorker = request.system.startsWith("Role: worker");
  if (isWorker && part !== undefined && !task.includes("not nice enough")) return `part ${part}`;
  const [, idea] = /What is part (\d+) about/u.exec(task) ?? [];
  const [, look] = /Look at part (\d+)/u.exec(task) ?? [];
  if (idea !== undefined) return `idea ${idea}`;
  return look === undefined || !isWorker ? null : `look ${look}`;
}

/** Whether reviewers would never let this part pass, whatever becomes of it. */
export const isHopeless = (seed: number, part: string, lenses: readonly string[]): boolean =>
  lenses.some((lens) => opinionOf(seed, part, lens) < NEVER);

const NEVER = 0.1;
const AT_FIRST = 0.35;
const PARTS_MAX = 6;

/** What reviewers of a world think of its parts, as far as it makes a difference: never, not at first, at once. */
export const opinionsOf = (seed: number): string[] =>
  ["correctness", "security"].flatMap((lens) =>
    Array.from({ length: PARTS_MAX }, (_, part) => {
      const opinion = opinionOf(seed, String(part), lens);
      return `${opinion < NEVER} ${opinion < AT_FIRST}`;
    }),
  );

const opinionOf = (seed: number, part: string, lens: string): number =>
  draw(seed, `opinion ${part} ${lens}`);

function taskOf({ messages }: TurnRequest): string {
  const [first] = messages;
  const parts = (first?.content ?? []).flatMap((part) => (part.kind === "text" ? [part.text] : []));
  return parts.join("\n");
}

interface Talk extends Nature {
  task: string;
  /** Turns taken before this one. */
  turns: number;
  request: TurnRequest;
  seed: number;
}

/** A use of a tool, or the agent's last words. */
type Act = (talk: Talk) => { name: string; input: Json } | string;

const usage = {
  inputTokens: 100,
  outputTokens: 10,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  costUsd: 0.01,
};

/** What scripts of the simulation ask for: `Write part 3 into shared.txt`. */
const PART = /Write part (\d+) into (\S+)/u;

/** Shaped like a token of GitHub's; nobody may ever see it. */
export const LEAKED = `ghp_${"A".repeat(36)}`;

const leakOf = ({ isLeaky }: Nature): string => (isLeaky ? ` with ${LEAKED}` : "");

const finish = (input: Json) => ({ name: "finish", input });

const unasked: Act = ({ task, request, isClumsy }) => {
  const tool = request.tools.find(({ name }) => name === "finish");
  if (isClumsy) return finish(plain(tool?.inputSchema ?? {}));
  return tool === undefined ? `Of ${wordsOf(task)}: all is well.` : finish(plain(tool.inputSchema));
};

const worker: Act = (talk) => {
  const [, part, path] = PART.exec(talk.task) ?? [];
  if (part === undefined || path === undefined) return unasked(talk);
  const isRevision = /revis|finding/iu.test(talk.task) && talk.task.includes("not nice enough");
  const content = `part ${part}\n${isRevision ? "revised\n" : ""}`;
  if (talk.turns === 0) return { name: "write_file", input: { path, content } };
  return finish({ summary: `Write part ${part}${leakOf(talk)}` });
};

/** Rejects some parts the first time, and some whatever becomes of them. */
const reviewer: Act = (talk) => {
  const { task, seed, request, isClumsy } = talk;
  if (!isClumsy && isAboutAClaim(request)) return judgeClaim(task, seed);
  const [, part = "0", path = "README.md"] = PART.exec(task) ?? [];
  const lens = /Lens: (.*)/u.exec(task)?.[1] ?? "";
  const opinion = opinionOf(seed, part, lens);
  const isRevised = task.includes("+revised");
  const rejects = opinion < NEVER || (opinion < AT_FIRST && !isRevised);
  if (!rejects) return finish({ verdict: "accept", findings: [] });
  const finding = {
    path,
    line: 1,
    severity: "blocking",
    title: `Part ${part} is not nice enough`,
    claim: `Part ${part} is not nice enough for ${lens}.${leakOf(talk)}`,
    evidence: `part ${part}`,
  };
  return finish({ verdict: "reject", findings: [finding] });
};

function isAboutAClaim({ tools }: TurnRequest): boolean {
  const answer = tools.find(({ name }) => name === "finish")?.inputSchema["properties"];
  return isObject(answer) && "refuted" in answer;
}

const judgeClaim = (task: string, seed: number): ReturnType<Act> =>
  finish({
    refuted: opinionOf(seed, task.slice(-20), "truth") < AT_FIRST,
    evidence: "Seen.",
  });

const resolver: Act = ({ request }) => {
  const schema = request.tools.find(({ name }) => name === "finish")?.inputSchema ?? {};
  return finish(plain(schema));
};

const synthesizer: Act = (talk) =>
  finish({
    title: "Do what was asked",
    summary: `What was asked is done${leakOf(talk)}.`,
    risks: "None known.",
  });

const roles: Readonly<Record<string, Act>> = { worker, reviewer, resolver, synthesizer };

/** The plainest value that fits a schema. */
function plain(schema: { [key: string]: Json }): Json {
  const { properties, required, type } = schema;
  if (Array.isArray(schema["enum"])) return schema["enum"][0] ?? null;
  if (type === "array") return [];
  if (type === "integer" || type === "number") return 1;
  if (type === "boolean") return false;
  if (type !== "object") return "done";
  const wanted = Array.isArray(required) ? required : [];
  const known = isObject(properties) ? properties : {};
  return Object.fromEntries(
    wanted.flatMap((name): [string, Json][] => {
      const inner = typeof name === "string" ? known[name] : undefined;
      return typeof name === "string" ? [[name, plain(isObject(inner) ? inner : {})]] : [];
    }),
  );
}

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const wordsOf = (task: string): string => PART.exec(task)?.[0] ?? task.slice(0, 60);
