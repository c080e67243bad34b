// What a rule of the catalogue is: something it finds in a syntax tree, and a fix that keeps the behaviour.

import type { Source } from "../source.ts";

/** `fix`: worth a change. `polish`: taken up only where little else was found. `report`: a person must decide. */
export type Level = "fix" | "polish" | "report";

export interface Replacement {
  start: number;
  end: number;
  text: string;
}

/** One place where a rule holds. */
export interface Match {
  rule: string;
  level: Level;
  /** Lines from 1, as the file stands. */
  line: number;
  endLine: number;
  start: number;
  end: number;
  title: string;
  /** None: there is no fix that is safe without a person. */
  replacements: readonly Replacement[];
}

/** What a rule says about one node; the rest of a match is worked out from it. */
export interface Finding {
  at: { start: number; end: number };
  title: string;
  replacements: readonly Replacement[];
  level?: Level;
}

export interface Rule {
  /** Kebab-case; what prompts and findings call it. */
  name: string;
  level: Level;
  /** Words of a task that choose this rule, e.g. `string`. */
  topics: readonly string[];
  /** One sentence for people: what is wrong with it. */
  why: string;
  /** One sentence for a review of the fix: what was held against what. */
  check: string;
  find(source: Source): Finding[];
}
