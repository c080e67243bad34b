// What people should know of a pull request that changes what agents are told to do.

import { steersAgents } from "../repo/protected-paths.ts";
import type { Ground } from "./plan.ts";

const MOST_PATHS = 10;

/** A line for the thread when the pull request changes such files: they steer nobody before they are merged. */
export function steeringNote({ pull, refs }: Pick<Ground, "pull" | "refs">): string | null {
  const paths = pull?.diff.map(({ path }) => path).filter(steersAgents) ?? [];
  if (paths.length === 0) return null;
  const more = paths.length > MOST_PATHS ? ` and ${paths.length - MOST_PATHS} more` : "";
  return (
    `This pull request changes files that tell agents what to do (${paths.slice(0, MOST_PATHS).join(", ")}${more}); ` +
    `agents follow those of ${refs.rules.replace("refs/heads/", "")} alone.`
  );
}
