// The dashboard of a repository: what starts by itself, what runs, what waits for people, and boxes to tick. Pure.

import type { RunSummary } from "../../command/run-desk.ts";
import { code, cut, inline, moment, paragraphs } from "../../runs/render/text.ts";
import type { Held } from "../../world/forge.ts";
import { LAST_WORDS } from "./last-words.ts";
import type { BoardState } from "../state.ts";
import { type Listed, standing } from "./list.ts";

export interface BoardFacts {
  schedules: readonly Listed[];
  /** The newest first. */
  runs: readonly RunSummary[];
  /** A table, or null where there are none. */
  migrations: string | null;
  /** What GitHub asked to wait with. */
  held: Held | null;
  notes: BoardState["notes"];
}

/** What a box does. */
export type Tick =
  | { act: "run" | "pause" | "resume"; name: string }
  | { act: "cancel"; run: string };

const RUNS_MAX = 30;
const CHARS_MAX = 48_000;

export function renderBoard({ schedules, runs, migrations, held, notes }: BoardFacts): string {
  const open = runs.filter(({ state }) => isOpen(state));
  const waiting = open.filter(({ state }) => state === "waiting" || state === "paused");
  const moving = open.filter(({ state }) => state === "running" || state === "planning");
  const parts = paragraphs(
    notes.length === 0
      ? null
      : notes.map(({ at, text }) => `> ${moment(at)}: ${text}`).join("\n>\n"),
    `### Schedules\n\n${schedules.length === 0 ? "None. They stand below `schedules:` in `.github/fanfold.yml`." : schedulesTable(schedules)}`,
    schedules.length === 0 ? null : schedules.map(scheduleBoxes).join("\n"),
    migrations === null ? null : `### Migrations\n\n${migrations}`,
    `### Waiting for people (${waiting.length})\n\n${waiting.length === 0 ? "Nothing." : runsTable(waiting)}`,
    `### Running (${moving.length})\n\n${moving.length === 0 ? "Nothing." : runsTable(moving)}`,
    open.length === 0
      ? null
      : open
          .slice(0, RUNS_MAX)
          .map(({ run }) =>
            box({ act: "cancel", run }, `stop ${code(run)}, keeping what is finished`),
          )
          .join("\n"),
    `### Held back by limits\n\n${held === null ? "Nothing." : `GitHub asked to wait with ${inline(held.what)} until ${moment(held.until)}.`}`,
    `<sub>A box does what it says for whoever may use the command of that name, and is empty again afterwards. Plans are approved in their threads, by their hash. Written anew by Fanfold between two hidden marks; ${LAST_WORDS}`,
  );
  return cut(parts, CHARS_MAX);
}

/** What stays of it when the settings have it no more. */
export const renderBoardOff = (): string =>
  `> [!NOTE]\n> **Switched off.** \`dashboard\` is not on in \`.github/fanfold.yml\`, so nothing is told here and there is nothing to tick.\n\n<sub>Written by Fanfold between two hidden marks; ${LAST_WORDS}`;

const isOpen = (state: RunSummary["state"]): boolean =>
  ["planning", "waiting", "paused", "running"].includes(state);

function schedulesTable(schedules: readonly Listed[]): string {
  const rows = schedules.map(({ schedule: { name, cron, timezone }, state, next }) => {
    const report = state.issue === null ? "–" : `#${state.issue}`;
    const open = state.ledger.rounds.at(-1)?.open;
    return `| ${code(name)} | ${code(cron)} (${timezone}) | ${standing(state, next)} | ${open ?? "–"} | ${report} |`;
  });
  return [
    "| Schedule | When | Next | Open findings | Report |",
    "|---|---|---|--:|---|",
    ...rows,
  ].join("\n");
}

function scheduleBoxes({ schedule: { name }, state }: Listed): string {
  const isStopped = state.paused !== null || state.asks !== null;
  return [
    box({ act: "run", name }, `start ${code(name)} now`),
    isStopped
      ? box({ act: "resume", name }, `let ${code(name)} go on`)
      : box({ act: "pause", name }, `pause ${code(name)}`),
  ].join("\n");
}

function runsTable(runs: readonly RunSummary[]): string {
  const rows = runs.slice(0, RUNS_MAX).map(({ run, title, state, detail, url }) => {
    const named = url === null ? code(run) : `[${code(run)}](${url})`;
    return `| ${named} | ${inline(title, 80)} | ${state} | ${inline(detail, 200)} |`;
  });
  return ["| Run | Task | State | So far |", "|---|---|---|---|", ...rows].join("\n");
}

const subjectOf = (tick: Tick): string => ("run" in tick ? tick.run : tick.name);

const box = (tick: Tick, words: string): string =>
  `- [ ] <!-- fanfold:tick=${tick.act}:${subjectOf(tick)} -->${words}`;

/** The boxes that somebody ticked. */
export function ticksIn(body: string): Tick[] {
  const found = body.matchAll(
    /^- \[[xX]\] <!-- fanfold:tick=(run|pause|resume|cancel):([a-z0-9-]{1,60}) -->/gmu,
  );
  return [...found].flatMap(([, act, subject = ""]): Tick[] => {
    if (act === "cancel") return [{ act, run: subject }];
    return act === "run" || act === "pause" || act === "resume" ? [{ act, name: subject }] : [];
  });
}
