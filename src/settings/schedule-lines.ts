// Where in the settings file each schedule stands, so that it can be asked who wrote those lines.

import { isSeq, LineCounter, parseDocument } from "yaml";

/** Lines counted from 1, both included, of each entry by its place in the list; of a file that was read without mistakes. */
export function scheduleLines(text: string): { from: number; to: number }[] {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, logLevel: "silent" });
  const list = document.get("schedules");
  if (!isSeq<{ range?: [number, number, number] | null }>(list)) return [];
  return list.items.flatMap(({ range }) => {
    if (range == null) return [];
    const [from, valueEnd] = range;
    const lineAt = (offset: number): number => lineCounter.linePos(offset).line;
    // An entry ends behind its last line end.
    return [{ from: lineAt(from), to: lineAt(Math.max(from, valueEnd - 1)) }];
  });
}
