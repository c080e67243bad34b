// The result of a run that opens no pull request: a link that opens one, and the words that it would have had. Pure.

import type { Comparison } from "../../world/forge.ts";
import type { NewReview } from "../../world/pulls.ts";
import { resultBranchOf } from "../../repo/refs.ts";
import type { RunRecord } from "../record.ts";
import { code, cut, folded, paragraphs } from "./text.ts";

/** Characters of an encoded body: GitHub refuses addresses of about 8,000. */
const BODY_CHARS = 6_000;

/** What the link fills into the form; a body that is too long for an address is cut, with a word on where all of it is. */
export function comparisonOf(
  { id, base }: Pick<RunRecord, "id" | "base">,
  { title, body }: { title: string; body: string },
): Comparison {
  return {
    base: base?.branch ?? "",
    head: resultBranchOf(id),
    title: cut(title, 200),
    body: fitting(body),
  };
}

function fitting(body: string): string {
  if (encodedChars(body) <= BODY_CHARS) return body;
  const more = "\n\n… cut for the address. The run's comment has all of it.";
  let chars = Math.min(body.length, BODY_CHARS);
  while (encodedChars(cut(body, chars)) + encodedChars(more) > BODY_CHARS) {
    chars = Math.floor(chars * 0.9);
  }
  return `${cut(body, chars)}${more}`;
}

const encodedChars = (body: string): number => new URLSearchParams({ body }).toString().length;

/** Kept of the words: more than a comment shows. */
const TEXT_CHARS = 60_000;

/** The description, and what was said of writers that have no pull request of their own. */
export const proposalText = (body: string, reviews: readonly NewReview[]): string =>
  cut(paragraphs(body, ...reviews.map((review) => review.body)), TEXT_CHARS);

/** In the run's comment: nothing for a run that opens pull requests, or has no result. */
export function renderProposal({ proposal }: RunRecord, room: number): string | null {
  if (proposal === null) return null;
  return folded("What was made, and how it was verified", cut(withoutMarks(proposal.text), room));
}

/** Whoever looks for the run's comment or a review must not find this one. */
const withoutMarks = (text: string): string => text.replace(/<!--[\s\S]*?-->/gu, "");

/** How the run ended. */
export const proposedSentence = ({ branch, url }: NonNullable<RunRecord["proposal"]>): string =>
  `**The result is on ${code(branch)}**, and no pull request was opened, as asked. [Compare it, and open one](${url}).`;
