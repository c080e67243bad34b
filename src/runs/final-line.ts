// The commits that the final pull request is to hold: where they begin, what each takes in, and whether a person is asked first.

import { z } from "zod";

import type { Mirror } from "../repo/contract.ts";
import type { LineCount } from "../repo/line-counts.ts";
import { protecting } from "../repo/protected-paths.ts";
import type { Identity, Oid } from "../repo/git-data.ts";
import type { Fold } from "../steps/records.ts";
import type { LiveRun } from "./live.ts";
import type { RunRecord } from "./record.ts";

const MET_KEPT = 20;

const Paths = z.object({ shown: z.array(z.string()), all: z.int() });
const Moved = { to: z.string(), isRewritten: z.boolean() };

/** What became of the branch that was built upon since the run began. */
export const BaseNow = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("unmoved") }),
  z.object({ kind: z.literal("gone") }),
  /** Everything was put on top of where it is now. */
  z.object({ kind: z.literal("on-top"), ...Moved, met: Paths }),
  /** It moved, and the line stays where it was made. */
  z.object({
    kind: z.literal("stays"),
    ...Moved,
    why: z.enum(["conflicts", "protected", "push-refused"]),
    paths: Paths,
  }),
  /** It holds everything already. */
  z.object({ kind: z.literal("holds-all"), ...Moved }),
]);
export type BaseNow = z.infer<typeof BaseNow>;

/** Journaled with the signed commits, so that every later process tells the same. */
export const FinalLine = z.object({
  /** Commit that the first of them stands on. */
  on: z.string(),
  /** The commit that holds all of it before it is signed; the run's own branch stands there. */
  tip: z.string(),
  steps: z.array(z.object({ changes: z.array(z.string()), tree: z.string() })),
  base: BaseNow,
});
export type FinalLine = z.infer<typeof FinalLine>;

export interface LineWorld {
  mirror: Mirror;
  author: Identity;
  /** Where the branch that was built upon is now; null when it is gone. */
  tipOfBase: () => Promise<Oid | null>;
}

/** The line with what it changes, which limits and protected paths are held against. */
export interface Drawn {
  line: FinalLine;
  counts: readonly LineCount[];
}

const pathsOf = (paths: readonly string[]): z.infer<typeof Paths> => ({
  shown: paths.slice(0, MET_KEPT),
  all: paths.length,
});

/** What was folded in, as it was made. */
export function ownLine(base: Oid, folds: readonly Fold[], now: BaseNow): FinalLine {
  const steps = folds.map(({ change, tree }) => ({ changes: [change], tree }));
  return { on: base, tip: folds.at(-1)?.commit ?? base, steps, base: now };
}

/** Looks at the branch once, and puts the line on top of it where it moved and git can. */
export async function drawLine(
  world: LineWorld,
  run: LiveRun,
  folds: readonly Fold[],
): Promise<Drawn> {
  const { base } = run.record();
  if (base === null) throw new Error("A run without a base has no line of its own.");
  const at = (now: BaseNow): Promise<Drawn> => own(world, { base: base.commit, folds, now });
  const to = await world.tipOfBase();
  if (to === null) return await at({ kind: "gone" });
  if (to === base.commit) return await at({ kind: "unmoved" });
  const isRewritten = !(await world.mirror.isAncestor(base.commit, to));
  const moved = { to, isRewritten };
  const replayed = await replayOnto(world, { run, folds, to });
  switch (replayed.kind) {
    case "nothing-left":
      return await at({ kind: "holds-all", ...moved });
    case "conflicted":
      return await at({
        kind: "stays",
        ...moved,
        why: "conflicts",
        paths: pathsOf(replayed.paths),
      });
    case "replayed":
      break;
  }
  const { tip, met } = replayed;
  const counts = await world.mirror.lineCounts(to, tip);
  const touched = protectedIn(run.record(), counts);
  if (touched.length > 0)
    return await at({ kind: "stays", ...moved, why: "protected", paths: pathsOf(touched) });
  let at_ = 0;
  const steps = replayed.steps.map(({ tree, takes }) => {
    const changes = folds.slice(at_, (at_ += takes)).map(({ change }) => change);
    return { changes, tree };
  });
  return {
    line: { on: to, tip, steps, base: { kind: "on-top", ...moved, met: pathsOf(met) } },
    counts,
  };
}

async function own(
  { mirror }: LineWorld,
  { base, folds, now }: { base: Oid; folds: readonly Fold[]; now: BaseNow },
): Promise<Drawn> {
  const line = ownLine(base, folds, now);
  return { line, counts: await mirror.lineCounts(base, line.tip) };
}

/** Paths that only people may change, by the trees: a merge may carry an edit along with a file that somebody moved. */
export function protectedIn(
  { settings }: Pick<RunRecord, "settings">,
  counts: readonly LineCount[],
): string[] {
  const isProtected = protecting(settings["paths.protected"]);
  return counts.map(({ path }) => path).filter(isProtected);
}

async function replayOnto(
  { mirror, author }: LineWorld,
  { run, folds, to }: { run: LiveRun; folds: readonly Fold[]; to: Oid },
) {
  const { id, base, createdAt } = run.record();
  const replayed = await mirror.replay({
    base: base?.commit ?? "",
    onto: to,
    line: folds.map(({ commit }) => commit),
    message: `Put run ${id} on top of ${to} [skip ci]\n\nFanfold-Run: ${id}\n`,
    author,
    at: createdAt,
  });
  if (replayed.kind === "replayed") await mirror.keep(`${id}/final`, replayed.tip);
  return replayed;
}
