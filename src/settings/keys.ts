// Every setting a repository has, one row a key: what it does, what fits, what holds without it, and how two files meet.

import { z } from "zod";

import { limits } from "../config/limits.ts";
import { approval } from "./approval-rows.ts";
import * as meet from "./meet.ts";
import { permissions } from "./permission-rows.ts";
import { pull, pullRequests } from "./pull-request-rows.ts";
import { type Row, row } from "./row.ts";
import { type Schedule, Schedules } from "./schedule.ts";
import {
  amount,
  countUpTo,
  glob,
  list,
  oneOf,
  section,
  text,
  wholeNumber,
  yesOrNo,
} from "./values.ts";

const HOUR_MS = 60 * 60_000;
const dayDollars = { least: 0, most: limits.command.dayBudgetUsd, unit: "US dollars" };
const dollars = { least: 0, most: limits.command.budgetUsd, unit: "US dollars" };

const general = {
  disableWorkflows: row({
    does: "Switches Fanfold off: nothing is started.",
    schema: yesOrNo(),
    fallback: false,
    meet: meet.either,
  }),
  savedWorkflowsOnly: row({
    does: "Runs saved workflows only: no script is written for a task in a sentence.",
    schema: yesOrNo(),
    fallback: false,
    meet: meet.either,
  }),
  model: row<string | null>({
    does: "Model of agents whose script and agent type name none: an alias such as sonnet, or a full id.",
    schema: text(100, "the alias or id of a model"),
    fallback: null,
  }),
  effort: row<"low" | "medium" | "high" | "xhigh" | "max" | null>({
    does: "How hard agents think whose script and agent type say nothing about it.",
    schema: oneOf(["low", "medium", "high", "xhigh", "max"]),
    fallback: null,
  }),
  branches: row<"shown" | "hidden">({
    does: "Where the work of each agent stands: on a branch, with a pull request where there are few, or on a hidden ref, so that neither lists of branches nor CI nor webhooks have to do with it; its reviews are on the final pull request then.",
    schema: oneOf(["shown", "hidden"]),
    fallback: "shown",
  }),
  workerPulls: row<number>({
    does: "Writers that a run may have for each to get a draft pull request, where its reviews are; in a run of more they are branches, and all reviews are on the final pull request. 0 opens none.",
    schema: countUpTo(limits.publish.workerPullsMost),
    fallback: limits.publish.workerPulls,
    meet: meet.less,
  }),
  size: row<"small" | "medium" | "large" | "unrestricted" | null>({
    does: "Advice for scripts that are written for a task: fewer than 5, 10 or 50 agents, or no advice. A plan with more agents carries the warning of a large workflow.",
    schema: oneOf(["small", "medium", "large", "unrestricted"]),
    fallback: null,
  }),
  transcripts: row<"private" | "always" | "never">({
    does: "Where what agents at work have said goes into the sealed checkpoint, so that another machine goes on with it: in private repositories, in all of them, or nowhere. The bot's own disk has it in any case.",
    schema: oneOf(["private", "always", "never"]),
    fallback: "private",
    meet: meet.lessOften,
  }),
};

