// What agents at work have said, in the checkpoint: what is new of it goes along, and goes away when the agent has ended.

import { createHash } from "node:crypto";

import { z } from "zod";

import { limits } from "../config/limits.ts";
import type { Entry } from "../engine/journal.ts";
import { isEnded, type RunRecord } from "./record.ts";
import type { Seal } from "./seal.ts";
import { type AgentUnderWay, folderOf, type KeptLines, type Transcripts } from "./transcripts.ts";

/** One agent, as far as it stands in the checkpoint. */
export interface KeptAgent {
  place: AgentUnderWay["place"];
  request: string;
  turns: number;
  chars: number;
  /** Digests of its sealed files, by path. */
  files: ReadonlyMap<string, string>;
}

/** By the folder of each. */
export type KeptAgents = ReadonlyMap<string, KeptAgent>;

/** What one push changes about them. */
export interface AgentsTick {
  files: ReadonlyMap<string, Uint8Array>;
  /** Folders. */
  removed: readonly string[];
  kept: KeptAgents;
}

const Head = z.object({ v: z.literal(1), key: z.string(), index: z.int(), request: z.string() });

const FOLDER = "agents/";
export const isOfAgent = (path: string): boolean => path.startsWith(FOLDER);

const folderOfAgent = ({ place, request }: Pick<AgentUnderWay, "place" | "request">): string =>
  `${FOLDER}${folderOf(place.key)}/${place.index}/${request.slice(0, 16)}`;

/** Whether the run's checkpoint may hold what agents said: anyone who can read a public repository can fetch it. */
export function keepsAgents({ settings, isPrivate, status }: RunRecord): boolean {
  if (isEnded(status)) return false;
  return settings.transcripts === "always" || (settings.transcripts === "private" && isPrivate);
}

/** True when an agent has said something that the checkpoint does not hold and has room for. */
export function hasNews(kept: KeptAgents, underWay: readonly AgentUnderWay[]): boolean {
  return underWay.some((agent) => {
    const known = kept.get(folderOfAgent(agent));
    return (
      agent.turns > (known?.turns ?? 0) && (known?.chars ?? 0) < limits.publish.transcriptChars
    );
  });
}

/** The files of the next push. Without `wanted` all of them go. */
export async function nextOfAgents(
  kept: KeptAgents,
  given: {
    transcripts: Pick<Transcripts, "underWay" | "linesOf">;
    entries: readonly Entry[];
    seal: Seal;
    wanted: boolean;
  },
): Promise<AgentsTick> {
  const underWay = given.wanted ? given.transcripts.underWay() : [];
  const next = new Map(given.wanted ? stillWanted(kept, { ...given, underWay }) : []);
  const removed = [...kept.keys()].filter((folder) => !next.has(folder));
  const files = new Map<string, Uint8Array>();
  for (const agent of underWay) {
    const folder = folderOfAgent(agent);
    const known = next.get(folder) ?? { ...agent, turns: 0, chars: 0, files: new Map() };
    const lines =
      agent.turns > known.turns ? await given.transcripts.linesOf(agent.place, known.turns) : [];
    if (lines.length === 0) continue;
    const fitting = fit(lines, roomFor(known, next));
    const grown = withSegment(known, { folder, lines: fitting, seal: given.seal });
    for (const [path, bytes] of grown.files) files.set(path, bytes);
    // Where a turn found no room, none behind it is of use.
    const isFull = fitting.length < lines.length;
    next.set(folder, isFull ? { ...grown.agent, chars: Infinity } : grown.agent);
  }
  return { files, removed, kept: next };
}

/** Without those whose call has an outcome, and those that began anew with another request. */
function stillWanted(
  kept: KeptAgents,
  { entries, underWay }: { entries: readonly Entry[]; underWay: readonly AgentUnderWay[] },
): [string, KeptAgent][] {
  if (kept.size === 0) return [];
  const ended = new Set(entries.flatMap((entry) => (isAnswered(entry) ? [entry.key] : [])));
  const isReplaced = ({ place, request }: KeptAgent): boolean =>
    underWay.some(
      (agent) =>
        agent.place.key === place.key &&
        agent.place.index === place.index &&
        agent.request !== request,
    );
  return [...kept].filter(([, agent]) => !ended.has(agent.place.key) && !isReplaced(agent));
}

/** The agents of such a call have ended. */
export const isAnswered = (entry: Entry): boolean =>
  entry.kind === "call-ended" && "record" in entry;

function roomFor({ chars }: KeptAgent, all: KeptAgents): number {
  const finite = (each: KeptAgent): number => (Number.isFinite(each.chars) ? each.chars : 0);
  const total = [...all.values()].reduce((sum, each) => sum + finite(each), 0);
  return Math.min(limits.publish.transcriptChars - chars, limits.publish.transcriptsChars - total);
}

function fit(lines: readonly string[], room: number): string[] {
  let left = room;
  const beyond = lines.findIndex((line) => (left -= line.length) < 0);
  return lines.slice(0, beyond === -1 ? lines.length : beyond);
}

function withSegment(
  known: KeptAgent,
  { folder, lines, seal }: { folder: string; lines: readonly string[]; seal: Seal },
): { agent: KeptAgent; files: [string, Uint8Array][] } {
  if (lines.length === 0) return { agent: known, files: [] };
  const { place, request } = known;
  const path = `${folder}/${String(known.files.size + 1).padStart(6, "0")}`;
  const head: z.infer<typeof Head> = { v: 1, ...place, request };
  const sealed = seal.seal(path, Buffer.from([JSON.stringify(head), ...lines].join("\n")));
  const agent: KeptAgent = {
    place,
    request,
    turns: known.turns + lines.length,
    chars: known.chars + lines.reduce((sum, line) => sum + line.length, 0),
    files: new Map([...known.files, [path, digestOf(sealed)]]),
  };
  return { agent, files: [[path, sealed]] };
}

/** Opens what a checkpoint holds of them; its manifest has vouched for which files there are. */
export function openKeptAgents(
  files: ReadonlyMap<string, Uint8Array>,
  seal: Seal,
): { kept: KeptAgents; lines: KeptLines[] } {
  const kept = new Map<string, KeptAgent>();
  const lines = new Map<string, string[]>();
  for (const path of [...files.keys()].filter(isOfAgent).sort()) {
    const bytes = files.get(path) ?? new Uint8Array();
    const folder = path.slice(0, path.lastIndexOf("/"));
    const [first = "", ...turns] = Buffer.from(seal.open(path, bytes)).toString("utf8").split("\n");
    const { key, index, request } = Head.parse(JSON.parse(first));
    const known = kept.get(folder);
    lines.set(folder, [...(lines.get(folder) ?? []), ...turns]);
    kept.set(folder, {
      place: { key, index },
      request,
      turns: (known?.turns ?? 0) + turns.length,
      chars: turns.reduce((sum, line) => sum + line.length, known?.chars ?? 0),
      files: new Map([...(known?.files ?? []), [path, digestOf(bytes)]]),
    });
  }
  const all = [...kept].map(([folder, { place, request }]): KeptLines => ({
    place,
    request,
    lines: lines.get(folder) ?? [],
  }));
  return { kept, lines: all };
}

/** Digests of all their files by path, as the manifest binds them. */
export function digestsOfAgents(kept: KeptAgents): Record<string, string> {
  return Object.fromEntries([...kept.values()].flatMap(({ files }) => [...files]));
}

export const digestOf = (bytes: Uint8Array | string): string =>
  createHash("sha256").update(bytes).digest("hex");
