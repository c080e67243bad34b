// Has a script written for a task, checks it, and hands the errors back to the author a few times.

import type { AgentEnd, TaskPart } from "../agent/agent.ts";
import type { Snapshot } from "../repo/contract.ts";
import { AuthorAnswer, authorTask } from "../agent/tasks/author.ts";
import { checkScript, renderProblem } from "./check.ts";
import { renderLanguage } from "./language.ts";

/** Rounds of author and check in all. */
const ROUNDS = 3;
/** Paths the author is shown; a larger repository is shown by folders. */
const PATHS_SHOWN = 400;

export type Authored =
  | { kind: "authored"; source: string; title: string; ends: AgentEnd[] }
  | { kind: "failed"; message: string; ends: AgentEnd[] };

/**
 * `ask` runs one author agent on a task; `names` are saved workflows the author may prefer. The result has passed the
 * check, or says why there is none. Every agent's end is returned, for its cost.
 */
export async function authorScript(
  ask: (task: readonly TaskPart[], round: number) => Promise<AgentEnd>,
  given: {
    task: string;
    trusted: Snapshot;
    workflows: readonly { name: string; description: string }[];
    /** The repository's guideline for the number of agents; null where there is none. */
    fewerThan: number | null;
  },
): Promise<Authored> {
  const ends: AgentEnd[] = [];
  const files = await listing(given.trusted);
  let problems: string | null = null;
  for (let round = 1; round <= ROUNDS; round++) {
    const parts = authorTask({
      task: given.task,
      files,
      language: renderLanguage(),
      workflows: given.workflows,
      fewerThan: given.fewerThan,
      problems,
    });
    const end = await ask(parts, round);
    ends.push(end);
    if (end.kind === "failed") return { kind: "failed", message: end.message, ends };
    const answer = AuthorAnswer.parse(end.answer);
    const checked = checkScript(answer.script);
    if (checked.ok) return { kind: "authored", source: answer.script, title: answer.title, ends };
    problems = checked.problems
      .map((problem) => renderProblem(answer.script, problem))
      .join("\n\n");
  }
  return {
    kind: "failed",
    message: `The author did not write a valid script in ${ROUNDS} rounds. The last one:\n${problems ?? ""}`,
    ends,
  };
}

/** All paths of a small repository; of a large one, folders with how many files they hold. */
async function listing(snapshot: Snapshot): Promise<string[]> {
  const paths = await snapshot.paths();
  if (paths.length <= PATHS_SHOWN) return paths;
  const folders = Map.groupBy(
    paths,
    (path) => path.split("/").slice(0, -1).slice(0, 2).join("/") || ".",
  );
  return [...folders]
    .map(([folder, inside]) => `${folder}/ (${inside.length} files)`)
    .slice(0, PATHS_SHOWN);
}
