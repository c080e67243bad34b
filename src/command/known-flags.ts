// The flags that take a value: how each is read, and what is said where it cannot be.

import { limits } from "../config/limits.ts";
import { count, dollars, hours, HOURS_MOST, isBranchName, moneyUnit, timeUnit } from "./values.ts";

/** Flags of `run`; null where none was given. */
export interface RunFlags {
  /** The run's cap in US dollars. */
  budgetUsd: number | null;
  /** Agents this run may start in all. */
  maxAgents: number | null;
  /** Branch to start from instead of the default one. */
  base: string | null;
  /** How long the script may be driven, in hours. */
  hours: number | null;
  /** `link`: the result stays on its branch, with a link that opens the pull request. Left out: it is opened, as a draft. */
  pr?: "draft" | "link";
  /** Of `replay` alone: the cap that is thought of, in US dollars. */
  whatIfUsd?: number;
}

/** One flag. */
export interface Flag {
  name: keyof RunFlags;
  expected: string;
  /** May stand apart behind a number, as its unit. */
  unit?: RegExp;
  /** Sets the value, or says what was expected instead. */
  set(flags: RunFlags, value: string): string | null;
}

/** Every flag with a value, by its name. */
export const known: Readonly<Record<string, Flag>> = {
  budget: {
    name: "budgetUsd",
    expected: "`--budget $5` (US dollars)",
    unit: moneyUnit,
    set(flags, value) {
      flags.budgetUsd = dollars(value);
      return flags.budgetUsd === null
        ? `an amount in US dollars from $0.01 to $${limits.command.budgetUsd}, such as $5 or 2.50usd`
        : null;
    },
  },
  "max-agents": {
    name: "maxAgents",
    expected: "`--max-agents 12`",
    set(flags, value) {
      flags.maxAgents = count(value);
      return flags.maxAgents === null ? `a whole number from 1 to ${limits.run.agents}` : null;
    },
  },
  base: {
    name: "base",
    expected: "`--base main`",
    set(flags, value) {
      flags.base = isBranchName(value) ? value : null;
      return flags.base === null ? "the name of a branch, such as main or release/2.x" : null;
    },
  },
  timeout: {
    name: "hours",
    expected: "`--timeout 30m`",
    unit: timeUnit,
    set(flags, value) {
      flags.hours = hours(value);
      return flags.hours === null
        ? `a time from 1m to ${HOURS_MOST}h with its unit, such as 30m or 2h`
        : null;
    },
  },
  "what-if": {
    name: "whatIfUsd",
    expected: "`--what-if budget=5`",
    set(flags, value) {
      const amount = /^budget=(.+)$/iu.exec(value)?.[1];
      const usd = amount === undefined ? null : dollars(amount);
      if (usd === null)
        return "`budget=N`, such as `budget=5`: what another cap would have made of it";
      flags.whatIfUsd = usd;
      return null;
    },
  },
  pr: {
    name: "pr",
    expected: "`--pr link`",
    set(flags, value) {
      const word = value.toLowerCase();
      if (word !== "link" && word !== "draft") {
        return "`link` (the result stays on its branch, and a link opens the pull request) or `draft` (it is opened)";
      }
      flags.pr = word;
      return null;
    },
  },
};
