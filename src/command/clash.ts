// Commands of one comment that want opposite things: nobody can tell which of them is meant.

import type { Command, Verb } from "./command.ts";
import type { Effect } from "./verb-entry.ts";
import { verbs } from "./verbs.ts";

/** The lines of the first two that contradict each other; null when none do. */
export function clashOf(
  commands: readonly { command: Command; line: string }[],
): readonly [string, string] | null {
  for (const [index, one] of commands.entries()) {
    const other = commands.slice(index + 1).find(({ command }) => isClash(one.command, command));
    if (other !== undefined) return [one.line, other.line];
  }
  return null;
}

function isClash({ verb: one }: Command, { verb: other }: Command): boolean {
  if (!isVerbOfTable(one) || !isVerbOfTable(other)) return false;
  const effects: readonly Effect[] = [verbs[one].effect, verbs[other].effect];
  if (effects.includes("starts") && effects.includes("stops")) return true;
  return [one, other].toSorted().join(" ") === "off on";
}

const isVerbOfTable = (verb: Command["verb"]): verb is Verb => Object.hasOwn(verbs, verb);
