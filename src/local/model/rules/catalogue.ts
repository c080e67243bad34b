// The demo model's whole knowledge: every rule it has, and how a task chooses among them.

import { parseSource, type Source } from "../source.ts";
import { bufferFrom } from "./buffer-from.ts";
import { documentFunction } from "./document-function.ts";
import { dynamicRegexp } from "./dynamic-regexp.ts";
import { finiteDifference } from "./finite-difference.ts";
import { hasOwn } from "./has-own.ts";
import { includes } from "./includes.ts";
import { legacyEscape } from "./legacy-escape.ts";
import { numberTest } from "./number-test.ts";
import { parseIntRadix } from "./parse-int-radix.ts";
import { preferConst } from "./prefer-const.ts";
import { replaceAll } from "./replace-all.ts";
import type { Finding, Match, Replacement, Rule } from "./rule.ts";
import { startsWith } from "./starts-with.ts";
import { strictEquality } from "./strict-equality.ts";
import { stringOf } from "./string-of.ts";
import { substr } from "./substr.ts";
import { template } from "./template.ts";
import { throwError } from "./throw-error.ts";
import { trimSide } from "./trim-side.ts";
import { useStrict } from "./use-strict.ts";

/** In order of preference where two rules want the same place. */
export const RULES: readonly Rule[] = [
  startsWith,
  finiteDifference,
  numberTest,
  bufferFrom,
  hasOwn,
  includes,
  parseIntRadix,
  strictEquality,
  substr,
  trimSide,
  throwError,
  stringOf,
  replaceAll,
  legacyEscape,
  dynamicRegexp,
  template,
  preferConst,
  documentFunction,
  useStrict,
];

/** The rule of a name, or null. */
export function ruleNamed(name: string): Rule | null {
  return RULES.find((rule) => rule.name === name) ?? null;
}

/**
 * Every place in a file where a rule holds, by position; no two fixes touch each other, and the file with all fixes
 * made still parses.
 */
export function matchesIn(source: Source): Match[] {
  const kept: Match[] = [];
  for (const rule of RULES)
    for (const finding of rule.find(source)) {
      const match = toMatch(source, rule, finding);
      if (!kept.some((other) => collide(match, other))) kept.push(match);
    }
  const matches = kept.sort((a, b) => a.start - b.start);
  return parses(source, matches) ? matches : matches.filter((match) => parses(source, [match]));
}

/** A text with replacements made; they must not overlap. */
export function withReplacements(text: string, replacements: readonly Replacement[]): string {
  return replacements
    .toSorted((a, b) => b.start - a.start || b.end - a.end)
    .reduce(
      (done, { start, end, text: piece }) => done.slice(0, start) + piece + done.slice(end),
      text,
    );
}

function toMatch(source: Source, rule: Rule, finding: Finding): Match {
  const positions = [finding.at, ...finding.replacements];
  return {
    rule: rule.name,
    level: finding.level ?? rule.level,
    line: source.lineAt(finding.at.start),
    endLine: source.lineAt(
      Math.max(finding.at.start, ...finding.replacements.map(({ end }) => end)),
    ),
    start: Math.min(...positions.map(({ start }) => start)),
    end: Math.max(...positions.map(({ end }) => end)),
    title: finding.title,
    replacements: finding.replacements,
  };
}

/** Fixes may lie inside one another's code, as long as no two replace the same piece of text. */
function collide(a: Match, b: Match): boolean {
  return a.replacements.some((one) => b.replacements.some((other) => overlap(one, other)));
}

function overlap(a: Replacement, b: Replacement): boolean {
  return (a.start < b.end && b.start < a.end) || (a.start === b.start && a.end === b.end);
}

function parses(source: Source, matches: readonly Match[]): boolean {
  const fixed = withReplacements(
    source.text,
    matches.flatMap((match) => match.replacements),
  );
  return parseSource(source.path, fixed).ok;
}
