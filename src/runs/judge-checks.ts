// What one look at the checks of a commit makes of the question about them. Pure.

import { limits } from "../config/limits.ts";
import type { OtherCheck } from "../world/checks.ts";
import type { BranchCheck } from "./branch-check-record.ts";
import { counted, duration, inline } from "./render/text.ts";

const NAMED_MAX = 5;

type Result = NonNullable<BranchCheck["result"]>;

/** `look` is null as long as GitHub does not have the commit. */
export function judgeLook(
  asked: BranchCheck,
  look: readonly OtherCheck[] | null,
  now: number,
): BranchCheck {
  const knownAt = look === null ? asked.knownAt : (asked.knownAt ?? now);
  const checks = [...(look ?? [])];
  const over = resultOf({ ...asked, knownAt }, checks, now);
  if (over !== null) return { ...asked, knownAt, result: { ...over, checks } };
  return { ...asked, knownAt, still: stillSince(asked, checks, now) };
}

function stillSince(
  { still }: BranchCheck,
  checks: readonly OtherCheck[],
  now: number,
): BranchCheck["still"] {
  if (checks.length === 0 || checks.some(({ state }) => state === "pending")) return null;
  const names = namesOf(checks);
  return still?.names === names ? still : { at: now, names };
}

function resultOf(
  { knownAt, still, askedAt, until }: BranchCheck,
  checks: readonly OtherCheck[],
  now: number,
): Omit<Result, "checks"> | null {
  const isOver = now >= until;
  if (checks.length === 0) {
    if (knownAt !== null && now - knownAt >= limits.checks.graceMs) return nothing;
    if (!isOver) return null;
    return knownAt === null ? neverSeen : nothing;
  }
  const pending = checks.filter(({ state }) => state === "pending");
  if (pending.length > 0) {
    if (!isOver) return null;
    const why = `${counted(pending.length, "check")} did not end in ${duration(until - askedAt)}: ${named(pending)}.`;
    return { verdict: "unfinished", why };
  }
  const isStill = still?.names === namesOf(checks) && now - still.at >= limits.checks.settleMs;
  return isStill || isOver ? verdictOf(checks) : null;
}

const nothing = {
  verdict: "none",
  why: "No check and no status stands on its commit: this repository has no CI that looks at branches.",
} as const;

const neverSeen = {
  verdict: "none",
  why: "GitHub never had its commit: somebody moved or deleted the branch, or it could not be pushed.",
} as const;

function verdictOf(checks: readonly OtherCheck[]): Omit<Result, "checks"> {
  const failed = checks.filter(({ state }) => state === "failed");
  if (failed.length > 0) {
    const why = `${failed.length} of ${counted(checks.length, "check")} failed: ${named(failed)}.`;
    return { verdict: "failed", why };
  }
  const passed = checks.filter(({ state }) => state === "passed").length;
  if (passed > 0)
    return { verdict: "passed", why: `${passed} of ${counted(checks.length, "check")} passed.` };
  return { verdict: "none", why: `All checks were skipped: ${named(checks)}.` };
}

const namesOf = (checks: readonly OtherCheck[]): string =>
  JSON.stringify(checks.map(({ kind, name, said }) => `${kind} ${name} ${said}`).toSorted());

function named(checks: readonly OtherCheck[]): string {
  const first = checks.slice(0, NAMED_MAX).map(({ name, said }) => `${inline(name, 60)} (${said})`);
  const more = checks.length - first.length;
  return `${first.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
