// Finds a way to start a script so that it comes to its end: which arguments, which kind of answers.

import type { Uses } from "../script/uses.ts";
import { type Attempt, attempt, type PreviewError } from "./attempt.ts";
import type { PreviewGiven } from "./preview.ts";
import { type Situation, situationsOf } from "./situations.ts";
import type { Profile } from "./stand-in/mood.ts";

/** In the order tried. */
export const PROFILES: readonly Profile[] = ["usual", "mixed", "plenty", "sparse"];

/** One run, and what it was given. */
export interface Tried {
  profile: Profile;
  situation: Situation;
  attempt: Attempt;
}

/** How many of the situations that failed are tried again with other answers. */
const MOST_AGAIN = 2;

/** The first run that comes to its end and starts an agent; else the first that comes to its end; else the furthest. */
export async function choose(given: PreviewGiven, uses: Uses): Promise<Tried> {
  const failed: Tried[] = [];
  let situations = situationsOf(given, uses);
  for (const profile of PROFILES) {
    const tries = await tryAll(given, uses, { profile, situations });
    const ended = tries.filter(({ attempt: { error } }) => error === null);
    const started = ended.find(({ attempt: { tally } }) => tally.agents() > 0);
    const best = started ?? ended[0];
    if (best !== undefined) return best;
    failed.push(...tries);
    if (given.signal?.aborted === true) break;
    // Whatever agents answer, a script that runs away does so.
    if (failed.some(({ attempt: { error } }) => error?.name === "SandboxFault")) break;
    const accepted = profile === "usual" ? await vary(given, uses, furthestOf(tries)) : null;
    if (accepted !== null) return accepted;
    const furthest = tries.filter((tried) => dependsOnAnswers(given, uses, tried));
    furthest.sort((a, b) => farOf(b) - farOf(a));
    situations = furthest.slice(0, MOST_AGAIN).map(({ situation }) => situation);
    if (situations.length === 0) break;
  }
  const furthest = furthestOf(failed);
  return { ...furthest, attempt: withHelp(furthest.attempt, given, uses) };
}

/** Whether it may come out otherwise with other answers, files or arguments. */
function dependsOnAnswers({ source }: PreviewGiven, uses: Uses, tried: Tried): boolean {
  return farOf(tried) > 0 || uses.args.length > 0 || /\brepo\b/.test(source);
}

function furthestOf([first, ...others]: readonly Tried[]): Tried {
  if (first === undefined) throw new Error("A preview without a run.");
  return others.reduce((far, one) => (farOf(one) > farOf(far) ? one : far), first);
}

/** Every situation in turn, up to the first that starts an agent and comes to its end. */
async function tryAll(
  given: PreviewGiven,
  uses: Uses,
  { profile, situations }: { profile: Profile; situations: readonly Situation[] },
): Promise<Tried[]> {
  const tries: Tried[] = [];
  let askedPull = /\brepo\.pull\b/.test(given.source);
  for (const situation of situations) {
    if (situation.isPull && !askedPull) continue;
    const tried = await run(given, uses, { profile, situation });
    tries.push({ profile, situation, attempt: tried });
    askedPull ||= tried.tally.askedDiff;
    if (tried.error?.name === "SandboxFault") break;
    if (tried.error === null && tried.tally.agents() > 0) break;
  }
  return tries;
}

const farOf = ({ attempt: { tally } }: Tried): number => tally.agents();

function withHelp(failed: Attempt, { args }: PreviewGiven, uses: Uses): Attempt {
  if (failed.error === null || args !== null || uses.args.length === 0) return failed;
  const help = "the script may need arguments: give them with --args, as JSON or as text";
  return { ...failed, error: { ...failed.error, help } };
}

/** Other answers to one call, and runs in all, before a script that throws is believed. */
const MOST_VARIANTS = 8;
const MOST_VARIANTS_OF_TEXT = 3;
const MOST_RUNS = 16;

/**
 * A script that refuses an answer throws right after it: that call gets other answers, one after the other, until the
 * script goes on. Null when it never comes to its end so.
 */
async function vary(given: PreviewGiven, uses: Uses, failed: Tried): Promise<Tried | null> {
  const variants = new Map<string, number>();
  const first = failed.attempt.error;
  let { attempt: tried } = failed;
  for (let runs = 0; runs < MOST_RUNS; runs += 1) {
    const { error, lastAnswered: last } = tried;
    if (error === null) {
      tried.tally.note(
        `with the first made-up answers the script throws; it is shown with others: ${briefly(first)}`,
      );
      return { ...failed, attempt: tried };
    }
    if (last === null || error.name === "ReferenceError") return null;
    if (given.signal?.aborted === true) return null;
    const variant = (variants.get(last.key) ?? 0) + 1;
    if (variant > (last.question === "text" ? MOST_VARIANTS_OF_TEXT : MOST_VARIANTS)) return null;
    variants.set(last.key, variant);
    tried = await run(given, uses, { ...failed, variants });
  }
  return null;
}

const MESSAGE_CHARS = 200;

/** An error in one line of the log. */
export function briefly(error: PreviewError | null): string {
  if (error === null) return "";
  const text = `${error.name}: ${error.message}`.replace(/\s+/g, " ");
  return text.length > MESSAGE_CHARS ? `${text.slice(0, MESSAGE_CHARS)}…` : text;
}

const NONE: ReadonlyMap<string, number> = new Map();

/** Runs the script once in a situation; some calls may get another answer than the first. */
export async function run(
  given: PreviewGiven,
  uses: Uses,
  {
    profile,
    situation,
    variants = NONE,
  }: Pick<Tried, "profile" | "situation"> & { variants?: ReadonlyMap<string, number> },
): Promise<Attempt> {
  const ground = await given.groundFor(profile, situation.isPull);
  const args = situation.argsFor(profile);
  const made = await attempt({ ...given, args, ground, profile, uses, variants });
  for (const note of situation.notes(args)) made.tally.note(note);
  return made;
}
