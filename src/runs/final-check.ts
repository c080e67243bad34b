// The check run on the final pull request: how the run ended, where reviewers look before they merge.

import type { LiveRun } from "./live.ts";
import type { RunSite } from "./site.ts";

/** Nothing where there is no final pull request; the same key again replaces what stands there. */
export async function putFinalCheck(
  run: LiveRun,
  { forge, renderCheck }: Pick<RunSite, "forge" | "renderCheck">,
): Promise<void> {
  const { finalPull, endedAt } = run.record();
  if (finalPull === null || endedAt === null) return;
  const pull = await forge.pullRequest(finalPull.number);
  // Its lines are those of the pull request that was looked at.
  const { annotations: _, ...check } = renderCheck(endedAt);
  await forge.putCheckRun({ ...check, headSha: pull.head.sha });
}
