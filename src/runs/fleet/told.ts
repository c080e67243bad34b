// What processes tell each other of runs: one that begins, and what people said of one. Sealed as checkpoints are.

import { createHash } from "node:crypto";

import { z } from "zod";

import type { Fleet, Told } from "../../world/fleet.ts";
import type { House } from "../house.ts";
import { parseJournal, toLines } from "../journal-file.ts";
import type { LiveRun, RunContents } from "../live.ts";
import { RunRecord, SaidOfRun } from "../record.ts";
import { decidedIn, savesIn } from "../said.ts";
import { openSeal } from "../seal.ts";

const Message = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("begun"),
    record: RunRecord,
    script: z.string().nullable(),
    journal: z.string(),
  }),
  z.object({ kind: z.literal("said"), change: z.json() }),
]);

export type SaidChange = Partial<RunRecord>;

export type Message =
  | { kind: "begun"; contents: RunContents }
  | { kind: "said"; change: SaidChange };

/** Tells the others of a run that begins here: until its first push nobody finds it in the repository. */
export async function tellBegun(house: House, fleet: Fleet, run: LiveRun): Promise<void> {
  const record = run.record();
  const journal = toLines(run.entries()).toString("utf8");
  const message = { kind: "begun", record, script: run.script(), journal };
  await fleet.tell(sealed(house, record.id, message));
}

/** Whether the others can know of a run that has no checkpoint yet. */
export async function isBegunTold(house: House, fleet: Fleet, run: string): Promise<boolean> {
  return (await fleet.told(run)).some((one) => read(house, one)?.kind === "begun");
}

/**
 * Tells whoever drives the run what somebody said. The record of this process holds it by then, and says so: the other's word
 * on what came of it may not be undone by hearing it once more.
 */
export async function tellSaid(
  house: House,
  run: LiveRun,
  { fleet, change }: { fleet: Fleet; change: SaidChange },
): Promise<void> {
  const told = sealed(house, run.record().id, { kind: "said", change });
  await run.update({ heard: [...run.record().heard, told.id] });
  await fleet.tell(told);
}

/** Named by its sealed text, which is never the same twice. */
function sealed(house: House, run: string, message: object): Told {
  const plain = Buffer.from(JSON.stringify(message));
  const text = Buffer.from(sealOf(house, run).seal(PLACE, plain)).toString("base64");
  const digest = createHash("sha256").update(text).digest("hex");
  return { id: `t-${digest.slice(0, 32)}`, run, at: house.world.clock.now(), text };
}

/** Null, with a line in the log, when it was sealed with another key or changed by somebody else. */
export function read(house: House, { run, text }: Told): Message | null {
  try {
    const plain = sealOf(house, run).open(PLACE, Buffer.from(text, "base64"));
    const message = Message.parse(JSON.parse(Buffer.from(plain).toString("utf8")));
    if (message.kind === "said") return { kind: "said", change: changeIn(message.change) };
    const { record, script, journal } = message;
    const entries = parseJournal(Buffer.from(journal));
    return { kind: "begun", contents: { record, script, entries } };
  } catch (error) {
    house.world.log.error({ run, err: error }, "what another process told of a run cannot be read");
    return null;
  }
}

/** Only what was told: a field that nobody spoke of must not get its default. */
function changeIn(json: unknown): SaidChange {
  const change = SaidOfRun.parse(json);
  const named = Object.keys(z.record(z.string(), z.unknown()).parse(json));
  return Object.fromEntries(Object.entries(change).filter(([key]) => named.includes(key)));
}

/** Whether the record holds what was told. */
export const isHeard = ({ heard }: RunRecord, { id }: Told): boolean => heard.includes(id);

/** What is forgotten by now stays noted for a while: whoever asked a moment ago may have it in hand yet. */
const FORGOTTEN_KEPT = 50;

/** What hearing it makes of a record, which holds it from then on; `standing` is what is not forgotten. Null: it changes nothing. */
export function heardOf(
  record: RunRecord,
  { id, change }: { id: string; change: SaidChange | null },
  standing: readonly Told[],
): SaidChange & Pick<RunRecord, "heard"> {
  const ids = new Set(standing.map((one) => one.id));
  const kept = record.heard.filter(
    (each, at) => ids.has(each) || at >= record.heard.length - FORGOTTEN_KEPT,
  );
  return { ...(change === null ? {} : withSaid(record, change)), heard: [...kept, id] };
}

/** A question that is decided already stays as it is. */
function withSaid(record: RunRecord, change: SaidChange): SaidChange {
  const { questions, saved, ...rest } = change;
  return {
    ...rest,
    ...(questions === undefined ? {} : { questions: decidedIn(record, { questions }) }),
    ...(saved === undefined ? {} : savesIn(record, { saved })),
  };
}

const PLACE = "told";
const sealOf = ({ settings }: House, run: string) => openSeal(settings.checkpointSecret, run);
