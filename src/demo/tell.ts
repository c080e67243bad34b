// What the demo says when the run has ended: addresses for people, JSON for programs.

import type { RunData } from "../dashboard/run-data.ts";
import type { Display } from "./display.ts";
import type { DemoSummary } from "./summary.ts";

export interface Told {
  display: Display;
  summary: DemoSummary;
  run: RunData;
  pageUrl: string;
}

/** People get addresses to open; with `--json` standard output gets the summary and nothing else. */
export function tell({ json }: { json: boolean }, told: Told): void {
  for (const line of addresses(told)) told.display.say(line);
  if (json) process.stdout.write(`${JSON.stringify(told.summary, null, 2)}\n`);
}

function addresses({ summary, run, pageUrl }: Told): string[] {
  const final = summary.finalPullRequest;
  return [
    "",
    `run ${run.status}: ${summary.run.agents} agents, ${summary.reviews} reviews with ${summary.reviewComments} line comments, ${Math.round(run.seconds)} s`,
    `  issue       ${pageUrl}`,
    ...summary.workerPullRequests.map(
      ({ url, head, merged }) => `  worker      ${url}  ${head}${merged ? "  folded in" : ""}`,
    ),
    ...summary.workerPullRequests.map(({ url }) => `  its diff    ${url}/files`),
    final === null
      ? "  no final pull request: the issue says why"
      : `  final       ${final.url}  ${final.title}`,
    `  branches    ${new URL(pageUrl).origin}/${run.repository}/branches`,
    `  checkpoint  ${summary.checkpointRef ?? "none"}`,
  ];
}
