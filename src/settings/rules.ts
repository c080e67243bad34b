// What holds in a repository at this moment: its settings, its switch, and whether anything may start at all.

import type { OpenForge, RepositoryRef } from "../world/forge.ts";
import type { Operator } from "./effective.ts";
import { findSettings, type Found } from "./found.ts";
import { type SwitchedOff, type Switches, SwitchUnreadable } from "./switches.ts";

/** What holds now. */
export interface RulesNow extends Found {
  switchedOff: SwitchedOff | null;
  /** Why nothing may start; null when it may. */
  closed: Closed | null;
}

/**
 * Who closed it: the file, its owner's or the operator by a setting, a person by `/workflow off`, or a broken file; or nobody
 * can tell whether a person did.
 */
export type Closed =
  | { why: "setting"; by: "operator" | "owner" | "repository" }
  | { why: "switch"; off: SwitchedOff }
  | { why: "unreadable"; message: string }
  | { why: "broken" };

export interface Rules {
  operator: Operator;
  /** Rejects with `ForgeError` when GitHub does not tell. */
  of(ref: RepositoryRef): Promise<RulesNow>;
  /** The same for what is about to begin: whoever switched the repository off a moment ago, and wherever, is heard. */
  toBegin(ref: RepositoryRef): Promise<RulesNow>;
  switches: Switches;
}

export function openRules(given: {
  openForge: OpenForge;
  operator: Operator;
  switches: Switches;
}): Rules {
  const { openForge, operator, switches } = given;
  const look = async (ref: RepositoryRef, how: { isAnew: boolean }): Promise<RulesNow> => {
    const [found, position] = await Promise.all([
      openForge(ref).then((forge) => findSettings(forge, operator)),
      positionOf(switches, ref, how),
    ]);
    const closed = closedBy(found, position);
    return { ...found, switchedOff: "off" in position ? position.off : null, closed };
  };
  return {
    operator,
    switches,
    of: (ref) => look(ref, { isAnew: false }),
    toBegin: (ref) => look(ref, { isAnew: true }),
  };
}

type Position = { off: SwitchedOff | null } | { message: string };

async function positionOf(
  switches: Switches,
  ref: RepositoryRef,
  how: { isAnew: boolean },
): Promise<Position> {
  try {
    return { off: await switches.read(ref, how) };
  } catch (error) {
    if (!(error instanceof SwitchUnreadable)) throw error;
    return { message: error.message };
  }
}

function closedBy({ effective, broken }: Found, position: Position): Closed | null {
  const { settings, origins } = effective;
  if (settings.disableWorkflows) {
    const by = origins.get("disableWorkflows");
    return { why: "setting", by: by === "operator" || by === "owner" ? by : "repository" };
  }
  if ("message" in position) return { why: "unreadable", message: position.message };
  if (position.off !== null) return { why: "switch", off: position.off };
  return broken.length > 0 ? { why: "broken" } : null;
}
