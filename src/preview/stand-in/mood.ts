// How generous stand-in answers are, and which way they lean: what makes loops over answers come to an end.

/** One kind of world. A number that is the same in all of them does not depend on an answer. */
export type Profile = "usual" | "mixed" | "plenty" | "sparse";

/** How one answer is made. */
export interface Mood {
  /** How long lists are, within what their schema allows. */
  items: "none" | "few" | "usual" | "many";
  /** Which way booleans, choices and numbers lean. `good`: what lets work go on, such as `approved: true`. */
  flags: "good" | "bad" | "yes" | "no" | "mixed";
  /** Which of several choices, counted on from round to round. */
  turn: number;
  /** Leaves out what may be left out, and takes null where it may. */
  lean: boolean;
}

const FIRST: Readonly<Record<Profile, Pick<Mood, "items" | "flags">>> = {
  usual: { items: "usual", flags: "good" },
  mixed: { items: "usual", flags: "mixed" },
  plenty: { items: "many", flags: "bad" },
  sparse: { items: "few", flags: "good" },
};

/** From the fourth round on: empty lists three times running, every flag both ways, then something again. */
const LATER: readonly Pick<Mood, "items" | "flags">[] = [
  { items: "none", flags: "good" },
  { items: "none", flags: "yes" },
  { items: "none", flags: "no" },
  { items: "usual", flags: "mixed" },
];

/**
 * The mood of an answer in its round, from 1: how many answers to the same question came before it and led to it. The
 * first rounds are the profile's own; later ones vary, so that a loop that waits for something soon gets it.
 */
export function moodOf(profile: Profile, round: number): Mood {
  const lean = profile === "sparse";
  if (round === 1) return { ...FIRST[profile], turn: 0, lean };
  if (round <= 3) return { items: lean ? "few" : "usual", flags: "good", turn: round, lean };
  const later = LATER[(round - 4) % LATER.length] ?? { items: "none", flags: "good" };
  return { ...later, turn: round, lean };
}

/** How many items a list gets, within its schema's bounds; lists in lists are shorter. */
export function lengthOf(
  { items }: Mood,
  { least, most, depth }: { least: number; most: number; depth: number },
): number {
  const wanted = { none: 0, few: 0, usual: depth > 1 ? 1 : 2, many: depth > 1 ? 2 : 4 }[items];
  return Math.max(least, Math.min(most, wanted));
}

const BAD =
  /fail|error|block|reject|invalid|break|broken|missing|stale|duplicate|skip|abort|cancel|refut|wrong|regress|conflict|danger|unsafe|vulnerab|^(no|not|un|dis)[A-Z_]|^(is|has|needs?|more|remaining|pending)_?(more|remaining|pending|left|work|changes?|issues?|problems?|bugs?|errors?|fix)|^more$|^hasMore/i;
const GOOD =
  /^(pass(ed)?|ok(ay)?|good|accept(ed)?|approved?|confirm(ed)?|done|complete[d]?|success(ful)?|valid|real|true|yes|clean|fixed|resolved|proceed|ship|lgtm|go|ready|safe|keep|supported|green|merged?)$/i;
const WORSE =
  /^(fail(ed|ure)?|reject(ed)?|block(ed|er|ing)?|request.changes|changes.requested|refuted?|invalid|no|false|error|broken|unsafe|stop|abort(ed)?|skip(ped)?|none|unknown|red|deny|denied)$/i;

/** Whether a word tells of something that went wrong. */
export const isBad = (word: string): boolean => WORSE.test(word.trim()) || BAD.test(word);

/** A boolean by its name: `approved` is good when true, `failed` when false. */
export function flagOf({ flags }: Mood, name: string, coin: () => boolean): boolean {
  if (flags === "mixed") return coin();
  if (flags === "yes" || flags === "no") return flags === "yes";
  return BAD.test(name) === (flags === "bad");
}

/** One of several values: the kind the mood leans to where there is one, else in turn. */
export function choiceOf<Item>(
  mood: Mood,
  items: readonly [Item, ...Item[]],
  chance: (count: number) => number,
): Item {
  const at = (index: number): Item => items[index % items.length] ?? items[0];
  if (mood.flags === "mixed") return at(chance(items.length));
  if (mood.flags === "yes" || mood.flags === "no") return at(mood.turn);
  const leaning = mood.flags === "good" ? GOOD : WORSE;
  const fitting = items.find((item) => typeof item === "string" && leaning.test(item.trim()));
  return fitting ?? at(mood.turn + (mood.flags === "good" ? 0 : 1));
}
