// The turns of agents under way, on this machine's disk: a turn that was paid for is not asked for again.

import { createHash } from "node:crypto";
import { mkdir, open, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import type { Transcript } from "../agent/agent.ts";
import type { Turn, TurnRequest } from "../agent/model.ts";

const Head = z.object({ v: z.literal(1), request: z.string() });

const Spoken = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("text"), text: z.string() }),
  z.object({ kind: z.literal("tool-use"), id: z.string(), name: z.string(), input: z.json() }),
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

export interface Transcripts {
  of(place: AgentPlace): Transcript;
  /** Forgets the agents of a call whose outcome is in the journal. */
  forget(key: string): Promise<void>;
  /** Forgets all of them, when the run is over. */
  forgetAll(): Promise<void>;
}

/** The transcripts of a run, in a folder of its own; what cannot be read counts as not kept. */
export function openTranscripts(folder: string): Transcripts {
  const ofCall = (key: string): string =>
    join(folder, createHash("sha256").update(key).digest("hex").slice(0, 32));
  return {
    of: ({ key, index }) => openTranscript(ofCall(key), `${index}.jsonl`),
    forget: (key) => rm(ofCall(key), { recursive: true, force: true }),
    forgetAll: () => rm(folder, { recursive: true, force: true }),
  };
}

function openTranscript(folder: string, name: string): Transcript {
  const path = join(folder, name);
  return {
    begin: async (request) => {
      const head: z.infer<typeof Head> = { v: 1, request: digestOf(request) };
      const kept = turnsIn(await readIfThere(path), head);
      await mkdir(folder, { recursive: true });
      // Written anew, so that what could not be read does not stand between what comes.
      await writeFile(path, toLines([head, ...kept]), { flush: true });
      return kept;
    },
    keep: async (turn) => {
      await using file = await open(path, "a");
      await file.write(toLines([turn]));
      await file.datasync();
    },
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

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}
