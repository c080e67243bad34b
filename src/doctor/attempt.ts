// A look that fails or never ends is a finding like any other, and never the end of the others.

import { limits } from "../config/limits.ts";
import { ForgeError } from "../world/forge-error.ts";
import { failure, type Finding, type Subject, warning } from "./finding.ts";

export interface Look {
  id: Subject;
  /** What it means that nobody could look. */
  level: "warning" | "failure";
  fix: string;
}

/** Resolves to what was found, or to what kept it from being found. Never rejects. */
export async function attempt(
  { id, level, fix }: Look,
  look: () => Promise<readonly Finding[] | Finding>,
): Promise<readonly Finding[]> {
  const { lookMs } = limits.doctor;
  const late = Promise.withResolvers<never>();
  const seconds = lookMs / 1000;
  const timer = setTimeout(() => late.reject(new Error(`no answer in ${seconds} s.`)), lookMs);
  try {
    return [await Promise.race([look(), late.promise])].flat();
  } catch (error) {
    const found = `It could not be looked at: ${reasonOf(error)}`;
    return [level === "failure" ? failure(id, found, fix) : warning(id, found, fix)];
  } finally {
    clearTimeout(timer);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Its own words are about writes, which may have happened; to look may simply be done again.
  const isAway = error instanceof ForgeError && error.kind === "unreachable";
  return isAway && error.cause instanceof Error
    ? `GitHub could not be asked: ${error.cause.message}.`
    : error.message;
}
