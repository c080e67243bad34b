// The check run on the final pull request: how the run ended, where reviewers look before they merge.

import type { Ending } from "./ending.ts";
import type { LiveRun } from "./live.ts";
import { publicationsOf } from "./publications.ts";
import { renderReport } from "./render/report.ts";
import { counted, duration } from "./render/text.ts";
import type { RunSite } from "./site.ts";

const CONCLUSIONS = {
  completed: "success",
  degraded: "neutral",
  failed: "failure",
  cancelled: "cancelled",
} as const;

/** Nothing where there is no final pull request; the same key again replaces what stands there. */
export async function putFinalCheck(
  run: LiveRun,
  { forge, waits }: RunSite,
  ending: Ending,
): Promise<void> {
  const record = run.record();
  if (record.finalPull === null) return;
  const pull = await forge.pullRequest(record.finalPull.number);
  const publications =
    record.base === null
      ? null
      : publicationsOf(record.base.commit, run.entries(), record.settings);
  await forge.putCheckRun({
    name: "fanfold",
    headSha: pull.head.sha,
    externalId: record.id,
    title: ending.status,
    summary: [ending.detail, waited(waits), renderReport(publications?.report?.value)]
      .filter((part) => part !== null)
      .join("\n\n")
      .slice(0, 60_000),
    conclusion: CONCLUSIONS[ending.status],
  });
}

const waited = ({ count, ms }: RunSite["waits"]): string | null =>
  count === 0
    ? null
    : `GitHub asked us to wait ${counted(count, "time")}, ${duration(ms)} in all; nothing was lost by it.`;
