// What `fanfold preview` prints: the tree of phases and agents, how many, what they cost, what to know.

import { BASIS, type CostRange } from "../preview/cost.ts";
import type { Preview, Previewed } from "../preview/preview.ts";
import type { Started } from "../preview/tally.ts";
import { renderFinding } from "./render-check.ts";
import { many, type Paint } from "./terminal.ts";

const AGENTS_SHOWN = 12;
const LOGS_SHOWN = 20;

/** Everything about one script, for a terminal. */
export function renderPreview(
  { preview, shown: run }: Previewed,
  shown: { file: string; source: string; hasRepository: boolean },
  paint: Paint,
): string {
  const { meta, logs, ok } = preview;
  const { phases, started } = run;
  const heading = meta === null ? shown.file : `${paint.bold(meta.name)}  ${meta.description}`;
  return [
    heading,
    "",
    ...phases.flatMap((phase) => [...renderPhase(phase, started, paint)]),
    ...(phases.length > 0 ? [""] : []),
    ...(ok
      ? renderTotals(preview, { agentsShown: run.agents, ...shown })
      : [renderError(preview, shown, paint)]),
    ...renderLogs(logs, paint),
  ].join("\n");
}

function* renderPhase(
  { title, agents }: Preview["phases"][number],
  started: readonly Started[],
  paint: Paint,
): Generator<string> {
  yield `${paint.bold(title)}  ${paint.dim(many(agents, "agent"))}`;
  const groups = [...groupsOf(started.filter(({ phase }) => phase === title))];
  for (const { label, step, model, count } of groups.slice(0, AGENTS_SHOWN)) {
    const times = count > 1 ? ` ×${count}` : "";
    const by = [step === "agent" ? "" : step, model ?? ""].filter((word) => word !== "").join(", ");
    yield `  ${label.replace(/\s+/g, " ")}${times}${by === "" ? "" : paint.dim(`  (${by})`)}`;
  }
  if (groups.length > AGENTS_SHOWN) yield paint.dim(`  … and ${groups.length - AGENTS_SHOWN} more`);
}

interface Group {
  label: string;
  step: string;
  model: string | null;
  count: number;
}

function groupsOf(started: readonly Started[]): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const { label, step, model, agents } of started) {
    const key = JSON.stringify([label, step, model]);
    const group = groups.get(key) ?? { label, step, model, count: 0 };
    groups.set(key, { ...group, count: group.count + agents });
  }
  return groups.values();
}

function renderTotals(
  { agents, exact, costUsd }: Preview,
  { agentsShown, hasRepository }: { agentsShown: number; hasRepository: boolean },
): string[] {
  const hint = hasRepository ? "" : "; --repo PATH counts with a repository's real files";
  const count = exact
    ? `Agents: ${many(agents, "agent")}, whatever they answer.`
    : `Agents: at least ${agents.toLocaleString("en-US")}; ${agentsShown.toLocaleString("en-US")} in the run shown. The number depends on made-up answers${hint}.`;
  return [count, `Cost: ${dollars(costUsd)} (basis: ${BASIS}).`];
}

const dollars = ({ low, high }: CostRange): string => `$${low.toFixed(2)}–${high.toFixed(2)}`;

function renderError(
  { error }: Preview,
  { file, source }: { file: string; source: string },
  paint: Paint,
): string {
  if (error === undefined) return "";
  const { name, message, line, column, help } = error;
  const said = `${name}: ${message}`;
  if (line === null) return `${paint.bold(paint.red("error"))}: ${said}`;
  const finding = {
    message: said,
    line,
    column: column ?? 1,
    ...(help === undefined ? {} : { help }),
  };
  return renderFinding(finding, { file, source, kind: "error" }, paint);
}

function renderLogs(logs: readonly string[], paint: Paint): string[] {
  if (logs.length === 0) return [];
  const more = logs.length - LOGS_SHOWN;
  const cut = more > 0 ? [paint.dim(`  … ${many(more, "line")} before`)] : [];
  return ["", "Log:", ...cut, ...logs.slice(-LOGS_SHOWN).map((line) => `  ${line}`)];
}
