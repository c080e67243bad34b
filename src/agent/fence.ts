// Puts what others wrote into blocks that their text cannot leave.

import { createHash } from "node:crypto";

import type { TaskPart } from "./agent.ts";
import { showInvisible } from "./code-points.ts";

/** The words of a task for the model: our instructions as they are, everything else in data blocks. */
export function fenceTask(parts: readonly TaskPart[], seed: string): string {
  return parts.map((part) => (part.kind === "data" ? fence(part, seed) : part.text)).join("\n\n");
}

/**
 * One data block: a JSON string between tags whose id nobody can foretell who writes the text. Equal seeds and texts
 * give equal blocks. Characters nobody sees are shown as marks.
 */
export function fence(part: { title: string; text: string }, seed: string): string {
  const { text } = showInvisible(part.text);
  const id = createHash("sha256")
    .update(JSON.stringify([seed, part.title, part.text]))
    .digest("hex")
    .slice(0, 16);
  return `<data title="${attribute(part.title)}" id="${id}">\n${quote(text)}\n</data>`;
}

// JSON allows the escape, and so no text can spell a tag of ours, whoever reads the block.
function quote(text: string): string {
  return JSON.stringify(text).replace(/<(?=\/?data)/gi, "\\u003c");
}

function attribute(title: string): string {
  return showInvisible(title)
    .text.replace(/\s+/g, " ")
    .slice(0, 200)
    .replaceAll("&", "&amp;")
    .replaceAll('"', "&quot;")
    .replaceAll("<", "&lt;");
}
