// The one issue of each schedule: found or opened once, and its part of ours kept true without touching what people wrote.

import type { Forge, Issue, RepositoryRef } from "../world/forge.ts";
import { ForgeError } from "../world/forge-error.ts";
import { cut } from "../runs/render/text.ts";
import { LAST_WORDS } from "./render/last-words.ts";
import { changeSchedule, type Kit } from "./kit.ts";

export const issueMarker = (name: string): string => `<!-- fanfold:schedule=${name} -->`;
/** Where our part ends. */
export const END = "<!-- fanfold:end -->";
/** GitHub takes 65,536 characters. */
const BODY_CHARS = 65_000;
/** So much of ours is shown, however much people write. */
const PART_CHARS = 2_000;

/** What stands between our marks is ours; whatever else somebody wrote stays. */
export function withPart(body: string, marker: string, part: string): string {
  const ours = `${marker}\n${part}\n${END}`;
  const from = body.indexOf(marker);
  if (from < 0) return body.trim() === "" ? ours : `${body.trimEnd()}\n\n${ours}`;
  return `${body.slice(0, from)}${ours}${body.slice(endOf(body, from))}`;
}

/** Somebody may have taken our last mark away: then our last words are the end, and what follows them is theirs. */
function endOf(body: string, from: number): number {
  const found = [END, LAST_WORDS].map((words) => ({ words, at: body.indexOf(words, from) }));
  const end = found.find(({ at }) => at >= 0);
  return end === undefined ? body.length : end.at + end.words.length;
}

/** Number of the schedule's issue, which is opened when there is none. */
export async function ensureIssue(
  kit: Kit,
  { ref, forge }: { ref: RepositoryRef; forge: Forge },
  name: string,
): Promise<number> {
  const { schedules } = await kit.book.known(ref);
  const known = schedules.get(name)?.issue ?? null;
  const issue = { marker: issueMarker(name), title: `Fanfold: ${name}` };
  const number = await findOrOpen(forge, { known, ...issue });
  if (number !== known) {
    await changeSchedule(kit, { ref, name }, (state) => ({ ...state, issue: number }));
  }
  return number;
}

/** Number of our issue with this marker: the known one, one that was opened before it could be noted, or a new one. */
export async function findOrOpen(
  forge: Forge,
  { known, marker, title }: { known: number | null; marker: string; title: string },
): Promise<number> {
  const there = (await readIfThere(forge, known)) ?? (await forge.findIssue(marker));
  if (there !== null) return there.number;
  const body = withPart("", marker, "What stands here comes in a moment.");
  return (await forge.createIssue({ title, body })).number;
}

/** Null when it was deleted. */
async function readIfThere(forge: Forge, number: number | null): Promise<Issue | null> {
  if (number === null) return null;
  try {
    return await forge.issue(number);
  } catch (error) {
    if (error instanceof ForgeError && error.kind === "not-found") return null;
    throw error;
  }
}

/** Makes our part of the issue say this; nothing is written when it says so already. */
export async function putPart(
  forge: Forge,
  number: number,
  { marker, part, reopen }: { marker: string; part: string; reopen: boolean },
): Promise<void> {
  const issue = await forge.issue(number);
  const theirs = withPart(issue.body, marker, "").length;
  const room = Math.max(PART_CHARS, BODY_CHARS - theirs);
  const body = withPart(issue.body, marker, cut(part, room));
  const isToOpen = reopen && issue.state === "closed";
  if (body === issue.body && !isToOpen) return;
  await forge.editIssue(number, { body, ...(isToOpen ? { state: "open" } : {}) });
}
