// Plays the resolver: in every open place, the lines of ours and then those of theirs; where a side has no file, nothing.

import { z } from "zod";

import type { Conversation } from "../conversation.ts";
import { labelled } from "../label.ts";
import type { JsonObject } from "../reply.ts";

const Shown = z.object({
  path: z.string(),
  ours: z.string().nullable(),
  hunks: z.array(z.object({ line: z.int(), ours: z.string(), theirs: z.string() })),
});
type Shown = z.infer<typeof Shown>;

/** `{ files, summary }`. */
export function resolve({ data }: Conversation): JsonObject {
  const conflicts = data.flatMap(({ title, text }) =>
    title === "Conflict" ? [Shown.parse(JSON.parse(text))] : [],
  );
  const files = conflicts.flatMap((conflict) => united(conflict) ?? []);
  if (files.length < conflicts.length)
    return { files: [], summary: labelled("One side has no such file.") };
  return { files, summary: labelled("Both sides are kept, ours first.") };
}

function united({ path, ours, hunks }: Shown): { path: string; text: string } | null {
  if (ours === null || hunks.length === 0) return null;
  const lines = linesOf(ours);
  for (const hunk of hunks.toReversed()) {
    lines.splice(hunk.line - 1, linesOf(hunk.ours).length, hunk.ours, hunk.theirs);
  }
  return { path, text: lines.join("") };
}

const linesOf = (text: string): string[] => (text === "" ? [] : text.split(/(?<=\n)/));
