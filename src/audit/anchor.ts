// Where a finding stands in the code, by the code itself: it is found again when lines above it come and go. Pure.

import { createHash } from "node:crypto";

import { z } from "zod";

/** Hashes of normalised code; null where there is none that would say anything. */
export const Anchor = z.object({
  /** Of the line. */
  line: z.string().nullable(),
  /** Of the line with its neighbours. */
  around: z.string().nullable(),
});
export type Anchor = z.infer<typeof Anchor>;

export const noAnchor: Anchor = { line: null, around: null };

/** Lines of code on each side that count; empty ones do not. */
const NEIGHBOURS = 2;
/** A bracket or an `end` is everywhere. */
const TELLING_CHARS = 4;

/** `line` is counted from 1. */
export function anchorAt(text: string, line: number | null): Anchor {
  if (line === null) return noAnchor;
  const lines = normalLines(text);
  const at = lines.findIndex((each) => each.number === line);
  return at < 0 ? noAnchor : anchorIn(lines, at);
}

/** The lines where it stands, by the whole of its surroundings where those are still there, else by the line alone. */
export function linesOf(anchor: Anchor, text: string): number[] {
  const lines = normalLines(text);
  const anchors = lines.map((_, at) => anchorIn(lines, at));
  const wanted = (by: keyof Anchor): number[] =>
    anchor[by] === null
      ? []
      : lines.flatMap(({ number }, at) => (anchors[at]?.[by] === anchor[by] ? [number] : []));
  const whole = wanted("around");
  return whole.length > 0 ? whole : wanted("line");
}

interface NormalLine {
  number: number;
  text: string;
}

/** Without blanks, which formatters put and take, and without empty lines. */
const normalLines = (text: string): NormalLine[] =>
  text.split(/\r?\n/u).flatMap((line, index) => {
    const normal = line.replaceAll(/\s+/gu, "");
    return normal === "" ? [] : [{ number: index + 1, text: normal }];
  });

function anchorIn(lines: readonly NormalLine[], at: number): Anchor {
  const own = lines[at]?.text ?? "";
  const before = lines.slice(Math.max(0, at - NEIGHBOURS), at).map(({ text }) => text);
  const behind = lines.slice(at + 1, at + NEIGHBOURS + 1).map(({ text }) => text);
  return {
    line: own.length < TELLING_CHARS ? null : digest(own),
    around:
      before.length + behind.length === 0 ? null : digest(JSON.stringify([before, own, behind])),
  };
}

const digest = (text: string): string =>
  createHash("sha256").update(text).digest("hex").slice(0, 16);
