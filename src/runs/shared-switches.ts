// `/workflow off` for every machine: in a hidden ref of the repository, and on this disk for when that cannot be read.

import { z } from "zod";

import { limits } from "../config/limits.ts";
import { SwitchedOff, type Switches, SwitchUnreadable } from "../settings/switches.ts";
import type { RepositoryRef } from "../world/forge.ts";
import { ForgeError } from "../world/forge-error.ts";
import { type BookKind, type HiddenBook, openHiddenBook } from "./hidden-book.ts";
import type { House } from "./house.ts";
import { passes } from "./passes.ts";

/** `turn` counts how often it was switched; 0: never, as far as the repository tells. `at`: when it was, the last time. */
const Switch = z.object({
  turn: z.int(),
  off: SwitchedOff.nullable(),
  at: z.number().default(0),
});
type Switch = z.infer<typeof Switch>;

const FILE = "switch";
const kind: BookKind<Switch> = {
  ref: "refs/fanfold/switches/state",
  about: "switches",
  empty: { turn: 0, off: null, at: 0 },
  anew: "Fanfold is on there then, unless a machine of it remembers that it was switched off.",
  lacks: (state, seen) => state.turn < seen.turn,
  write: (state) => new Map(state.turn === 0 ? [] : [[FILE, JSON.stringify(state)]]),
  read: (files) => Switch.parse(JSON.parse(files.get(FILE) ?? "null")),
};

interface Look extends Pick<Switch, "turn" | "off"> {
  /** By the monotonic clock. */
  seenAt: number;
}

interface Panel {
  house: House;
  /** Of this machine. */
  own: Switches;
  book: HiddenBook<Switch>;
  /** What was seen last, by the repository's id. */
  looks: Map<number, Look>;
  /** Which turn this disk knows of, by the repository's id. */
  noted: Map<number, number>;
}

/**
 * Switches that every process sees `limits.switches.seenMs` after they were moved, and at once where it looks anew. Where the
 * repository cannot be read, a switch that this machine knows to be off is off; that it was on before is no answer. Rejects
 * with `ForgeError` where that passes, else with `SwitchUnreadable`.
 */
export function openSharedSwitches(house: House, own: Switches): Switches {
  const book = openHiddenBook(house, kind);
  const panel: Panel = { house, own, book, looks: new Map(), noted: new Map() };
  return {
    read: async (ref, { isAnew } = { isAnew: false }) => {
      const seen = panel.looks.get(ref.repositoryId);
      const now = house.world.clock.monotonic();
      if (!isAnew && seen !== undefined && now - seen.seenAt < limits.switches.seenMs)
        return seen.off;
      return await look(panel, ref);
    },
    off: async (ref, given) => {
      // This machine starts nothing from now on, whatever becomes of the rest.
      await own.off(ref, { ...given, isPending: true });
      panel.looks.delete(ref.repositoryId);
      await move(panel, ref, given);
    },
    on: async (ref) => {
      await move(panel, ref, null);
      await own.on(ref);
    },
  };
}

/** Also where it stands so already: a word that was heard elsewhere before, and could not be kept, counts no more. */
async function move(panel: Panel, ref: RepositoryRef, off: Switch["off"]): Promise<void> {
  const at = off?.at ?? panel.house.world.clock.now();
  await panel.book.change(ref, ({ turn }) => ({ turn: turn + 1, off, at }));
  await see(panel, ref, await panel.book.known(ref));
}

async function look(panel: Panel, ref: RepositoryRef): Promise<SwitchedOff | null> {
  try {
    return await see(panel, ref, await stateNow(panel, ref));
  } catch (error) {
    panel.looks.delete(ref.repositoryId);
    const off = await panel.own.read(ref);
    if (off === null) throw unreadable(ref, error);
    const repository = `${ref.owner}/${ref.name}`;
    const words = "A switch could not be read in its repository; it is off, as this machine knows.";
    panel.house.world.log.warn({ repository, err: error }, words);
    return off;
  }
}

/**
 * What an earlier version wrote on this disk alone, what could not be kept in the repository, or what somebody took out of it, is
 * brought there.
 */
async function stateNow({ book, own }: Panel, ref: RepositoryRef): Promise<Switch> {
  const state = await book.read(ref);
  const here = await own.read(ref);
  if (here === null || !isMissing(here, state)) return state;
  const { by, at } = here;
  await book.change(ref, (now) =>
    isMissing(here, now) ? { turn: now.turn + 1, off: { by, at }, at } : null,
  );
  return await book.known(ref);
}

/** Whether the repository should say that it is off, as this disk does. Whatever was said there since counts more. */
const isMissing = (here: SwitchedOff, { turn, off, at }: Switch): boolean =>
  turn === 0 || (here.isPending === true && off === null && here.at > at);

async function see(
  { house, own, looks, noted }: Panel,
  ref: RepositoryRef,
  { turn, off }: Pick<Switch, "turn" | "off">,
): Promise<SwitchedOff | null> {
  const { repositoryId: id } = ref;
  const newer = looks.get(id);
  // It was moved while it was looked at.
  if (newer !== undefined && newer.turn > turn) return newer.off;
  if (turn > 0 && noted.get(id) !== turn) {
    await (off === null ? own.on(ref) : own.off(ref, off));
    noted.set(id, turn);
  }
  looks.set(id, { seenAt: house.world.clock.monotonic(), turn, off });
  return off;
}

function unreadable({ owner, name }: RepositoryRef, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  if (!passes(cause)) return new SwitchUnreadable(why, { cause });
  const message = `Whether ${owner}/${name} is switched off could not be read: ${why}`;
  return new ForgeError("unreachable", message, { cause });
}
