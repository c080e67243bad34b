// The global that asks people.

import { type LanguageEntry, shown, step } from "./entry.ts";

export const people: readonly LanguageEntry[] = [
  {
    name: "approve",
    signature: "approve(question, options?)",
    does: "Asks people in the thread and waits for hours or days; the run holds nothing meanwhile. Someone with write access decides by `/workflow approve` or `/workflow reject`, with words behind it if they like.",
    parameters: [
      { name: "question", type: "string", does: "what is to be decided, as Markdown for people" },
    ],
    options: [
      ...shown,
      {
        name: "expiresHours",
        type: "number",
        does: "how long the question stays open, 720 at most; default: 168, a week",
      },
    ],
    gives:
      "`{ approved, by, comment }`: `by` is the person's login; when the time ran out `{ approved: false, by: null, comment: 'expired' }`.",
    errors: ["when the question is empty, or an option has the wrong type (`StepFailed`)"],
    example: `const plan = await agent("List the files that a move to ES modules touches, as Markdown.");
const { approved, by, comment } = await approve(\`Shall these be migrated?\\n\\n\${plan}\`);
if (!approved) return \`Not migrated: \${by ?? "nobody"} says \${comment}.\`;`,
    step: step("approve", "question"),
  },
];
