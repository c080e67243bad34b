// migration.*: dividing files, what became of parts before, and handing accepted parts over to be proposed one by one.

import type { Call, Performed, Settlement, Step } from "../engine/call.ts";
import type { RunContext } from "./context.ts";
import { headOf } from "./known-change.ts";
import { applyRecord, verdictOf } from "./ledger.ts";
import { KnownInput, ProposeInput, readInput, ShardsInput } from "./options.ts";
import { value } from "./outcome.ts";
import type { ProposedShard, StepRecord } from "./records.ts";
import { directoryOf, divide } from "./shards.ts";

const nothing: StepRecord = { kind: "answered", agents: [], read: [] };

/** At the run's pinned commit, so that it is the same on a replay. */
export function shardsStep({ base, migrations }: RunContext): Step {
  return {
    identity: (input) => input,
    agents: () => 0,
    replay: "recomputed",
    perform: async ({ input }: Call): Promise<Performed> => {
      const { files, by, most } = readInput(ShardsInput, "migration.shards", input);
      const packages =
        by === "package" ? (await base.paths("**/package.json")).map(directoryOf) : [];
      const ownersOf = by === "owner" ? await migrations.ownersIn(base) : () => [];
      const shards = divide(files, { by, most, packages, ownersOf });
      return value(
        shards.map((shard) => ({ ...shard })),
        nothing,
      );
    },
  };
}

/** What stood there when the run asked: it is in the journal. */
export function knownStep({ migrations }: RunContext): Step {
  return {
    identity: ({ what }) => ({ what: what ?? null }),
    agents: () => 0,
    replay: "recorded",
    perform: async ({ input }) => {
      const { what } = readInput(KnownInput, "migration.known", input);
      const known = await migrations.known(what);
      return value(
        known.map((shard) => ({ ...shard })),
        nothing,
      );
    },
  };
}

export function proposeStep(context: RunContext): Step {
  return {
    identity: ({ what, shards }) => ({
      what: what ?? null,
      shards: (Array.isArray(shards) ? shards : []).map((shard) =>
        typeof shard === "object" && shard !== null && !Array.isArray(shard)
          ? {
              name: shard["name"] ?? null,
              files: shard["files"] ?? null,
              change: headOf(shard["change"]),
            }
          : null,
      ),
    }),
    agents: () => 0,
    replay: "recorded",
    perform: (call) => perform(context, call),
  };
}

/** Alone and in journal order: the verdicts that count are those of this moment. */
async function perform(context: RunContext, { input }: Call): Promise<Settlement> {
  const asked = readInput(ProposeInput, "migration.propose", input);
  const { what, shards, coverage = null } = asked;
  const { migrations, ledger } = context;
  if (!migrations.isApart) return value({ apart: false, proposed: [], refused: [] }, nothing);
  return async () => {
    const proposed: ProposedShard[] = [];
    const refused: { name: string; why: string }[] = [];
    for (const { name, files, change: made } of shards) {
      const change = made === null ? undefined : ledger.changes.get(made.id);
      const verdict = change === undefined ? "without a change" : verdictOf(change);
      if (change === undefined || verdict !== "accepted") {
        refused.push({ name, why: verdict });
        continue;
      }
      const { id, base, head, summary } = change;
      // What it touches is its own, whatever it was said to be about.
      const touched = [...new Set([...files, ...change.files.map(({ path }) => path)])];
      proposed.push({ name, files: touched, change: id, base, head, summary });
    }
    await migrations.propose({ what, proposed, refused, coverage });
    const record: StepRecord = { kind: "proposed", what, shards: proposed };
    applyRecord(ledger, record);
    const names = proposed.map(({ name }) => name);
    return value({ apart: true, proposed: names, refused }, record);
  };
}
