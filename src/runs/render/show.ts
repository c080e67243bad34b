// A run or a saved workflow as somebody looks it up: its facts first, its script in a fold. Pure.

import type { RunSummary } from "../../command/run-desk.ts";
import type { Meta } from "../../script/meta.ts";
import type { SavedWorkflow } from "../../script/saved.ts";
import type { RunRecord } from "../record.ts";
import { baseName } from "./base.ts";
import { code, cut, fenced, folded, inline, moment, money, paragraphs } from "./text.ts";

/** Characters of a script that is shown here; the checkpoint and the repository have the rest. */
const SCRIPT_CHARS_MAX = 40_000;

interface Shown {
  record: RunRecord;
  script: string | null;
  summary: RunSummary;
}

export function renderRun({ record, script, summary }: Shown): string {
  const { id, base, limits, requester, thread, createdAt, retryOf, finalPull } = record;
  const cap = limits.budgetUsd === null ? "none" : money(limits.budgetUsd);
  const rows = [
    ["State", `${summary.state}: ${inline(summary.detail, 300)}`],
    ["Task", code(cut(record.task.replace(/\s+/gu, " "), 300))],
    ["Asked for", `by ${requester.login} in #${thread}, ${moment(createdAt)}`],
    [
      "Base",
      base === null ? "not pinned yet" : code(`${baseName(base)}@${base.commit.slice(0, 12)}`),
    ],
    ["Limits", `cap ${cap}, ${limits.agents} agents`],
    ["Script", scriptLine(record)],
    ...(retryOf === null ? [] : [["Runs again", code(retryOf)]]),
    ...(finalPull === null ? [] : [["Pull request", `#${finalPull.number}`]]),
  ];
  const heading = summary.url === null ? code(id) : `[${code(id)}](${summary.url})`;
  return paragraphs(
    `### Run ${heading}: ${inline(summary.title)}`,
    tableOf(rows),
    record.statusDetail,
    script === null ? null : scriptFold(script),
  );
}

function scriptLine({ script }: RunRecord): string {
  if (script === null) return "none yet";
  return `${inline(script.workflow, 80)} (${script.origin}), ${code(script.sha256.slice(0, 12))}`;
}

export function renderWorkflow({ name, path, source, origin }: SavedWorkflow, meta: Meta): string {
  const where = origin === "built-in" ? "built in" : code(path);
  const rows = meta.phases.map(({ title, detail = "", model = "" }) => [
    inline(title, 80),
    [inline(detail, 200), model === "" ? "" : code(model)].filter(Boolean).join(" "),
  ]);
  return paragraphs(
    `### Workflow ${code(name)} (${where})`,
    inline(meta.description, 500),
    meta.whenToUse === undefined ? null : `**When to use it**: ${inline(meta.whenToUse, 500)}`,
    meta.needsArgs === undefined ? null : `**Needs**: ${inline(meta.needsArgs, 300)}`,
    rows.length === 0 ? null : tableOf(rows, ["Phase", "What happens"]),
    `Run it: ${code(`/workflow ${name}${meta.needsArgs === undefined ? "" : " …"}`)} · see its cost first: ${code(`/workflow plan ${name}`)}`,
    scriptFold(source),
  );
}

const scriptFold = (script: string): string =>
  folded("Script", fenced(cut(script, SCRIPT_CHARS_MAX), "js"));

function tableOf(rows: readonly (readonly string[])[], head: readonly string[] = ["", ""]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
