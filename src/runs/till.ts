// Money set aside before it is spent: however many turns are under way, together they cannot pass a cap.

/** Something that has a cap: a run, or what a person or a repository may spend in a day. */
export interface Account {
  /** As people read it, as in "the run's cap". */
  readonly name: string;
  /** When the cap has room again by itself, in milliseconds since 1970; null when only people make room. */
  readonly renewsAt: number | null;
  /** In US dollars; null for none. Asked for each time, since people change it. */
  cap(): number | null;
  spentUsd: number;
  /** Set aside for what is under way. */
  reservedUsd: number;
}

/** What one turn may cost in US dollars. */
export interface Cost {
  /** The shortest answer that is worth asking for. */
  leastUsd: number;
  /** The longest answer there can be. */
  mostUsd: number;
}

export interface Reservation {
  /** Between least and most. */
  readonly usd: number;
  /** The turn is over; what it cost in truth, null when nobody knows. */
  settle(costUsd: number | null): void;
}

/** No turn fits under the cap of this account any more. */
export class CapReached extends Error {
  override readonly name = "CapReached";
  readonly account: Account;

  constructor(account: Account) {
    super(`There is no room for another turn under ${account.name}.`);
    this.account = account;
  }
}

export interface Till {
  /**
   * Sets money aside on all of the accounts. Where it does not fit because of what others have set aside, it waits for
   * them, in order of asking; the last one gets what is left, if that is worth a turn. Rejects with `CapReached`, or with
   * the signal's reason.
   */
  reserve(accounts: readonly Account[], cost: Cost, signal: AbortSignal): Promise<Reservation>;
  /** Looks again at everybody who waits: a cap was raised. */
  lookAgain(): void;
}

interface Waiting {
  accounts: readonly Account[];
  cost: Cost;
  answer: PromiseWithResolvers<Reservation>;
}

/** One for all runs of a process: accounts are shared between them. */
export function createTill(): Till {
  let waiting: Waiting[] = [];

  function lookAgain(): void {
    const asked = waiting;
    waiting = [];
    // Whoever waits holds back those behind on the same account, or a long turn would wait for ever.
    const held = new Set<Account>();
    for (const one of asked) {
      const mustWait = one.accounts.some((account) => held.has(account)) || !decide(one);
      if (!mustWait) continue;
      waiting.push(one);
      for (const account of one.accounts) held.add(account);
    }
  }

  /** False when it has to wait. */
  function decide({ accounts, cost, answer }: Waiting): boolean {
    const tight = accounts.filter((account) => roomOf(account) < cost.mostUsd);
    if (tight.some(({ reservedUsd }) => reservedUsd > 0)) return false;
    const short = tight.find((account) => roomOf(account) < cost.leastUsd);
    if (short === undefined)
      answer.resolve(grant(accounts, Math.min(cost.mostUsd, ...tight.map(roomOf))));
    else answer.reject(new CapReached(short));
    return true;
  }

  function grant(accounts: readonly Account[], usd: number): Reservation {
    for (const account of accounts) account.reservedUsd += usd;
    let isSettled = false;
    return {
      usd,
      settle(costUsd) {
        if (isSettled) return;
        isSettled = true;
        for (const account of accounts) {
          account.reservedUsd = without(account.reservedUsd, usd);
          account.spentUsd += costUsd ?? 0;
        }
        lookAgain();
      },
    };
  }

  return {
    async reserve(accounts, cost, signal) {
      signal.throwIfAborted();
      const one: Waiting = { accounts, cost, answer: Promise.withResolvers() };
      const leave = (): void => {
        waiting = waiting.filter((other) => other !== one);
        one.answer.reject(signal.reason);
        lookAgain();
      };
      signal.addEventListener("abort", leave, { once: true });
      waiting.push(one);
      lookAgain();
      try {
        return await one.answer.promise;
      } finally {
        signal.removeEventListener("abort", leave);
      }
    },
    lookAgain,
  };
}

function roomOf(account: Account): number {
  const cap = account.cap();
  return cap === null ? Infinity : cap - account.spentUsd - account.reservedUsd;
}

// Sums of cents leave crumbs behind; a crumb must not count as a reservation.
function without(sum: number, part: number): number {
  const left = sum - part;
  return left < CRUMB_USD ? 0 : left;
}

const CRUMB_USD = 1e-9;
