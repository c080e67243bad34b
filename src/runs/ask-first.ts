// Why a person is asked before a final pull request is opened: its size, and files that decide what is executed. Pure.

import type { caseTwins } from "../repo/case-twins.ts";
import type { LineCount } from "../repo/line-counts.ts";
import { protectionOf } from "../repo/protected-paths.ts";
import type { Settings } from "../settings/keys.ts";
import { code, counted, thousands } from "./render/text.ts";

type Limits = Pick<Settings, "limits.files" | "limits.lines" | "approval.manifests">;

const PATHS_SHOWN = 10;

/** Each in a few words; none when nobody has to be asked. */
export function reasonsToAsk(counts: readonly LineCount[], settings: Limits): string[] {
  return [...excessOf(counts, settings), ...(settings["approval.manifests"] ? held(counts) : [])];
}

/** Whoever gets a word into them has it executed by CI, with its secrets, or by whoever installs. */
function held(counts: readonly LineCount[]): string[] {
  const paths = heldPaths(counts);
  if (paths.length === 0) return [];
  return [
    `${counted(paths.length, "file")} that decide${paths.length === 1 ? "s" : ""} what CI and installs execute (${code("approval.manifests")}): ${listed(paths)}`,
  ];
}

/** Changes of several agents can bring them together: each by itself names no file that differs from another only in case. */
export function twinReasons(twins: ReturnType<typeof caseTwins>): string[] {
  if (twins.length === 0) return [];
  const shown = twins
    .slice(0, PATHS_SHOWN)
    .map(({ path, twin }) => `${code(path)} and ${code(twin)}`);
  const more = twins.length > shown.length ? [`${twins.length - shown.length} more`] : [];
  return [
    `names that differ only in upper and lower case, of which macOS and Windows can hold one: ${[...shown, ...more].join(", ")}`,
  ];
}

/** Manifests, lock files, and the configuration of builds and tests. */
export const heldPaths = (counts: readonly Pick<LineCount, "path">[]): string[] =>
  counts.map(({ path }) => path).filter((path) => protectionOf(path) === "held");

function listed(paths: readonly string[]): string {
  const shown = paths.slice(0, PATHS_SHOWN).map(code);
  const more = paths.length > shown.length ? [`${paths.length - shown.length} more`] : [];
  return [...shown, ...more].join(", ");
}

function excessOf(counts: readonly LineCount[], settings: Limits): string[] {
  const sum = (side: "added" | "removed"): number =>
    counts.reduce((total, { lines }) => total + (lines?.[side] ?? 0), 0);
  const [added, removed] = [sum("added"), sum("removed")];
  // A text that an agent wrote can be binary to git, and no reviewer reads it. One that is gone needs no reading.
  const binary = counts.filter(({ lines, isGone }) => lines === null && !isGone);
  const reasons: string[] = [];
  if (counts.length > settings["limits.files"]) {
    const most = thousands(settings["limits.files"]);
    reasons.push(`${counted(counts.length, "file")} (${code("limits.files")}: ${most})`);
  }
  if (added + removed > settings["limits.lines"]) {
    const most = thousands(settings["limits.lines"]);
    reasons.push(
      `${counted(added, "line")} added and ${thousands(removed)} removed (${code("limits.lines")}: ${most})`,
    );
  }
  if (binary.length > 0) {
    reasons.push(
      `${counted(binary.length, "binary file")} that no reviewer could read: ${listed(binary.map(({ path }) => path))}`,
    );
  }
  return reasons;
}

/** The question in the thread. */
export const openingQuestion = (reasons: readonly string[]): string =>
  `Everything is done. The final pull request is not opened without a person's word, since it changes:\n\n${reasons.map((reason) => `- ${reason}`).join("\n")}\n\nShall it be opened? Without it, everything stays on the run's branches.`;
