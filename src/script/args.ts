// What follows a workflow's name becomes the script's `args`.

import type { Json } from "../engine/json.ts";

/**
 * Text that parses as a JSON object or array becomes that value, once; other text stays a string; nothing is
 * `undefined` (dialect D5).
 */
export function parseArgs(text: string): { args: Json | undefined; parsed: boolean } {
  const trimmed = text.trim();
  if (trimmed === "") return { args: undefined, parsed: false };
  if (!/^[[{]/.test(trimmed)) return { args: trimmed, parsed: false };
  try {
    const parsed: Json = JSON.parse(trimmed);
    return { args: parsed, parsed: true };
  } catch {
    return { args: trimmed, parsed: false };
  }
}
