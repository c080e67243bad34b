// What holds in a repository at this moment: its settings, its switch, and whether anything may start at all.

import type { OpenForge, RepositoryRef } from "../world/forge.ts";
import type { Operator } from "./effective.ts";
import { findSettings, type Found } from "./found.ts";
import type { SwitchedOff, Switches } from "./switches.ts";

/** What holds now. */
export interface RulesNow extends Found {
  switchedOff: SwitchedOff | null;
  /** Why nothing may start; null when it may. */
  closed: Closed | null;
}

/** Who closed it: the file, its owner's or the operator by a setting, a person by `/workflow off`, or a broken file. */
export type Closed =
  | { why: "setting"; by: "operator" | "owner" | "repository" }
  | { why: "switch"; off: SwitchedOff }
  | { why: "broken" };

export interface Rules {
  operator: Operator;
  /** Rejects with `ForgeError` when GitHub does not tell. */
  of(ref: RepositoryRef): Promise<RulesNow>;
  switches: Switches;
}

export function openRules(given: {
  openForge: OpenForge;
  operator: Operator;
  switches: Switches;
}): Rules {
  const { openForge, operator, switches } = given;
  return {
    operator,
    switches,
    of: async (ref) => {
      const found = await findSettings(await openForge(ref), operator);
      const switchedOff = await switches.read(ref.repositoryId);
      return { ...found, switchedOff, closed: closedBy(found, switchedOff) };
    },
  };
}

function closedBy({ effective, broken }: Found, off: SwitchedOff | null): Closed | null {
  const { settings, origins } = effective;
  if (settings.disableWorkflows) {
    const by = origins.get("disableWorkflows");
    return { why: "setting", by: by === "operator" || by === "owner" ? by : "repository" };
  }
  if (off !== null) return { why: "switch", off };
  return broken.length > 0 ? { why: "broken" } : null;
}