const bounds = {
  "limits.agents": row<number>({
    does: "Agents that one run may start in all.",
    schema: wholeNumber(limits.run.agents),
    fallback: limits.run.agents,
    meet: meet.less,
  }),
  "limits.agentsAtOnce": row<number>({
    does: "Agents of one run at the same time.",
    schema: wholeNumber(limits.run.agentsAtOnce),
    fallback: limits.run.agentsAtOnce,
    meet: meet.less,
  }),
  "limits.hours": row<number>({
    does: "Hours that one script may be driven.",
    schema: amount({ least: 0.1, most: limits.run.scriptMs / HOUR_MS, unit: "hours" }),
    fallback: limits.run.scriptMs / HOUR_MS,
    meet: meet.less,
  }),
  "limits.checks": row<number>({
    does: "Branches of one run that the repository's own CI may be let run on, where its script asks for it. 0: none.",
    schema: countUpTo(limits.checks.branchesMost),
    fallback: limits.checks.branches,
    meet: meet.less,
  }),
  "limits.files": row<number>({
    does: "Files that a final pull request may change; before a larger one is opened, a person is asked.",
    schema: wholeNumber(limits.pull.mostFiles),
    fallback: limits.pull.files,
    meet: meet.less,
  }),
  "limits.lines": row<number>({
    does: "Lines that a final pull request may add and remove, together; before a larger one is opened, a person is asked.",
    schema: wholeNumber(limits.pull.mostLines),
    fallback: limits.pull.lines,
    meet: meet.less,
  }),
  "budget.run": row<number>({
    does: "Cap in US dollars of a run whose command names none.",
    schema: amount({ ...dollars, least: 0.01 }),
    fallback: limits.run.budgetUsd,
    meet: meet.less,
  }),
  "budget.day": row<number | null>({
    does: "What all runs of this repository may spend in a day (UTC), in US dollars.",
    schema: amount(dayDollars),
    fallback: null,
    meet: meet.lessOfBoth,
  }),
  "budget.personDay": row<number | null>({
    does: "What the runs that one person asked for may spend in a day (UTC), in US dollars.",
    schema: amount(dayDollars),
    fallback: null,
    meet: meet.lessOfBoth,
  }),
  "budget.agent": row<number | null>({
    does: "What one agent may spend, in US dollars; one that reaches it fails, and the run goes on without it.",
    schema: amount({ ...dollars, least: 0.01 }),
    fallback: null,
    meet: meet.lessOfBoth,
  }),
  "budget.most": row<number>({
    does: "The largest cap in US dollars that a command may name.",
    schema: amount({ ...dollars, least: 0.01 }),
    fallback: limits.command.budgetUsd,
    meet: meet.less,
  }),
};

const Instruction = section({
  paths: glob.describe("The files it is about."),
  text: text(4_000, "a text").describe("What agents are told about them."),
});
export type Instruction = z.infer<typeof Instruction>;

const paths = {
  "paths.protected": row<string[]>({
    does: "Globs of files that agents must not change, beside those that Fanfold protects anyway.",
    schema: list(glob, 100),
    fallback: [],
    meet: meet.joined,
  }),
  "paths.instructions": row<Instruction[]>({
    does: "What agents have to know about some files.",
    schema: list(Instruction, 25),
    fallback: [],
    meet: meet.joined,
  }),
};

const unasked = {
  ...pullRequests,
  schedules: row<Schedule[]>({
    does: "Workflows that start by themselves: see [schedules](schedules.md). Those of the owner's file hold where a repository has none of its own.",
    schema: Schedules,
    fallback: [],
  }),
  dashboard: row({
    does: "Keeps one issue that shows schedules, open runs and what waits for people, with boxes to tick.",
    schema: yesOrNo(),
    fallback: false,
  }),
};

/** Every key with its row, in the order in which people read them. */
export const keys = {
  ...general,
  ...bounds,
  ...approval,
  ...permissions,
  ...paths,
  ...pull,
  ...unasked,
};
export type Key = keyof typeof keys;

const isKey = (name: string): name is Key => Object.hasOwn(keys, name);
/** All of them, in their order. */
export const allKeys: readonly Key[] = Object.keys(keys).filter(isKey);

/** What the parts of the file are about. */
export const sections: Readonly<Record<string, string>> = {
  limits: "Ceilings of one run.",
  budget: "What a run may cost.",
  approval: "When a person has to approve a plan before it runs.",
  permissions:
    "Who may use which command, by least role. A file may ask for more than Fanfold itself does, never for less.",
  paths: "Rules for files.",
  pull: "The final pull request.",
  pullRequests: "Pull requests of migrations.",
};

/** A value for every key; null where the bot's own choice holds. */
export type Settings = { [K in Key]: (typeof keys)[K] extends Row<infer T> ? T : never };

/** Values that were checked by their rows, as settings; throws when one is missing. */
export function asSettings(values: Readonly<Record<string, unknown>>): Settings {
  if (hasAll(values)) return values;
  throw new Error("A setting without a value.");
}

function hasAll(values: object): values is Settings {
  return allKeys.every((key) => Object.hasOwn(values, key));
}
