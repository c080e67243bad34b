// The run in the terminal: a live block where there is a terminal, a line per change elsewhere.

import { createLogUpdate } from "log-update";
import colors from "picocolors";

import { counted, money } from "../runs/render/text.ts";
import type { RunData } from "../dashboard/run-data.ts";
import { plainLine, plainText } from "./terminal-text.ts";

export interface Display {
  /** A line that stays, or several. */
  say: (line: string) => void;
  show: (run: RunData) => void;
  /** The last state stays on the screen. */
  done: () => void;
}

const RUNNING_SHOWN = 6;

export function openDisplay(stream: NodeJS.WriteStream): Display {
  return stream.isTTY ? liveDisplay(stream) : lineDisplay(stream);
}

function liveDisplay(stream: NodeJS.WriteStream): Display {
  const update = createLogUpdate(stream);
  return {
    say: (line) => {
      update.clear();
      stream.write(`${plainText(line)}\n`);
    },
    show: (run) => update(renderRun(run)),
    done: () => update.done(),
  };
}

function lineDisplay(stream: NodeJS.WriteStream): Display {
  let last = "";
  return {
    say: (line) => void stream.write(`${plainText(line)}\n`),
    show: (run) => {
      const line = renderLine(run);
      if (line !== last) stream.write(`${line}\n`);
      last = line;
    },
    done: () => undefined,
  };
}

/** One line: state, phases, agents, tokens, money. */
export function renderLine(seen: RunData): string {
  const run = plain(seen);
  const phases = run.phases
    .filter(({ agents }) => agents > 0)
    .map(({ title, agents, done, failed }) => {
      const loss = failed > 0 ? `, ${failed} failed` : "";
      return `${title} ${done}/${agents}${loss}`;
    });
  const spent = `${counted(run.agents, "agent")}, ${counted(run.tokens, "token")}, ${money(run.costUsd)}`;
  return [run.status, ...phases, spent].join(" · ");
}

/** The block of a terminal. */
export function renderRun(seen: RunData): string {
  const run = plain(seen);
  const width = Math.max(8, ...run.phases.map(({ title }) => title.length));
  const phases = run.phases.map(({ title, agents, done, failed }) => {
    const mark =
      agents === 0
        ? colors.dim("·")
        : done + failed < agents
          ? colors.yellow("●")
          : failed > 0
            ? colors.red("✗")
            : colors.green("✓");
    const loss = failed > 0 ? colors.red(` ${failed} failed`) : "";
    return `  ${mark} ${title.padEnd(width)}  ${bar(done + failed, agents)} ${done}/${agents}${loss}`;
  });
  const running = run.running
    .slice(0, RUNNING_SHOWN)
    .map(({ label, role, turns }) => colors.dim(`    ${role}: ${label} (turn ${turns + 1})`));
  const more = run.running.length - RUNNING_SHOWN;
  return [
    "",
    `${colors.bold(run.title)}  ${colors.cyan(run.status)}`,
    ...phases,
    ...running,
    ...(more > 0 ? [colors.dim(`    … and ${more} more`)] : []),
    `  ${counted(run.agents, "agent")} · ${counted(run.tokens, "token")} · ${money(run.costUsd)} · ${Math.round(run.seconds)} s`,
    ...(run.waiting === null ? [] : [colors.yellow(`  waiting: ${run.waiting}`)]),
  ].join("\n");
}

/** Titles and labels come from scripts and models, and the colours of this block are ours alone. */
function plain(run: RunData): RunData {
  return {
    ...run,
    title: plainLine(run.title),
    phases: run.phases.map((phase) => ({ ...phase, title: plainLine(phase.title) })),
    running: run.running.map((agent) => ({
      ...agent,
      label: plainLine(agent.label),
      role: plainLine(agent.role),
    })),
    waiting: run.waiting === null ? null : plainLine(run.waiting),
  };
}

function bar(done: number, all: number): string {
  const cells = 20;
  const filled = all === 0 ? 0 : Math.round((done / all) * cells);
  return colors.green("━".repeat(filled)) + colors.dim("━".repeat(cells - filled));
}
