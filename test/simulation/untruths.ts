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

const wordsFor = (status: string): string => HEADINGS[status] ?? status;

/** Whether it is the run's comment, and says what became of it. */
export const tellsOf = (
  { body }: Pick<GitHubState["comments"][number], "body">,
  { id, status }: Pick<RunRecord, "id" | "status">,
): boolean => body.includes(runMarker(id)) && body.includes(wordsFor(status));

/** Each difference in words. */
export const untruthsOf = (
  records: readonly RunRecord[],
  { comments, deleted }: { comments: GitHubState["comments"]; deleted: GitHubState["comments"] },
): string[] =>
  records.flatMap(({ id, status }) => {
    const told = comments.filter(({ body }) => body.includes(runMarker(id)));
    const [comment] = told;
    if (comment === undefined) return [`run ${id} has no comment`];
    if (!tellsOf(comment, { id, status }))
      return [`run ${id} is ${status}, and its comment does not say "${wordsFor(status)}"`];
    // Whoever deletes a question has read it.
    const says = [...comments, ...deleted].filter(({ body }) => body.includes(`fanfold:run=${id}`));
    const isNamed = says.some(({ body }) => /may decide\. Until/u.test(body));
    return status !== "waiting" || isNamed ? [] : [`run ${id} waits, and nobody knows for whom`];
  });
