// One entry of `schedules`: which workflow starts by itself, when, on whose word, and what it may cost.

import { z } from "zod";

import { limits } from "../config/limits.ts";
import { EXAMPLES, insteadOf } from "./timetable/words.ts";
import { mistakeIn } from "./timetable/timetable.ts";
import { amount, glob, list, oneOf, section, text } from "./values.ts";

const name = z.string({ error: "must be a name" }).regex(/^[a-z0-9][a-z0-9-]{0,39}$/u, {
  error: "must be a name of small letters, digits and hyphens, 40 characters at most",
});

const Conditions = section({
  changed: list(glob, 50)
    .default(["**"])
    .describe(
      "Starts only when a file that one of these globs matches is not as it was the last time.",
    ),
  cooldownHours: amount({ least: 0, most: 8760, unit: "hours" })
    .default(0)
    .describe("Starts no sooner than so many hours after the last time, whatever changed."),
  anywayAfterDays: amount({ least: 1, most: 365, unit: "days" })
    .optional()
    .describe("Starts though nothing changed when the last time is so many days ago."),
});

const Entry = section({
  name: name
    .optional()
    .describe(
      "What people call it; the workflow's name when left out. It keeps its report as long as it keeps its name.",
    ),
  workflow: text(200, "the name of a saved workflow").describe("The saved or built-in workflow."),
  args: z
    .union([text(4_000, "a text"), z.record(z.string(), z.json()), z.array(z.json())], {
      error: "must be a text, a list or names with values",
    })
    .optional()
    .describe("What the workflow gets: a text, as behind its name in a comment, or a value."),
  cron: text(100, "a time").describe("When it comes: plain words or cron with five fields."),
  timezone: text(60, "the name of a time zone")
    .default("UTC")
    .describe("The time zone of `cron`, such as Europe/Berlin."),
  when: z
    .union([z.literal("always"), Conditions], {
      error: "must be `always`, or hold `changed`, `cooldownHours` or `anywayAfterDays`",
    })
    .default({ changed: ["**"], cooldownHours: 0 })
    .describe("What must be so for it to start: something changed, unless `always` stands here."),
  budget: amount({ least: 0.01, most: limits.command.budgetUsd, unit: "US dollars" })
    .optional()
    .describe("Cap in US dollars of each start; that of any run when left out."),
  report: oneOf(["all", "issue", "code-scanning"])
    .default("all")
    .describe(
      "Where findings are told: in the schedule's issue, and in code scanning where the installation allows it; or in one of them. With `code-scanning`, the issue holds numbers only.",
    ),
  owner: text(40, "a login")
    .optional()
    .describe(
      "Whose access is looked at before each start: whoever changed these lines last when left out.",
    ),
});

/** What may stand in an entry, for people. */
export interface ScheduleRow {
  name: string;
  /** What holds where it is left out. */
  without: string;
  does: string;
}

const rowsOf = (shape: Readonly<Record<string, z.ZodType>>): ScheduleRow[] =>
  Object.entries(shape).map(([named, schema]) => {
    const given = schema.safeParse(undefined);
    const without = given.success ? withoutIt(given.data) : "must be there";
    return { name: named, without, does: schema.description ?? "" };
  });

const withoutIt = (value: unknown): string =>
  value === undefined ? "–" : `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;

export const scheduleRows: ScheduleRow[] = rowsOf(Entry.shape);
/** What may stand below its `when`. */
export const conditionRows: ScheduleRow[] = rowsOf(Conditions.shape);

/** A schedule with everything that was left out filled in. */
export type Schedule = Omit<z.output<typeof Entry>, "name"> & { name: string };

export const Schedules: z.ZodType<Schedule[]> = list(Entry, limits.schedule.perRepository)
  .superRefine((entries, context) => {
    for (const [index, entry] of entries.entries()) {
      for (const { at, message } of mistakesOf(entry, entries.slice(0, index))) {
        context.addIssue({ code: "custom", path: [index, at], message });
      }
    }
  })
  .transform((entries) => entries.map((entry) => ({ ...entry, name: nameOf(entry) })));

type Written = z.output<typeof Entry>;

const nameOf = ({ name: given, workflow }: Written): string => given ?? workflow.toLowerCase();

function mistakesOf(entry: Written, before: readonly Written[]): { at: string; message: string }[] {
  const named = nameOf(entry);
  const isTaken = before.some((other) => nameOf(other) === named);
  const at = entry.name === undefined ? "workflow" : "name";
  return [
    ...whenMistakes(entry),
    ...(isTaken
      ? [
          {
            at,
            message: `must be another one: two schedules are called ${named}, so give each a \`name\``,
          },
        ]
      : []),
    ...(name.safeParse(named).success
      ? []
      : [
          {
            at,
            message:
              "is no name for a schedule: give it a `name` of small letters, digits and hyphens",
          },
        ]),
  ];
}

function whenMistakes({ cron, timezone }: Written): { at: string; message: string }[] {
  switch (mistakeIn({ cron, timezone })) {
    case null:
      return [];
    case "unread":
      return [{ at: "cron", message: insteadOf(cron) ?? `must be a time such as ${EXAMPLES}` }];
    case "zone":
      return [
        {
          at: "timezone",
          message: "must be the name of a time zone, such as Europe/Berlin or UTC",
        },
      ];
    case "never":
      return [{ at: "cron", message: "must be a time that comes: this one never does" }];
    case "often":
      return [{ at: "cron", message: "must leave an hour between two starts" }];
  }
}
