// When a letter is answered: those of one repository in their order, and not all places by one installation's. Pure.

/** A letter that was handed out to some process, or waits. */
export interface Placed {
  id: string;
  /** Letters of one repository come in this order. */
  order: number;
  /** It was not answered once, and does not keep others waiting until it comes again. */
  isAgain: boolean;
  /** A process has it in hand. */
  isActive: boolean;
}

/** How long a letter waits that another one of its repository is before: it is woken when that is answered. */
const BEHIND_MS = 500;
/** The most: many of one repository ask seldom, and none is forgotten when whoever should wake it was lost. */
const BEHIND_MS_MAX = 60_000;
/** One that was handed out in the same moment stands back, or is just being left. */
const MOMENT_MS = 100;
/** Until an installation's letter asks again for one of its places. */
const SHARE_MS = 500;

/** Milliseconds after which the letter is to be handed out again; 0: it is answered now. */
export function waitOf(
  mine: Pick<Placed, "id" | "order">,
  ofRepository: readonly Placed[],
  hasShare: boolean,
): number {
  const others = ofRepository.filter(({ id }) => id !== mine.id);
  const before = others.filter((one) => isBefore(one, mine) && (one.isActive || !one.isAgain));
  if (before.length > 0) return Math.min(before.length * BEHIND_MS, BEHIND_MS_MAX);
  // It came out of its order: both stand back, and the earlier one asks sooner.
  if (others.some(({ isActive }) => isActive)) return MOMENT_MS;
  return hasShare ? 0 : SHARE_MS;
}

/** The letter of a repository that is to be woken when another one was answered. */
export const nextOf = (waiting: readonly Placed[]): Placed | undefined =>
  waiting
    .filter(({ isActive, isAgain }) => !isActive && !isAgain)
    .reduce<Placed | undefined>(
      (first, one) => (first === undefined || isBefore(one, first) ? one : first),
      undefined,
    );

type Ordered = Pick<Placed, "id" | "order">;

const isBefore = (one: Ordered, other: Ordered): boolean =>
  one.order === other.order ? one.id < other.id : one.order < other.order;
