// What the demo says when the run has ended: addresses for people, JSON for programs.

import type { RunData } from "../dashboard/run-data.ts";
import { counted } from "../runs/render/text.ts";
import type { Display } from "./display.ts";
import type { DemoSummary } from "./summary.ts";
import { plainJson, plainLine } from "./terminal-text.ts";

export interface Told {
  display: Display;
  summary: DemoSummary;
  run: RunData | null;
  /** What the bot said when it started no run. */
  answers: readonly string[];
  pageUrl: string;
}

/** People get addresses to open; with `--json` standard output gets the summary and nothing else. */
export function tell({ json }: { json: boolean }, told: Told): void {
  const { run } = told;
  const lines = run === null ? withoutRun(told) : addresses(told, run);
  for (const line of lines) told.display.say(line);
  if (json) process.stdout.write(`${plainJson(told.summary)}\n`);
}

function withoutRun({ answers, pageUrl }: Told): string[] {
  const said = answers.map((answer) => answer.replace(/<!--.*?-->\n?/gs, "").trim());
  return [
    "",
    said.length === 0
      ? "No run was started and nothing was answered: the comment holds no command."
      : "No run was started. The bot answered:",
    ...said,
    `  issue       ${pageUrl}`,
  ];
}

function addresses({ summary, pageUrl }: Told, run: RunData): string[] {
  const final = summary.finalPullRequest;
  return [
    "",
    `run ${run.status}: ${counted(run.agents, "agent")}, ${counted(summary.reviews, "review")} with ${counted(summary.reviewComments, "line comment")}, ${Math.round(run.seconds)} s`,
    `  issue       ${pageUrl}`,
    ...summary.workerPullRequests.map(
      ({ url, head, merged }) =>
        `  worker      ${url}  ${plainLine(head)}${merged ? "  folded in" : ""}`,
    ),
    ...summary.workerPullRequests.map(({ url }) => `  its diff    ${url}/files`),
    final === null
      ? "  no final pull request: the issue says why"
      : `  final       ${final.url}  ${plainLine(final.title)}`,
    `  branches    ${new URL(pageUrl).origin}/${run.repository}/branches`,
    `  checkpoint  ${summary.checkpointRef ?? "none"}`,
  ];
}
