// Whether what people read of runs is what their records say.

import type { GitHubState } from "../../src/outside/memory/state.ts";
import { runMarker } from "../../src/runs/names.ts";
import type { RunRecord } from "../../src/runs/record.ts";

/** How a run's comment begins. */
const HEADINGS: Readonly<Record<string, string>> = {
  waiting: "✋ Waiting",
  completed: "✅ Completed",
  degraded: "⚠️ Completed in part",
  failed: "❌ Failed",
  cancelled: "⏹️ Cancelled",
};

/** Each difference in words. */
export const untruthsOf = (
  records: readonly RunRecord[],
  comments: GitHubState["comments"],
): string[] =>
  records.flatMap(({ id, status }) => {
    const told = comments.filter(({ body }) => body.includes(runMarker(id)));
    const [comment] = told;
    if (comment === undefined) return [`run ${id} has no comment`];
    const words = HEADINGS[status] ?? status;
    if (!comment.body.includes(words))
      return [`run ${id} is ${status}, and its comment does not say "${words}"`];
    const says = comments.filter(({ body }) => body.includes(`fanfold:run=${id}`));
    const isNamed = says.some(({ body }) => /may decide\. Until/u.test(body));
    return status !== "waiting" || isNamed ? [] : [`run ${id} waits, and nobody knows for whom`];
  });
