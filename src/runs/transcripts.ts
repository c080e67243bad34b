// The turns of agents under way, on this machine's disk: a turn that was paid for is not asked for again.

import { createHash } from "node:crypto";

import { z } from "zod";

import type { Transcript } from "../agent/agent.ts";
import type { Turn, TurnRequest } from "../agent/model.ts";
import { type Disk, textAt } from "../world/disk.ts";

const Head = z.object({ v: z.literal(1), request: z.string() });

const Spoken = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("text"), text: z.string() }),
  z.object({
    kind: z.literal("tool-use"),
    id: z.string(),
    name: z.string(),
    input: z.json(),
    unreadable: z.string().exactOptional(),
  }),
  z.object({ kind: z.literal("opaque"), block: z.json() }),
]);

const KeptTurn = z.object({
  content: z.array(Spoken),
  stopReason: z.enum(["end", "tool-use", "max-tokens", "refusal", "pause"]),
  usage: z.object({
    inputTokens: z.number(),
    outputTokens: z.number(),
    cacheReadTokens: z.number(),
    cacheWriteTokens: z.number(),
    costUsd: z.number().nullable(),
  }),
}) satisfies z.ZodType<Turn>;

/** One agent of a run: the call that asked for it, and its number within the call. */
export interface AgentPlace {
  key: string;
  index: number;
}

/** An agent that was asked for in this process and whose call has no outcome yet. */
export interface AgentUnderWay {
  place: AgentPlace;
  /** Digest of the request that its conversation began with. */
  request: string;
  turns: number;
}

/** What another machine kept of an agent: lines of turns, as they stand in a transcript. */
export interface KeptLines {
  place: AgentPlace;
  request: string;
  lines: readonly string[];
}

export interface Transcripts {
  of(place: AgentPlace): Transcript;
  underWay(): AgentUnderWay[];
  /** The turns of an agent under way behind the first `from` ones, a line of JSON each. */
  linesOf(place: AgentPlace, from: number): Promise<string[]>;
  /** Takes over what another machine kept, in place of all that is here. */
  replace(kept: readonly KeptLines[]): Promise<void>;
  /** Forgets the agents of a call whose outcome is in the journal. */
  forget(key: string): Promise<void>;
  /** Forgets all of them, when the run is over. */
  forgetAll(): Promise<void>;
}

/** The transcripts of a run, in a folder of its own; what cannot be read counts as not kept. */
export function openTranscripts(disk: Disk, folder: string): Transcripts {
  const ofCall = (key: string): string => `${folder}/${folderOf(key)}`;
  const fileOf = ({ key, index }: AgentPlace): string => `${ofCall(key)}/${index}.jsonl`;
  const underWay = new Map<string, AgentUnderWay>();
  const forgetAll = (): Promise<void> => {
    underWay.clear();
    return disk.remove(folder);
  };
  return {
    of: (place) => {
      const path = fileOf(place);
      return counting(openTranscript(disk, path), {
        began: (request, turns) => underWay.set(path, { place, request, turns }),
        kept: () => {
          const agent = underWay.get(path);
          if (agent !== undefined) agent.turns += 1;
        },
      });
    },
    underWay: () => [...underWay.values()],
    linesOf: async (place, from) =>
      ((await textAt(disk, fileOf(place))) ?? "").split("\n").slice(1 + from, -1),
    replace: async (kept) => {
      await forgetAll();
      for (const { place, request, lines } of kept) {
        const head: z.infer<typeof Head> = { v: 1, request };
        const text = `${toLines([head])}${lines.map((line) => `${line}\n`).join("")}`;
        await disk.replace(fileOf(place), text);
      }
    },
    forget: (key) => {
      for (const [path, { place }] of underWay) if (place.key === key) underWay.delete(path);
      return disk.remove(ofCall(key));
    },
    forgetAll,
  };
}

/** A name for a call's folder: keys are no file names. */
export const folderOf = (key: string): string =>
  createHash("sha256").update(key).digest("hex").slice(0, 32);

function counting(
  transcript: Transcript,
  told: { began: (request: string, turns: number) => void; kept: () => void },
): Transcript {
  return {
    begin: async (request) => {
      const turns = await transcript.begin(request);
      told.began(digestOf(request), turns.length);
      return turns;
    },
    keep: async (turn) => {
      await transcript.keep(turn);
      told.kept();
    },
  };
}

function openTranscript(disk: Disk, path: string): Transcript {
  return {
    begin: async (request) => {
      const head: z.infer<typeof Head> = { v: 1, request: digestOf(request) };
      const kept = turnsIn((await textAt(disk, path)) ?? "", head);
      // Written anew, so that what could not be read does not stand between what comes.
      await disk.replace(path, toLines([head, ...kept]));
      return kept;
    },
    keep: (turn) => disk.append(path, toLines([turn])),
  };
}

/** Up to the first line that is not whole, which a crash leaves; nothing when the transcript is of another request. */
function turnsIn(text: string, head: z.infer<typeof Head>): Turn[] {
  const [first = "", ...lines] = text.split("\n").slice(0, -1);
  const found = Head.safeParse(parse(first));
  if (!found.success || found.data.request !== head.request) return [];
  const turns: Turn[] = [];
  for (const line of lines) {
    const turn = KeptTurn.safeParse(parse(line));
    if (!turn.success) break;
    turns.push(turn.data);
  }
  return turns;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

const toLines = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join("");

/** Everything that decides what the first turn is asked. */
const digestOf = (request: TurnRequest): string =>
  createHash("sha256").update(JSON.stringify(request)).digest("hex");
