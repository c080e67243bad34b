// revise(change, findings): a fresh worker answers a review on the same branch.

import type { TaskPart } from "../agent.ts";
import type { Json } from "../model.ts";

/** Parts of a revision. The answer is a change's. */
export function reviserTask(subject: {
  requirement: string;
  diff: string;
  findings: readonly Json[];
}): TaskPart[] {
  return [
    {
      kind: "instructions",
      text: "A change was made to meet a requirement, and reviewers rejected it. The files you see hold the change already. Answer each finding: check it against the code, and where it is right, change the code so that it no longer holds. Where it is wrong, leave the code and say in your summary what shows it. Keep what is good, and change nothing beside it.",
    },
    { kind: "data", title: "Requirement", text: subject.requirement },
    { kind: "data", title: "Diff", text: subject.diff },
    { kind: "data", title: "Findings", text: JSON.stringify(subject.findings, null, 2) },
  ];
}
