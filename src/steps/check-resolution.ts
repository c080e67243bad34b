// Whether what a resolver wrote can be taken at all, before anybody reviews it. Pure.

import type { ResolverAnswer } from "../agent/tasks/resolver.ts";
import { hasMarks } from "../repo/conflict-hunks.ts";
import type { Conflict, TextEdit } from "../repo/git-data.ts";

/** The edits, or why there are none, as the end of a sentence. */
export type Checked = { kind: "usable"; edits: TextEdit[] } | { kind: "refused"; reason: string };

/** A conflict that an agent can be shown: texts, and places where they are open, or a file that one side removed. */
export function isResolvable({ kind, base, ours, theirs, hunks }: Conflict): boolean {
  if (kind !== "text") return false;
  if ([base, ours, theirs].some((side) => side !== null && hasMarks(side))) return false;
  if (ours !== null && theirs !== null) return hunks.length > 0;
  return base !== null && (ours !== null || theirs !== null);
}

export function checkResolution(
  { files, summary }: ResolverAnswer,
  conflicts: readonly Conflict[],
): Checked {
  if (files.length === 0) return refused(`the resolver gave none: ${summary}`);
  const answered = new Map(files.map(({ path, text }) => [path, text]));
  const asked = new Set(conflicts.map(({ path }) => path));
  const beside = files.find(({ path }) => !asked.has(path));
  if (beside !== undefined) return refused(`it changes ${beside.path}, which is not in conflict`);
  if (answered.size < files.length) return refused("it gives a file twice");
  for (const conflict of conflicts) {
    const text = answered.get(conflict.path);
    if (text === undefined) return refused(`it leaves ${conflict.path} open`);
    const reason = wrongWith(text, conflict);
    if (reason !== null) return refused(`${conflict.path} ${reason}`);
  }
  return { kind: "usable", edits: files.map(({ path, text }) => ({ path, content: text })) };
}

const refused = (reason: string): Checked => ({ kind: "refused", reason });

function wrongWith(text: string | null, { path, ours, theirs }: Conflict): string | null {
  if (text === null) {
    return ours === null || theirs === null ? null : "is removed, which neither side did";
  }
  if (hasMarks(text)) return "still holds conflict marks";
  if (text.includes("\0")) return "is no text";
  const wasJson = [ours, theirs].every((side) => side === null || isJson(side));
  return path.endsWith(".json") && wasJson && !isJson(text) ? "is no JSON any more" : null;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
