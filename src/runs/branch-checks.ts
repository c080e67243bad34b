// The repository's own checks, asked about branches of a run: kept in the record, looked at until they are over.

import { limits } from "../config/limits.ts";
import type { Oid } from "../repo/git-data.ts";
import { isHiddenRef } from "../repo/refs.ts";
import type { CheckedBranch, CheckVerdict } from "../steps/checked.ts";
import type { Checks } from "../steps/context.ts";
import type { ChangeState } from "../steps/ledger.ts";
import type { Clock } from "../world/clock.ts";
import type { Forge } from "../world/forge.ts";
import type { OtherCheck } from "../world/checks.ts";
import { ForgeError } from "../world/forge-error.ts";
import { heldPaths } from "./ask-first.ts";
import { isInFork } from "./fork.ts";
import { judgeLook } from "./judge-checks.ts";
import type { LiveRun } from "./live.ts";
import type { RunRecord } from "./record.ts";
import type { BranchCheck } from "./branch-check-record.ts";
import { code } from "./render/text.ts";

export interface ChecksWorld {
  forge: Forge;
  clock: Clock;
}

export function openChecks(world: ChecksWorld, run: LiveRun): Checks {
  return {
    ask: async ({ key, change, waitMs, release }, signal) => {
      const known = find(run, key);
      if (known === undefined) {
        const refusal = refusalFor(run.record(), change);
        if (refusal !== null) return { result: refusal };
        await begin(world, run, {
          key,
          change,
          waitMs,
          head: await releasedHead(run, change, release),
        });
      } else if (known.from !== known.head) await release();
      const { result, head } = found(run, key);
      if (result !== null) return { result: { head, ...result } };
      return {
        result: null,
        over: async () => {
          await watchChecks(world, run, { signal, key });
          return resultOf(found(run, key));
        },
      };
    },
    endOf: async (check) => {
      try {
        return await world.forge.endOfCheck(check);
      } catch (error) {
        // A log is help and not the answer: without it the verdict is the same.
        if (error instanceof ForgeError) return null;
        throw error;
      }
    },
  };
}

/** Questions about checks that are not answered yet. */
export const openChecksOf = ({ branchChecks }: Pick<RunRecord, "branchChecks">): BranchCheck[] =>
  branchChecks.filter(({ result }) => result === null);

/** Nothing but the repository's checks is waited for. */
export const waitsForChecks = (record: RunRecord): boolean =>
  record.status === "waiting" &&
  openChecksOf(record).length > 0 &&
  record.questions.every(({ decision }) => decision !== null);

/** Where a branch stands whose worker made this commit: on the one that its CI was let run on, where that was asked for. */
export const standingHead = ({ branchChecks }: Pick<RunRecord, "branchChecks">, head: Oid): Oid =>
  branchChecks.find(({ from }) => from === head)?.head ?? head;

/** Looks until one of them is over (the one of this key, where one is named); resolves at once when none is open. */
export async function watchChecks(
  { forge, clock }: ChecksWorld,
  run: LiveRun,
  { signal, key }: { signal: AbortSignal; key?: string },
): Promise<void> {
  const isMine = (asked: BranchCheck): boolean => key === undefined || asked.key === key;
  const open = openChecksOf(run.record()).filter(isMine);
  if (open.length === 0) return;
  const areOpen = (): boolean => open.every((asked) => find(run, asked.key)?.result === null);
  while (areOpen()) {
    for (const { key: each } of open) await lookAt({ forge, clock }, run, each);
    if (areOpen()) await clock.sleep(untilNext(open, clock.now()), signal);
  }
}

function untilNext(open: readonly BranchCheck[], now: number): number {
  const { lookMs, soonMs, laterMs } = limits.checks;
  const youngest = Math.max(...open.map(({ askedAt }) => askedAt));
  const next = now - youngest < soonMs ? lookMs : laterMs;
  return Math.max(
    1,
    Math.min(next, ...open.map(({ until }) => until - now).filter((ms) => ms > 0)),
  );
}

