// What the repository's CI says of a part, and whether a change could mend it: red without the part, cancelled or hanging it is not.

import { limits } from "../config/limits.ts";
import type { Oid } from "../repo/git-data.ts";
import { counted, inline } from "../runs/render/text.ts";
import { endOfLog } from "../steps/checked.ts";
import type { Forge } from "../world/forge.ts";
import type { OtherCheck } from "../world/checks.ts";
import { ForgeError } from "../world/forge-error.ts";
import type { Shard } from "./state.ts";

export interface ChecksWorld {
  forge: Pick<Forge, "otherChecks" | "endOfCheck">;
  now: number;
  /** The newest commit of the default branch. */
  onto: Oid;
  /** What CI says of a commit of the default branch; asked once for each. */
  checksOn: (commit: Oid) => Promise<readonly OtherCheck[]>;
}

/** Conclusions that another content could change: what was cancelled, or waits for a click, is for people. */
const OF_THE_CONTENT = new Set(["failure", "timed_out", "error"]);

/** What is new of the part; `anew` when its branch should be put on the default branch again, where the failing checks pass by now. */
export async function judgeChecks(
  world: ChecksWorld,
  shard: Judged,
  sha: Oid,
): Promise<Partial<Shard> | "anew"> {
  const checks = await world.forge.otherChecks(sha);
  const pending = checks.filter(({ state }) => state === "pending");
  const since = shard.pendingSince ?? world.now;
  const isWaiting = world.now - since < limits.migration.pendingMs;
  if (pending.length > 0 && isWaiting) return { pendingSince: since };
  const pendingSince = pending.length > 0 ? since : null;
  const failed = checks.filter(({ state }) => state === "failed");
  if (failed.length === 0) {
    const note = pending.length === 0 ? null : `Not over for a day: ${named(pending)}.`;
    return { status: "open", failure: null, pendingSince, redo: null, note };
  }
  const mendable = failed.filter(({ said }) => OF_THE_CONTENT.has(said));
  const without = await withoutThePart(world, shard, mendable);
  if (without === "mended") return "anew";
  if (without === "pending" && isWaiting) return { pendingSince: since };
  return { pendingSince, ...(await failing(world, shard, { failed, mendable, without })) };
}

type Judged = Pick<Shard, "onto" | "pendingSince" | "failure">;

/** Nothing when it is known. */
async function failing(
  { forge }: ChecksWorld,
  { failure: known }: Judged,
  found: { failed: readonly OtherCheck[]; mendable: readonly OtherCheck[]; without: Without },
): Promise<Partial<Shard>> {
  const { failed, mendable, without } = found;
  const [first] = mendable;
  const isMendable = first !== undefined && without !== "failing";
  const names = failed.map(({ name }) => name);
  if (known?.isMendable === isMendable && known.names.join() === names.join()) return {};
  const log = isMendable ? await endOf(forge, first) : null;
  const why = first === undefined ? " (no change mends that)" : isMendable ? "" : RED_ANYWAY;
  const note = `${counted(failed.length, "check")} failed: ${named(failed)}${why}.`;
  return { status: "failing", failure: { names, isMendable, log }, note };
}

const RED_ANYWAY = " (the default branch fails them as well)";

type Without = "passing" | "pending" | "failing";

/** How the same checks fare on the commit that the part's branch is built on, and on the newest one where they fail there. */
async function withoutThePart(
  { checksOn, onto }: ChecksWorld,
  { onto: builtOn }: Judged,
  mendable: readonly OtherCheck[],
): Promise<Without | "mended"> {
  if (builtOn === null || mendable.length === 0) return "passing";
  const before = await checksOn(builtOn);
  const isSaid = ({ name }: OtherCheck, state: OtherCheck["state"]): boolean =>
    before.some((each) => each.name === name && each.state === state);
  if (mendable.some((check) => isSaid(check, "pending"))) return "pending";
  if (!mendable.every((check) => isSaid(check, "failed"))) return "passing";
  if (builtOn === onto) return "failing";
  const now = await checksOn(onto);
  const isGreen = mendable.every(({ name }) =>
    now.some((each) => each.name === name && each.state === "passed"),
  );
  return isGreen ? "mended" : "failing";
}

const NAMED_MAX = 3;

function named(checks: readonly OtherCheck[]): string {
  const first = checks.slice(0, NAMED_MAX).map(({ name, said }) => {
    const how = said === "failure" ? "" : ` (${inline(said, 30)})`;
    return `${inline(name, 60)}${how}`;
  });
  const more = checks.length - first.length;
  return `${first.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

async function endOf(forge: ChecksWorld["forge"], check: OtherCheck): Promise<string | null> {
  try {
    const text = await forge.endOfCheck(check);
    return text === null ? null : endOfLog(text, limits.migration.logChars);
  } catch (error) {
    // The log is help for whoever mends it; that it fails is known without.
    if (error instanceof ForgeError) return null;
    throw error;
  }
}
