// The steps of a run whose answers are made up: nothing is asked of a model, nothing is changed.

import type { Call, Step, StepTable } from "../engine/call.ts";
import { StepFailed } from "../engine/errors.ts";
import type { Json, JsonObject } from "../engine/json.ts";
import { PathRefused } from "../repo/contract.ts";
import { scriptFunctions } from "../script/language.ts";
import { type AgentType, mayEdit } from "../steps/agent-types/agent-type.ts";
import { builtInTypes } from "../steps/agent-types/shipped.ts";
import {
  AgentInput,
  ChangeInput,
  ChecksInput,
  CombineInput,
  FilesInput,
  KnownInput,
  ProposeInput,
  readInput,
  ReadInput,
  ReviewInput,
  ReviseInput,
  SearchInput,
  ShardsInput,
  VerifyInput,
} from "../steps/options.ts";
import { divide } from "../steps/shards.ts";
import type { Answers } from "./answers.ts";
import type { Kind } from "./cost.ts";
import type { Ground } from "./ground.ts";
import type { Tally } from "./tally.ts";

/** What the steps work with. */
export interface StandInWorld {
  ground: Ground;
  answers: Answers;
  tally: Tally;
  /** Most reviewers of one thing. */
  reviewersMax: number;
}

type Perform = (call: Call) => Promise<Json> | Json;

/** A step for every function of the language. */
export function standInSteps(world: StandInWorld): StepTable {
  const { answers } = world;
  const steps: Record<string, Step> = {
    agent: counted(world, {
      kind: "worker",
      perform: (call) => answers.agent(call, readInput(AgentInput, "agent", call.input)),
    }),
    change: counted(world, {
      kind: "worker",
      perform: (call) => answers.change(call, readInput(ChangeInput, "change", call.input)),
    }),
    revise: counted(world, {
      kind: "worker",
      perform: (call) =>
        checked(answers.revise, call, () => readInput(ReviseInput, "revise", call.input)),
    }),
    review: counted(world, {
      kind: "reviewer",
      agents: (input) => votersIn(input, { otherwise: 2, most: world.reviewersMax }),
      perform: (call) =>
        checked(answers.review, call, () => readInput(ReviewInput, "review", call.input)),
    }),
    verify: counted(world, {
      kind: "reviewer",
      agents: (input) => votersIn(input, { otherwise: 1, most: world.reviewersMax }),
      perform: (call) =>
        checked(answers.verify, call, () => readInput(VerifyInput, "verify", call.input)),
    }),
    combine: free(({ input }) => answers.combine(readInput(CombineInput, "combine", input))),
    approve: free((call) => answers.approve(call)),
    checks: free((call) => {
      world.tally.note(
        "checks() lets the repository's CI run on branches, which costs no agent: what it says is made up here.",
      );
      return checked(answers.checks, call, () => readInput(ChecksInput, "checks", call.input));
    }),
    report: free(() => null),
    ...parts(),
    ...readings(world),
  };
  // A function of the language that is not above starts no agent; it answers nothing, and the log says so.
  for (const { step } of scriptFunctions) {
    steps[step] ??= free(() => {
      world.tally.note(`${step}() has no stand-in: it gave null here.`);
      return null;
    });
  }
  return steps;
}

/** A migration that is done for the first time, in one pull request; what belongs to whom makes no other number of agents. */
function parts(): Record<string, Step> {
  return {
    "migration.shards": free(({ input }) => {
      const { files, by, most } = readInput(ShardsInput, "migration.shards", input);
      const known = { by: by === "owner" ? "directory" : by, packages: [""] } as const;
      return divide(files, { ...known, most, ownersOf: () => [] }).map((shard) => ({ ...shard }));
    }),
    "migration.known": free(({ input }) => {
      readInput(KnownInput, "migration.known", input);
      return [];
    }),
    "migration.propose": free(({ input }) => {
      readInput(ProposeInput, "migration.propose", input);
      return { apart: false, proposed: [], refused: [] };
    }),
  };
}

/** What a script reads of the repository. */
function readings({ ground, tally }: StandInWorld): Record<string, Step> {
  return {
    "repo.files": free(({ input }) =>
      ground.files(readInput(FilesInput, "repo.files", input).glob),
    ),
    "repo.read": free(({ input }) => ground.read(readInput(ReadInput, "repo.read", input).path)),
    "repo.search": free(({ input }) => {
      const { pattern, glob, limit } = readInput(SearchInput, "repo.search", input);
      return ground.search(pattern, {
        ...(glob === undefined ? {} : { glob }),
        ...(limit === undefined ? {} : { limit }),
      });
    }),
    "repo.diff": free(() => {
      tally.askedDiff = true;
      return ground.diff();
    }),
  };
}

/** Answers a call whose options only have to be right. */
function checked(answer: (call: Call) => Json, call: Call, check: () => unknown): Json {
  check();
  return answer(call);
}

/** How many reviewers a call asks for; a number of them that cannot be is left to the step itself to refuse. */
function votersIn(
  { reviewers, lenses }: JsonObject,
  { otherwise, most }: { otherwise: number; most: number },
): number {
  const asked = typeof reviewers === "number" ? reviewers : null;
  const count = asked ?? (Array.isArray(lenses) ? lenses.length : otherwise);
  return Number.isInteger(count) && count > 0 && count <= most ? count : 1;
}

/** The type a call names. Rejects with `StepFailed` when the repository that is previewed has none of that name. */
async function typeFor({ ground }: StandInWorld, { step, input }: Call): Promise<AgentType | null> {
  const { agentType } = input;
  if (typeof agentType !== "string") return null;
  if (ground.agentTypes !== null) return await ground.agentTypes.find(agentType, step);
  return builtInTypes.find(({ name }) => name === agentType) ?? null;
}

/** Output tokens of one made-up agent: what makes `budget.spent()` move. */
const OUTPUT_TOKENS = 2_000;

function counted(
  world: StandInWorld,
  does: {
    kind: Kind;
    agents?: (input: JsonObject) => number;
    perform: Perform;
  },
): Step {
  const { agents = () => 1, kind, perform } = does;
  return {
    identity: (input) => input,
    agents,
    replay: "recorded",
    async perform(call) {
      const count = agents(call.input);
      const type = await typeFor(world, call);
      const value = await perform(call);
      const staff = { model: type?.model ?? null, effort: type?.effort ?? null };
      const isReader = kind === "worker" && type !== null && !mayEdit(type);
      world.tally.count(call, { agents: count, kind: isReader ? "reader" : kind, ...staff });
      const usage = { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0 };
      return {
        outcome: { ok: true, value },
        usage: { ...usage, outputTokens: OUTPUT_TOKENS * count },
      };
    },
  };
}

function free(perform: Perform): Step {
  return {
    identity: (input) => input,
    agents: () => 0,
    replay: "recorded",
    async perform(call) {
      try {
        return { outcome: { ok: true, value: await perform(call) } };
      } catch (error) {
        if (error instanceof PathRefused) throw new StepFailed(error.message, { cause: error });
        throw error;
      }
    },
  };
}
