// The settings in force: the repository's file, its owner's and the operator's word put together, each value with its origin.

import { allKeys, asSettings, type Key, keys, type Settings } from "./keys.ts";
import type { Row } from "./row.ts";

/** What the operator of this bot decides for every repository. */
export interface Operator {
  disableWorkflows: boolean;
  /** When to ask where no file says it. */
  approval: Settings["approval.when"];
}

export const noOperator: Operator = { disableWorkflows: false, approval: "large" };

/** Whose word a value is. */
export type Origin = "default" | "operator" | "owner" | "repository" | "both";

/** What one file says. */
export type Said = Partial<Settings>;

export interface Effective {
  settings: Settings;
  origins: ReadonlyMap<Key, Origin>;
}

/** Puts the three together. Where the owner's file sets a bound, the repository may narrow it and not widen it. */
export function effectiveOf(
  given: { operator?: Operator; owner?: Said; repository?: Said } = {},
): Effective {
  const { operator = noOperator, owner = {}, repository = {} } = given;
  const sources = { operator: saidBy(operator), owner: withoutLoopholes(owner), repository };
  const chosen = allKeys.map((key) => [key, choose(key, sources)] as const);
  return {
    settings: asSettings(Object.fromEntries(chosen.map(([key, { value }]) => [key, value]))),
    origins: new Map(chosen.map(([key, { origin }]) => [key, origin])),
  };
}

/** What holds where nobody said anything. */
export const defaultSettings: Settings = effectiveOf().settings;

/** An operator who switches off has the last word; when to ask is only said for those who do not say it. */
function saidBy({ disableWorkflows, approval }: Operator): Said {
  return {
    ...(disableWorkflows ? { disableWorkflows } : {}),
    ...(approval === noOperator.approval ? {} : { "approval.when": approval }),
  };
}

/** An owner who says when to ask has said whom not to ask about, even if that is nobody. */
function withoutLoopholes(owner: Said): Said {
  if (owner["approval.when"] === undefined) return owner;
  return { "approval.trusted": [], "approval.savedUpToUsd": 0, ...owner };
}

interface Sources {
  operator: Said;
  owner: Said;
  repository: Said;
}

interface Chosen {
  value: unknown;
  origin: Origin;
}

function choose(key: Key, { operator, owner, repository }: Sources): Chosen {
  const row: Row<unknown> = keys[key];
  if (key === "disableWorkflows" && operator[key] === true)
    return { value: true, origin: "operator" };
  const said = { owner: owner[key], repository: repository[key] };
  if (said.owner !== undefined && said.repository !== undefined) return met(row, said);
  if (said.repository !== undefined) return { value: said.repository, origin: "repository" };
  if (said.owner !== undefined) return { value: said.owner, origin: "owner" };
  if (operator[key] !== undefined) return { value: operator[key], origin: "operator" };
  return { value: row.fallback, origin: "default" };
}

function met(
  row: Row<unknown>,
  { owner, repository }: { owner: unknown; repository: unknown },
): Chosen {
  const value = row.meet === undefined ? repository : row.meet(owner, repository);
  const text = JSON.stringify(value);
  if (text === JSON.stringify(repository)) return { value, origin: "repository" };
  return { value, origin: text === JSON.stringify(owner) ? "owner" : "both" };
}
