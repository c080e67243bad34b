// How much two claims say the same: models never find the same words twice. Pure.

interface Claim {
  title: string;
  rule: string | null;
}

/** From 0, nothing in common, to 1. A kind that both name weighs more than their words. */
export function likeness(one: Claim, other: Claim): number {
  const words = jaccard(wordsOf(one.title), wordsOf(other.title));
  if (one.rule === null || other.rule === null) return words;
  return one.rule === other.rule ? Math.max(words, SAME_RULE) : words / 2;
}

const SAME_RULE = 0.7;

const EMPTY = new Set(
  "a an and are as at be by can for from in is it its not of on or that the this to was when with without".split(
    " ",
  ),
);

/** Without endings that only grammar asks for. */
const wordsOf = (title: string): Set<string> =>
  new Set(
    (title.toLowerCase().match(/[\p{L}_$][\p{L}\d_$]*/gu) ?? [])
      .filter((word) => !EMPTY.has(word))
      .map((word) => (word.length > 4 ? word.replace(/(?:ing|ed|es|s)$/u, "") : word)),
  );

function jaccard(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const all = new Set([...one, ...other]);
  if (all.size === 0) return 0;
  return [...one].filter((word) => other.has(word)).length / all.size;
}
