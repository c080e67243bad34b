// Replaces text within a file exactly once, and says what to do when that cannot be.

import { EditRefused } from "./contract.ts";

const LINES_NAMED_MAX = 5;

/**
 * `text` with the one occurrence of `from` replaced. Where the file ends its lines with CRLF and the request does not,
 * the request is read as if it did.
 */
export function replaceOnce(
  path: string,
  text: string,
  { from, to }: { from: string; to: string },
): string {
  if (from === "") {
    throw new EditRefused(
      "The text to replace is empty. Give the lines to replace, or write the whole file.",
    );
  }
  if (from === to) throw new EditRefused("The new text equals the old one: nothing would change.");
  const asked = text.includes(from) ? from : withLineEndingsOf(text, from);
  const places = occurrences(text, asked);
  const [at] = places;
  if (at === undefined) throw new EditRefused(notFound(path, text, from));
  if (places.length > 1) throw new EditRefused(ambiguous(path, text, places));
  return text.slice(0, at) + withLineEndingsOf(text, to) + text.slice(at + asked.length);
}

/** `text` with CRLF where the file it goes into has nothing but CRLF and the text has none. */
export function withLineEndingsOf(file: string, text: string): string {
  const onlyCrlf = file.includes("\r\n") && !/(?<!\r)\n/.test(file);
  return onlyCrlf && !text.includes("\r") ? text.replaceAll("\n", "\r\n") : text;
}

function occurrences(text: string, part: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) places.push(at);
  return places;
}

const lineAt = (text: string, at: number): number => text.slice(0, at).split("\n").length;

function ambiguous(path: string, text: string, places: readonly number[]): string {
  const lines = places.slice(0, LINES_NAMED_MAX).map((at) => lineAt(text, at));
  const more = places.length > lines.length ? ", …" : "";
  return (
    `The text to replace stands ${places.length} times in ${JSON.stringify(path)} (lines ${lines.join(", ")}${more}). ` +
    "Add lines around it until it stands there once."
  );
}

function notFound(path: string, text: string, from: string): string {
  const wanted = from
    .split("\n")
    .find((line) => line.trim() !== "")
    ?.trim();
  const near = text.split("\n").findIndex((line) => line.trim() === wanted) + 1;
  const hint =
    wanted === undefined || near === 0
      ? "Read the file again and copy the lines exactly, blanks included."
      : `Its first line resembles line ${near}, with other blanks: read from there and copy exactly.`;
  return `The text to replace does not stand in ${JSON.stringify(path)}. ${hint}`;
}
