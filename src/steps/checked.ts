// What the repository's own checks said of a branch, and the end of a log as a reader wants it. Pure.

import type { Oid } from "../repo/git-data.ts";
import type { OtherCheck } from "../world/checks.ts";

/** `none`: nothing was executed; `unfinished`: time ran out; `held`: it was not asked. None of them is a yes. */
export type CheckVerdict = "passed" | "failed" | "none" | "unfinished" | "held";

export interface CheckedBranch {
  /** The commit that was looked at. */
  head: Oid;
  verdict: CheckVerdict;
  /** A sentence. */
  why: string;
  checks: readonly OtherCheck[];
}

// oxlint-disable-next-line no-control-regex -- colours of terminals begin with one
const COLOURS = /\u001B\[[0-9;]*[A-Za-z]/g;
/** GitHub puts the moment before each line of a log. */
const MOMENT = /^\uFEFF?\d{4}-\d\d-\d\dT[\d:.]+Z /gm;

/** The last whole lines that fit, without colours and moments. */
export function endOfLog(text: string, charsMax: number): string {
  const plain = text.replaceAll("\r\n", "\n").replace(COLOURS, "").replace(MOMENT, "").trimEnd();
  if (plain.length <= charsMax) return plain;
  const end = plain.slice(-charsMax);
  const whole = end.indexOf("\n") + 1;
  return `[…]\n${whole === 0 || whole === end.length ? end : end.slice(whole)}`;
}