async function lookAt({ forge, clock }: ChecksWorld, run: LiveRun, key: string): Promise<void> {
  const before = find(run, key);
  if (before?.result !== null) return;
  const look = await checksOn(forge, before.head);
  if (look === "unclear" && clock.now() < before.until) return;
  // As it is by now: another machine's record may have been taken on meanwhile.
  const asked = find(run, key);
  if (asked === undefined) return;
  const judged =
    look === "unclear" ? { ...asked, result: notAsked } : judgeLook(asked, look, clock.now());
  if (JSON.stringify(judged) === JSON.stringify(asked)) return;
  const branchChecks = run.record().branchChecks.map((each) => (each.key === key ? judged : each));
  await run.update({ branchChecks });
}

const notAsked = {
  verdict: "unfinished" as const,
  why: "GitHub could not be asked about its checks until the time for them was over.",
  checks: [],
};

/** Null when GitHub does not have the commit; `unclear` when it could not be asked. */
async function checksOn(
  forge: Forge,
  head: Oid,
): Promise<readonly OtherCheck[] | null | "unclear"> {
  try {
    return await forge.otherChecks(head);
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    if (error.kind === "not-found" || error.kind === "refused") return null;
    if (error.kind === "forbidden") return [];
    return "unclear";
  }
}

/** A head that was released before is looked at again; nothing new is pushed. */
async function releasedHead(
  run: LiveRun,
  { head }: ChangeState,
  release: () => Promise<Oid>,
): Promise<Oid> {
  const isReleased = run.record().branchChecks.some((each) => each.head === head);
  return isReleased ? head : await release();
}

async function begin(
  { clock }: ChecksWorld,
  run: LiveRun,
  { key, change, waitMs, head }: { key: string; change: ChangeState; waitMs: number; head: Oid },
): Promise<void> {
  const askedAt = clock.now();
  const fresh: BranchCheck = {
    key,
    change: change.id,
    from: change.head,
    head,
    askedAt,
    until: askedAt + waitMs,
    knownAt: null,
    still: null,
    result: null,
  };
  await run.update({ branchChecks: [...run.record().branchChecks, fresh] });
  const { settings } = run.record();
  const message = `The repository's own checks look at ${code(change.branch)}: branch ${released(run.record()).size} of ${settings["limits.checks"]} that a run may let them run on.`;
  run.see({ kind: "logged", message });
}

const released = ({ branchChecks }: RunRecord): Set<string> =>
  new Set(branchChecks.filter(({ from, head }) => from !== head).map(({ head }) => head));

function refusalFor(record: RunRecord, change: ChangeState): CheckedBranch | null {
  const { branch, head, files } = change;
  const held = (why: string): CheckedBranch => {
    const verdict: CheckVerdict = "held";
    return { head, verdict, why, checks: [] };
  };
  if (isHiddenRef(branch))
    return held(
      "Its work stands on a hidden ref, where no CI runs: `branches: hidden` holds here.",
    );
  if (isInFork(record.base))
    return held(
      "It stands on a commit of a stranger's fork: on a branch of this repository CI would execute that with this repository's secrets.",
    );
  const executed = record.settings["approval.manifests"] ? heldPaths(files) : [];
  if (executed.length > 0)
    return held(
      `It changes what CI executes (${executed.slice(0, 3).map(code).join(", ")}), so that nothing runs on it before a person has seen it.`,
    );
  const most = record.settings["limits.checks"];
  const known = released(record);
  if (known.has(head) || known.size < most) return null;
  return held(
    `CI was not let run on it: ${known.size === 1 ? "1 branch" : `${known.size} branches`} of this run had it already, and ${code("limits.checks")} allows ${most}.`,
  );
}

const find = (run: LiveRun, key: string): BranchCheck | undefined =>
  run.record().branchChecks.find((each) => each.key === key);

function found(run: LiveRun, key: string): BranchCheck {
  const asked = find(run, key);
  if (asked === undefined) throw new Error(`This run asked for no checks under ${key}.`);
  return asked;
}

function resultOf({ head, result }: BranchCheck): CheckedBranch {
  if (result === null) throw new Error("These checks are not over.");
  return { head, ...result };
}
