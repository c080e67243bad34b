// A unified diff as the lines of the new side, with what stood there before.

export interface PatchLine {
  kind: "added" | "removed" | "same";
  /** Line of the old side for removed and unchanged lines, of the new side for added and unchanged ones. */
  oldLine: number;
  newLine: number;
  text: string;
}

export interface FilePatch {
  path: string;
  lines: PatchLine[];
}

/** How a diff names the side of a file that does not exist. */
const NOTHING = "/dev/null";
const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

interface Reader {
  files: FilePatch[];
  current: FilePatch | null;
  oldLine: number;
  newLine: number;
  oldLeft: number;
  newLeft: number;
}

/** Reads `diff --git` output and its plainer cousins; a file of which nothing is left has no entry. */
export function readPatch(text: string): FilePatch[] {
  const reader: Reader = {
    files: [],
    current: null,
    oldLine: 0,
    newLine: 0,
    oldLeft: 0,
    newLeft: 0,
  };
  for (const row of text.split("\n"))
    if (reader.oldLeft > 0 || reader.newLeft > 0) readLine(reader, row);
    else readHeader(reader, row);
  return reader.files.filter((file) => file.lines.length > 0);
}

function readHeader(reader: Reader, row: string): void {
  const path = pathOf(row);
  if (path !== null) {
    reader.current = path === NOTHING ? null : { path, lines: [] };
    if (reader.current) reader.files.push(reader.current);
    return;
  }
  const hunk = HUNK.exec(row);
  if (!hunk) return;
  reader.oldLine = Number(hunk[1]);
  reader.oldLeft = Number(hunk[2] ?? 1);
  reader.newLine = Number(hunk[3]);
  reader.newLeft = Number(hunk[4] ?? 1);
}

/** `+++ b/path` names the new side; `--- path (status)` is a heading without one. */
function pathOf(row: string): string | null {
  const side = /^\+\+\+ (.+?)\t?$/.exec(row)?.[1];
  if (side !== undefined) return side === NOTHING ? NOTHING : unquoted(side);
  const heading = /^(?:--- |#+ )(.+) \((?:added|modified|renamed|changed|removed)\b.*\)$/.exec(
    row,
  )?.[1];
  return heading ?? null;
}

/** Names with quotes in them come as JSON strings, with the `b/` inside or before them. */
function unquoted(side: string): string {
  const name = side.startsWith("b/") ? side.slice(2) : side;
  const text = name.startsWith('"') && name.endsWith('"') ? textOf(name) : name;
  return side.startsWith("b/") ? text : text.replace(/^b\//, "");
}

function textOf(json: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    return json;
  }
}

function readLine(reader: Reader, numberedRow: string): void {
  const row = withoutNumber(reader, numberedRow);
  const text = row.slice(1);
  const kind = row.startsWith("+") ? "added" : row.startsWith("-") ? "removed" : "same";
  if (row.startsWith("\\")) return;
  reader.current?.lines.push({ kind, oldLine: reader.oldLine, newLine: reader.newLine, text });
  if (kind !== "added") {
    reader.oldLine++;
    reader.oldLeft--;
  }
  if (kind !== "removed") {
    reader.newLine++;
    reader.newLeft--;
  }
}

/** A diff made for reading puts the line's number in front; it counts as one only where it is the number due. */
function withoutNumber({ oldLine, newLine }: Reader, row: string): string {
  const numbered = /^ *(\d+) ([ +-].*)$/s.exec(row);
  if (!numbered) return row;
  const [, number, rest = ""] = numbered;
  return Number(number) === (rest.startsWith("-") ? oldLine : newLine) ? rest : row;
}

/** The old text of a file, from its new text and the patch between them. */
export function oldText(newText: string, patch: FilePatch): string {
  const lines = newText.split("\n");
  const old: string[] = [];
  let next = 1;
  for (const line of patch.lines) {
    while (next < line.newLine) old.push(lines[next++ - 1] ?? "");
    if (line.kind !== "added") old.push(line.text);
    if (line.kind !== "removed") next = line.newLine + 1;
  }
  return [...old, ...lines.slice(next - 1)].join("\n");
}

/** The line of the new side that a line of the old side became, or null when it was removed. */
export function newLineOf(patch: FilePatch, oldLine: number): number | null {
  let shift = 0;
  for (const line of patch.lines) {
    if (line.oldLine > oldLine) break;
    if (line.kind === "removed" && line.oldLine === oldLine) return null;
    if (line.kind === "added") shift++;
    if (line.kind === "removed") shift--;
  }
  return oldLine + shift;
}
