// verify(claim): one agent that tries to refute what another said about the code.

import { z } from "zod";

import type { TaskPart } from "../agent.ts";
import { toJsonSchema } from "../json-schema.ts";
import type { Json } from "../model.ts";

export const RefuteAnswer = z.strictObject({
  refuted: z
    .boolean()
    .describe(
      "True unless the code you read proves the claim; a claim you cannot check is refuted",
    ),
  evidence: z.string().min(1).describe("The code that decides it, quoted, with path and line"),
});
export type RefuteAnswer = z.infer<typeof RefuteAnswer>;

export const refuteAnswerSchema = toJsonSchema(RefuteAnswer);

/** Parts of one attempt to refute; a claim that is not text is shown as JSON. */
export function refuterTask(subject: { claim: Json; lens: string | null }): TaskPart[] {
  const claim =
    typeof subject.claim === "string" ? subject.claim : JSON.stringify(subject.claim, null, 2);
  const lens = subject.lens?.replace(/\s+/g, " ").trim() ?? "";
  return [
    {
      kind: "instructions",
      text: "Somebody claims the following about this repository. Try to refute it: read the code it speaks of, and what guards, callers and types around it make of it. It stands only if the code proves it.",
    },
    { kind: "data", title: "Claim", text: claim },
    ...(lens === "" ? [] : [{ kind: "instructions" as const, text: `Lens: ${lens}` }]),
  ];
}
