// What a worker made: its name, how the house keeps it, how a script sees it.

import type { Call } from "../engine/call.ts";
import type { Json } from "../engine/json.ts";
import { slug } from "../repo/refs.ts";
import type { RunContext } from "./context.ts";
import type { ChangeRecord } from "./records.ts";

/**
 * Name of the worker of a call: readable, and the same whenever the call is performed again. It holds the whole key, so
 * two calls never share a name, however many there are.
 */
export function workerIdOf(call: Pick<Call, "key" | "label" | "step">): string {
  const [digest = "", occurrence = "1"] = call.key.split(".");
  const again = occurrence === "1" ? "" : `-${occurrence}`;
  return `${slug(call.label ?? call.step)}-${digest}${again}`;
}

/** The change between two commits, as the house keeps it. */
export async function describeChange(
  { mirror, run }: RunContext,
  change: Pick<ChangeRecord, "id" | "base" | "head" | "label" | "requirement" | "summary">,
): Promise<ChangeRecord> {
  const files = await mirror.diff(change.base, change.head);
  return {
    ...change,
    branch: run.placeOf(change.id),
    files: files.map(({ path, additions, deletions }) => ({ path, additions, deletions })),
  };
}

/** A change as a script sees it. */
export function changeValue(change: ChangeRecord, result: Json): { [key: string]: Json } {
  const sum = (pick: (file: ChangeRecord["files"][number]) => number): number =>
    change.files.reduce((total, file) => total + pick(file), 0);
  return {
    id: change.id,
    branch: change.branch,
    head: change.head,
    files: change.files.map(({ path }) => path),
    additions: sum(({ additions }) => additions),
    deletions: sum(({ deletions }) => deletions),
    summary: change.summary,
    result,
  };
}
