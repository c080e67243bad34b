// Has a script written for a task, checks it, and hands the errors back to the author a few times.

import type { AgentEnd, TaskPart } from "../agent/agent.ts";
import { AuthorAnswer, type AuthorSubject, authorTask } from "../agent/tasks/author.ts";
import { checkScript, renderProblem } from "./check.ts";
import { renderLanguage } from "./language.ts";

/** Rounds of author and check in all. */
const ROUNDS = 3;

export type Authored =
  | { kind: "authored"; answer: AuthorAnswer; ends: AgentEnd[] }
  | { kind: "failed"; message: string; ends: AgentEnd[] };

export interface Authoring {
  /** Runs one author agent on a task. */
  ask: (task: readonly TaskPart[], round: number) => Promise<AgentEnd>;
  /** What a script that passed the check would run into, in words; null when nothing is in its way. */
  preview: (source: string) => Promise<string | null>;
}

/**
 * The result has passed the check, or says why there is none. What the preview says against it is handed back as well, but in
 * the last round: then it stands in the plan, for people. Every agent's end is returned, for its cost.
 */
export async function authorScript(
  { ask, preview }: Authoring,
  given: Omit<AuthorSubject, "language" | "problems">,
): Promise<Authored> {
  const ends: AgentEnd[] = [];
  let problems: string | null = null;
  for (let round = 1; round <= ROUNDS; round++) {
    const end = await ask(authorTask({ ...given, language: renderLanguage(), problems }), round);
    ends.push(end);
    if (end.kind === "failed") return { kind: "failed", message: end.message, ends };
    const answer = AuthorAnswer.parse(end.answer);
    problems = problemsOf(answer.script);
    if (problems === null) {
      problems = round === ROUNDS ? null : await preview(answer.script);
      if (problems === null) return { kind: "authored", answer, ends };
    }
  }
  return {
    kind: "failed",
    message: `The author did not write a valid script in ${ROUNDS} rounds. The last one:\n${problems ?? ""}`,
    ends,
  };
}

function problemsOf(script: string): string | null {
  const checked = checkScript(script);
  if (checked.ok) return null;
  return checked.problems.map((problem) => renderProblem(script, problem)).join("\n\n");
}
