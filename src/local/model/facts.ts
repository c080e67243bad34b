// What a role has to say, before it is poured into whatever answer schema it was given.

import { ruleNamed } from "./rules/catalogue.ts";
import type { Match } from "./rules/rule.ts";
import type { Source } from "./source.ts";

export interface FoundHere {
  path: string;
  line: number;
  endLine: number;
  rule: string;
  level: Match["level"];
  title: string;
  why: string;
  /** The line as it stands. */
  evidence: string;
}

export interface Facts {
  summary: string;
  findings: readonly FoundHere[];
  /** Files read to their end. */
  read: readonly string[];
  /** Files the answer is about. */
  files: readonly string[];
  /** Something was changed. */
  changed: boolean;
}

/** A match as a fact about a file. */
export function factOf(source: Source, match: Match): FoundHere {
  return {
    path: source.path,
    line: match.line,
    endLine: match.endLine,
    rule: match.rule,
    level: match.level,
    title: match.title,
    why: ruleNamed(match.rule)?.why ?? match.title,
    evidence: (source.text.split("\n")[match.line - 1] ?? "").trim().slice(0, 200),
  };
}

/** Each place and rule once, however often the rule holds on that line. */
export function distinctPlaces(facts: readonly FoundHere[]): FoundHere[] {
  const seen = new Set<string>();
  return facts.filter(({ path, line, rule }) => {
    const key = JSON.stringify([path, line, rule]);
    return seen.has(key) ? false : seen.add(key);
  });
}
