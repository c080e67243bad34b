// The final pull request of a run; and how a migration's come: one for all or one a part, how many, and when.

import { z } from "zod";

import { limits } from "../config/limits.ts";
import * as meet from "./meet.ts";
import { row } from "./row.ts";
import { list, oneOf, section, text, wholeNumber, yesOrNo } from "./values.ts";

/** As people write them, from Monday on. */
export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

const clock = (example: string) =>
  z
    .string({ error: `must be a time of day such as "${example}"` })
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/u, {
      error: `must be a time of day such as "${example}", in quotes`,
    });

const isZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
};

/** When pull requests may be opened: days, and hours of them. */
export const Window = section({
  days: list(oneOf(DAYS), DAYS.length)
    .min(1, { error: "must name a day: leave `window` out for any time" })
    .default([...DAYS]),
  from: clock("09:00").default("00:00"),
  to: clock("17:00").default("00:00"),
  timezone: z
    .string()
    .refine(isZone, { error: "must be a time zone such as Europe/Berlin" })
    .default("UTC"),
});
export type Window = z.infer<typeof Window>;

export const pullRequests = {
  onboarding: row<boolean>({
    does: "In the owner's file: whether repositories on which Fanfold is newly installed get one pull request that proposes settings.",
    schema: yesOrNo(),
    fallback: true,
  }),
  "pullRequests.per": row<"run" | "shard">({
    does: "Pull requests of a migration: one for all of a run, or one for each part, opened bit by bit: see [migrations](migrations.md).",
    schema: oneOf(["run", "shard"]),
    fallback: "run",
  }),
  "pullRequests.hourlyLimit": row<number>({
    does: "Pull requests that migrations may open in an hour.",
    schema: wholeNumber(limits.migration.hourlyMost),
    fallback: limits.migration.hourly,
    meet: meet.less,
  }),
  "pullRequests.concurrentLimit": row<number>({
    does: "Pull requests of migrations that may be open at the same time.",
    schema: wholeNumber(limits.migration.openMost),
    fallback: limits.migration.open,
    meet: meet.less,
  }),
  "pullRequests.window": row<Window | null>({
    does: "When migrations may open pull requests: `days`, `from`, `to` and `timezone`. Without it at any time.",
    schema: Window,
    fallback: null,
  }),
};

export const pull = {
  "pull.commits": row<"per-change" | "squash">({
    does: "Commits of the final pull request: one for each change that was folded in, or a single one.",
    schema: oneOf(["per-change", "squash"]),
    fallback: "per-change",
  }),
  "pull.labels": row<string[]>({
    does: "Labels of the final pull request; a run that did not do all of its work adds `partial`. An empty list: no labels.",
    schema: list(text(50, "the name of a label"), 10),
    fallback: ["fanfold"],
  }),
};
