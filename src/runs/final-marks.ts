// Labels of the final pull request and the person who asked for it, so that lists of pull requests tell what it is.

import { ForgeError } from "../world/forge-error.ts";
import type { EndStatus } from "./record.ts";
import type { LiveRun } from "./live.ts";
import { code, inline } from "./render/text.ts";
import type { RunSite } from "./site.ts";

/** Of a run that did not do all of its work. */
const PARTIAL = "partial";

/** What GitHub does not allow is said, and the run goes on: nobody loses anything by it. */
export async function markFinal(
  run: LiveRun,
  { forge }: Pick<RunSite, "forge">,
  status: EndStatus,
): Promise<void> {
  const { finalPull, settings, requester } = run.record();
  if (finalPull === null) return;
  const own = settings["pull.labels"];
  const labels = status === "degraded" && own.length > 0 ? [...own, PARTIAL] : own;
  try {
    const marks = await forge.mark(finalPull.number, { labels, assignees: [requester.login] });
    const isAssigned = marks.assignees.some((login) => isSame(login, requester.login));
    if (isAssigned) return;
    say(run, `GitHub does not let ${requester.login} be assigned to #${finalPull.number}.`);
  } catch (error) {
    if (!(error instanceof ForgeError) || !isNo(error)) throw error;
    const names = labels.map(code).join(", ");
    say(
      run,
      `#${finalPull.number} has no labels (${names}) and nobody assigned: ${inline(error.message, 300)}`,
    );
  }
}

const isNo = ({ kind }: ForgeError): boolean => kind === "forbidden" || kind === "refused";

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const say = (run: LiveRun, message: string): void => run.see({ kind: "logged", message });
