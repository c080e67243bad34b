// A schedule's issue: its report, and below it when it comes, on whose word, and what happened lately. Pure.

import { renderLedger } from "../../audit/render/report.ts";
import { code, cut, folded, moment, paragraphs } from "../../runs/render/text.ts";
import { limits } from "../../config/limits.ts";
import type { Schedule } from "../../settings/schedule.ts";
import { LAST_WORDS } from "./last-words.ts";
import { isStuck } from "./reasons.ts";
import type { Event, ScheduleState } from "../state.ts";
import { taskOf } from "../task.ts";
import { nextOf, windowOf } from "./moments.ts";

export interface IssueFacts {
  repositoryId: number;
  now: number;
  /** Page of a file's line at a commit. */
  pageOf(commit: string, path: string): string;
  /** Page of the run's own comment, when it is known. */
  urlOf(run: string): string | null;
  /** Its run that has not ended does not go on by itself. */
  isStuck: boolean;
}

/** Beside it there is room for what people write: GitHub takes 65,536 characters in all. */
const CHARS_MAX = 48_000;
const ROWS = [60, 25, 10, 3];

/** What stands between our marks; of very long lists as much as fits. */
export function renderIssue(schedule: Schedule, state: ScheduleState, facts: IssueFacts): string {
  const tries = ROWS.map((rowsMost) => whole(schedule, state, { ...facts, rowsMost }));
  return tries.find(({ length }) => length <= CHARS_MAX) ?? cut(tries.at(-1) ?? "", CHARS_MAX);
}

/** What stays of one that the settings have no more. */
export function renderRetired(
  name: string,
  state: ScheduleState,
  { pageOf }: Pick<IssueFacts, "pageOf">,
): string {
  const at =
    state.current === null ? "" : ` Run ${code(state.current.run)} of it is still at work.`;
  const tries = ROWS.map((rowsMost) =>
    paragraphs(
      `> [!NOTE]\n> **No schedule any more.** ${code(name)} does not stand in \`.github/fanfold.yml\`, so nothing of it starts.${at} Below is its last report. Under the same name it would go on here.`,
      renderLedger(state.ledger, { pageOf, rowsMost, showsFindings: state.showsFindings }),
      `<sub>Written by Fanfold between two hidden marks; ${LAST_WORDS}`,
    ),
  );
  return tries.find(({ length }) => length <= CHARS_MAX) ?? cut(tries.at(-1) ?? "", CHARS_MAX);
}

function whole(
  schedule: Schedule,
  state: ScheduleState,
  facts: IssueFacts & { rowsMost: number },
): string {
  return paragraphs(
    standing(schedule, state, facts),
    renderLedger(state.ledger, { ...facts, showsFindings: schedule.report !== "code-scanning" }),
    "---",
    timetable(schedule, state, facts),
    history(state, facts),
    `<sub>Written anew by Fanfold between two hidden marks; ${LAST_WORDS}`,
  );
}

/** What a person has to know first. */
function standing(
  { name }: Schedule,
  { asks, paused, current }: ScheduleState,
  facts: Pick<IssueFacts, "isStuck">,
): string | null {
  if (asks !== null) return `> [!WARNING]\n> **It does not start.** ${asks.why}`;
  if (paused !== null) {
    return `> [!NOTE]\n> **Paused** by ${code(paused.by.login)} on ${moment(paused.at)}. ${code(`/workflow schedule resume ${name}`)} lets it go on.`;
  }
  if (current !== null && facts.isStuck) {
    return `> [!WARNING]\n> **It does not start.** ${isStuck(current.run)}`;
  }
  return current === null
    ? null
    : `⏳ Run ${code(current.run)} is at work; this report is the one before.`;
}

function timetable(schedule: Schedule, state: ScheduleState, facts: IssueFacts): string {
  const { name, cron, timezone, when, budget } = schedule;
  const next = nextOf(facts.repositoryId, schedule, facts.now);
  const isHeld = state.asks !== null || state.paused !== null;
  const rows = [
    [
      "Starts",
      `${code(taskOf(schedule))}, ${code(cron)} (${timezone}), repositories spread over ${windowOf(facts.repositoryId, schedule)}`,
    ],
    ["Next", isHeld ? "when somebody lets it go on" : (next ?? "never again")],
    ["Only when", conditions(when)],
    ["Cap", budget === undefined ? "that of any run here" : `$${budget.toFixed(2)} a run`],
    [
      "On the word of",
      state.pin === null ? "whoever wrote its lines" : code(state.pin.owner.login),
    ],
  ];
  const table = [
    "| Schedule | |",
    "|---|---|",
    ...rows.map(([head, cell]) => `| **${head}** | ${cell} |`),
  ];
  const commands = `${code(`/workflow schedule run ${name}`)} starts it now, ${code(`/workflow schedule pause ${name}`)} stops further starts.`;
  return `${table.join("\n")}\n\n${commands}`;
}

function conditions(when: Schedule["when"]): string {
  if (when === "always") return "always";
  const { changed, cooldownHours, anywayAfterDays } = when;
  const files =
    changed.join() === "**" ? "anything changed" : `${changed.map(code).join(", ")} changed`;
  const cool = cooldownHours > 0 ? `, ${cooldownHours} h after the last time at the earliest` : "";
  const anyway = anywayAfterDays === undefined ? "" : `, and anyway after ${anywayAfterDays} days`;
  return `${files}${cool}${anyway}`;
}

const ICONS = {
  started: "▶️",
  ended: "🏁",
  skipped: "⏭️",
  missed: "💤",
  held: "✋",
  paused: "⏸️",
  resumed: "▶️",
} as const satisfies Record<Event["what"], string>;

function history({ events }: ScheduleState, facts: IssueFacts): string | null {
  if (events.length === 0) return null;
  const newest = events.toReversed();
  const lines = newest.map(({ at, what, detail, run }) => {
    const url = run === null ? null : facts.urlOf(run);
    const named = run === null ? "" : ` ${url === null ? code(run) : `[${code(run)}](${url})`}`;
    return `- ${ICONS[what]} ${moment(at)} **${what}**${named}: ${detail}`;
  });
  const shown = lines.slice(0, limits.schedule.eventsShown).join("\n");
  const rest = lines.slice(limits.schedule.eventsShown);
  const more = rest.length === 0 ? null : folded(`${rest.length} earlier`, rest.join("\n"));
  return paragraphs("### What happened", shown, more);
}
