// Which step of a line of commits made each changed line: followed forward through the diffs of its steps, by places alone. Pure.

import type { FileDiff } from "./git-data.ts";
import { follow, type Lines, linesOf, untouched } from "./line-pieces.ts";

/** A hunk of the whole difference, and how many of its lines each step made; a step is its place in the line, from 0. */
export interface OwnedHunk {
  path: string;
  /** Lines that it replaces, on the side of the base; null for what has no lines: a mode, a name, a binary file. */
  before: { start: number; lines: number } | null;
  /** Lines that it puts there. */
  after: { start: number; lines: number } | null;
  /** Never empty, in the order of the line. The numbers add up to the changed lines of the hunk. */
  by: readonly { step: number; lines: number }[];
}

/** What the steps did to the base's lines and files, so far. */
interface Story {
  /** The lines of each file, as they are by now. */
  files: Map<string, Lines>;
  /** Who took a line of the base away, by the base's path. */
  removed: Map<string, Map<number, number>>;
  /** Steps that touched a path, under its name of then; the last one is last. */
  touched: Map<string, number[]>;
}

/** A line of commits that is followed step by step. */
export interface LineOwners {
  /** What the next step did, as the difference to the one before it. */
  step(diff: readonly FileDiff[]): void;
  /**
   * The hunks of the whole difference, base to tip. Every changed line of it belongs to exactly one step. Where git pairs equal
   * lines otherwise than the steps did, a line belongs to whoever made the nearest one.
   */
  of(whole: readonly FileDiff[]): OwnedHunk[];
}

/** Nothing was done yet. */
export function openLineOwners(): LineOwners {
  const story: Story = { files: new Map(), removed: new Map(), touched: new Map() };
  let steps = 0;
  return {
    step: (diff) => tell(story, diff, steps++),
    of: (whole) => whole.flatMap((file) => hunksOf(story, file)),
  };
}

/** One step: names first, as all of them change at once. */
function tell(story: Story, diff: readonly FileDiff[], step: number): void {
  const before = new Map(diff.map((file) => [file, linesNow(story, file.oldPath ?? file.path)]));
  for (const { path, oldPath, status } of diff) {
    if (status === "removed") story.files.delete(path);
    if (oldPath !== null) story.files.delete(oldPath);
  }
  for (const file of diff) {
    const lines = file.status === "added" ? linesOf(null) : (before.get(file) ?? linesOf(null));
    const { rest, taken } = follow(lines, file.hunks, step);
    for (const { path, line } of taken) noteRemoved(story, { path, line, step });
    if (file.status !== "removed") story.files.set(file.path, rest);
    for (const path of [file.path, file.oldPath]) {
      if (path !== null) story.touched.set(path, [...(story.touched.get(path) ?? []), step]);
    }
  }
}

/** A file that no step had yet is the base's. */
const linesNow = (story: Story, path: string): Lines =>
  story.files.get(path) ?? (story.touched.has(path) ? linesOf(null) : untouched(path));

function noteRemoved(
  { removed }: Story,
  { path, line, step }: { path: string; line: number; step: number },
): void {
  const lines = removed.get(path) ?? new Map<number, number>();
  lines.set(line, step);
  removed.set(path, lines);
}

function hunksOf(story: Story, file: FileDiff): OwnedHunk[] {
  const known = file.hunks.map((hunk) => hunk.lines.filter(({ kind }) => kind !== "context"));
  const owners = known.map((lines) => lines.map((line) => ownerOf(story, file, line)));
  const last = lastOf(story, file);
  if (file.hunks.length === 0) {
    return [{ path: file.path, before: null, after: null, by: [{ step: last, lines: 0 }] }];
  }
  const filled = fill(owners, last);
  return known.map((lines, at) => ({
    path: file.path,
    before: spanOf(lines.flatMap(({ oldLine }) => oldLine ?? [])),
    after: spanOf(lines.flatMap(({ newLine }) => newLine ?? [])),
    by: countsOf(filled[at] ?? []),
  }));
}

type Line = FileDiff["hunks"][number]["lines"][number];

function ownerOf(story: Story, { path, oldPath }: FileDiff, line: Line): number | null {
  if (line.newLine !== null) return story.files.get(path)?.ownerOf(line.newLine) ?? null;
  return story.removed.get(oldPath ?? path)?.get(line.oldLine ?? 0) ?? null;
}

/** Whoever touched the file last; a file that differs was touched by somebody. */
function lastOf({ touched }: Story, { path, oldPath }: FileDiff): number {
  const steps = [...(touched.get(path) ?? []), ...(touched.get(oldPath ?? path) ?? [])];
  return steps.length === 0 ? 0 : Math.max(...steps);
}

/** Lines without an owner get that of the nearest line of their hunk, else of their file. */
function fill(hunks: readonly (readonly (number | null)[])[], last: number): number[][] {
  const known = hunks.flat().filter((owner) => owner !== null);
  return hunks.map((owners) =>
    owners.map((owner, at) => owner ?? nearest(owners, at) ?? known.at(0) ?? last),
  );
}

function nearest(owners: readonly (number | null)[], at: number): number | null {
  for (let far = 1; far < owners.length; far++) {
    const found = owners[at - far] ?? owners[at + far] ?? null;
    if (found !== null) return found;
  }
  return null;
}

function countsOf(owners: readonly number[]): { step: number; lines: number }[] {
  const counts = new Map<number, number>();
  for (const step of owners) counts.set(step, (counts.get(step) ?? 0) + 1);
  return [...counts].map(([step, lines]) => ({ step, lines })).sort((a, b) => a.step - b.step);
}

/** From the first to the last of them; what stands unchanged between is part of the place. */
function spanOf(lines: readonly number[]): { start: number; lines: number } | null {
  const [first] = lines;
  const end = lines.at(-1);
  return first === undefined || end === undefined ? null : { start: first, lines: end - first + 1 };
}
