// The settings of plans and approvals, one row a key.

import { limits } from "../config/limits.ts";
import * as meet from "./meet.ts";
import { row } from "./row.ts";
import { amount, list, oneOf, text, yesOrNo } from "./values.ts";

const HOUR_MS = 60 * 60_000;
const dollars = { least: 0, most: limits.command.budgetUsd, unit: "US dollars" };

export const approval = {
  "approval.when": row<"never" | "large" | "always">({
    does: "Which plans wait for a person: none, large ones, or all. What `/workflow plan` asked for always waits.",
    schema: oneOf(["never", "large", "always"]),
    fallback: "large",
    meet: meet.moreOften,
  }),
  "approval.aboveUsd": row<number | null>({
    does: "A plan that may cost more than this many US dollars counts as large.",
    schema: amount(dollars),
    fallback: null,
    meet: meet.lessOfBoth,
  }),
  "approval.savedUpToUsd": row<number | null>({
    does: "A saved workflow that may cost this many US dollars at most starts at once, whatever `when` says.",
    schema: amount(dollars),
    fallback: null,
    meet: meet.lessOfBoth,
  }),
  "approval.trusted": row<string[]>({
    does: "Names of saved workflows that start at once, whatever `when` says.",
    schema: list(text(200, "the name of a saved workflow"), 100),
    fallback: [],
    meet: meet.inBoth,
  }),
  "approval.manifests": row({
    does: "Asks a person before a final pull request is opened that changes what CI and installs execute: manifests, lock files, the configuration of builds and tests.",
    schema: yesOrNo(),
    fallback: true,
    meet: meet.either,
  }),
  "approval.expiresHours": row<number>({
    does: "Hours that a plan waits for its approval.",
    schema: amount({ least: 0.1, most: 720, unit: "hours" }),
    fallback: limits.run.planMs / HOUR_MS,
    meet: meet.less,
  }),
  "approval.twoPeople": row({
    does: "Nobody may approve a plan they asked for themselves.",
    schema: yesOrNo(),
    fallback: false,
    meet: meet.either,
  }),
};
