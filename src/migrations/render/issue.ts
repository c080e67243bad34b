// The tracking issue of a migration: how far it is, each part with where it stands, what comes next. Pure.

import { code, counted, cut, folded, inline, moment, paragraphs } from "../../runs/render/text.ts";
import type { Room } from "../pace.ts";
import { isSettled, type Migration, type Shard, type ShardStatus } from "../state.ts";
import { coveragePart } from "./coverage.ts";

const REFUSED_MAX = 30;
const UNDONE_MAX = 5;
const CHARS_MAX = 58_000;
/** The rest is for what stands above and below it. */
const TABLE_CHARS = 46_000;
const BAR_CHARS = 20;

export const migrationMarker = (id: string): string => `<!-- fanfold:migration=${id} -->`;

const WORDS: Readonly<Record<ShardStatus, string>> = {
  todo: "⏳ waits",
  open: "🟢 open",
  failing: "🔴 checks fail",
  conflict: "⚔️ conflict",
  merged: "🟣 merged",
  closed: "⚪ closed: no",
};
/** What needs somebody first. */
const ORDER: readonly ShardStatus[] = ["failing", "conflict", "open", "todo", "merged", "closed"];

export interface IssueFacts {
  migration: Migration;
  room: Room;
  /** Why nothing is opened here now, Markdown; null when it is. */
  stopped: string | null;
}

export function renderIssue({ migration, room, stopped }: IssueFacts): string {
  const { what, shards, refused, coverage, undone, by, startedAt, runs } = migration;
  const parts = paragraphs(
    `**${inline(what, 300)}**, begun by ${code(by.login)} in #${migration.thread} at ${moment(startedAt)}.`,
    `${code(bar(shards))} **${progressWords(shards)}**`,
    nextWords(shards, { room, stopped }),
    tables(shards),
    refusedPart(refused),
    coveragePart(coverage),
    undonePart(undone),
    `<sub>${counted(runs.length, "run")}, the last one ${code(runs.at(-1) ?? "–")}. ${code(`/workflow migrate ${cut(what.replace(/\s+/gu, " "), 80)}`)} looks for new places and keeps all of this. A closed pull request is a no. Kept by Fanfold between two hidden marks; what you write above or below stays.</sub>`,
  );
  return cut(parts, CHARS_MAX);
}

const count = (shards: readonly Shard[], ...wanted: ShardStatus[]): number =>
  shards.filter(({ status }) => wanted.includes(status)).length;

/** `12 of 21 merged · 4 open · 2 closed`: zeros are left out. */
export function progressWords(shards: readonly Shard[]): string {
  const others: [ShardStatus, string][] = [
    ["open", "open"],
    ["failing", "with failing checks"],
    ["conflict", "in conflict"],
    ["todo", "waiting"],
    ["closed", "closed"],
  ];
  const words = others.flatMap(([status, word]) => {
    const many = count(shards, status);
    return many === 0 ? [] : [`${many} ${word}`];
  });
  return [`${count(shards, "merged")} of ${shards.length} merged`, ...words].join(" · ");
}

/** As wide whatever their number is. */
export function bar(shards: readonly Shard[]): string {
  const all = Math.max(1, shards.length);
  const merged = Math.round((BAR_CHARS * count(shards, "merged")) / all);
  const settled = Math.round((BAR_CHARS * count(shards, "merged", "closed")) / all);
  return "█".repeat(merged) + "▒".repeat(settled - merged) + "░".repeat(BAR_CHARS - settled);
}

function nextWords(
  shards: readonly Shard[],
  { room, stopped }: Pick<IssueFacts, "room" | "stopped">,
): string {
  if (shards.length === 0) return "Nothing of it is proposed any more.";
  const waiting = count(shards, "todo");
  if (waiting === 0) {
    const left = count(shards, "open", "failing", "conflict");
    return left === 0 ? "**Done**: nothing is left to decide." : "All of it is proposed.";
  }
  if (stopped !== null)
    return `${counted(waiting, "part")} ${waiting === 1 ? "waits" : "wait"}: ${stopped}.`;
  if (room.why === null) return `The next of ${waiting} waiting parts is opened at the next look.`;
  return `${counted(waiting, "part")} ${waiting === 1 ? "waits" : "wait"}, since ${room.why}.`;
}

/** What needs somebody comes first; settled parts are behind a fold, and the first to be left out where there is no room for all. */
function tables(shards: readonly Shard[]): string {
  const sorted = shards.toSorted(
    (one, other) => ORDER.indexOf(one.status) - ORDER.indexOf(other.status),
  );
  const shown: Shard[] = [];
  let left = TABLE_CHARS;
  for (const shard of sorted) {
    left -= rowOf(shard).length + 1;
    if (left < 0) break;
    shown.push(shard);
  }
  const moving = shown.filter((shard) => !isSettled(shard));
  const settled = shown.filter(isSettled);
  const more = shards.length - shown.length;
  return paragraphs(
    moving.length === 0 ? null : table(moving),
    settled.length === 0
      ? null
      : folded(`${counted(settled.length, "part")} settled`, table(settled)),
    more > 0 ? `… and ${more} more, for which there is no room here.` : null,
  );
}

const table = (shards: readonly Shard[]): string =>
  [
    "| | Part | Files | Pull request | Since | |",
    "|---|---|--:|---|---|---|",
    ...shards.map(rowOf),
  ].join("\n");

function rowOf({ status, name, files, pull, note, redo, since }: Shard): string {
  const again = redo === null ? "" : ` Run ${code(redo.run)} does it again.`;
  return `| ${WORDS[status]} | ${code(name)} | ${files.length} | ${pull === null ? "–" : `#${pull}`} | ${moment(since).slice(0, 10)} | ${note ?? ""}${again} |`;
}

function undonePart(undone: Migration["undone"]): string | null {
  if (undone.length === 0) return null;
  const lines = undone
    .slice(-UNDONE_MAX)
    .map(
      ({ run, at, parts }) =>
        `Run ${code(run)} was undone at ${moment(at)}: ${counted(parts, "part")} that waited ${parts === 1 ? "was" : "were"} taken out.`,
    );
  return lines.join("\n");
}

function refusedPart(refused: Migration["refused"]): string | null {
  if (refused.length === 0) return null;
  const shown = refused
    .slice(0, REFUSED_MAX)
    .map(({ name, why }) => `- ${code(name)}: ${inline(why)}`);
  const more = refused.length - shown.length;
  return `### Not proposed\n\nNo reviewer accepted these, so they are not done:\n\n${[...shown, ...(more > 0 ? [`- … and ${more} more`] : [])].join("\n")}`;
}
