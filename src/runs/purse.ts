// A run's money: what all its agents have cost so far, what is set aside for turns under way, and the caps above both.

import {
  type Hearing,
  type Model,
  ModelError,
  type Price,
  type Turn,
  type TurnRequest,
  type Usage,
} from "../agent/model.ts";
import { BudgetSpent } from "../engine/errors.ts";
import { moment, money } from "./render/text.ts";
import { type Account, CapReached, type Cost, type Reservation, type Till } from "./till.ts";
import { costOfTurn, within } from "./turn-cost.ts";

export interface Purse {
  /** Throws `BudgetSpent` once the cap is reached. */
  refuseWhenEmpty(): void;
  /** The money of one agent. */
  agent(): AgentPurse;
}

export interface AgentPurse {
  /** Told again and again what the agent has cost in all, with turns that an earlier process paid for. */
  counted(usage: Usage): void;
  /**
   * The provider, asked only for what fits under every cap: a turn waits for what others have set aside, its answer is
   * kept shorter where little is left, and it rejects with `BudgetSpent` where nothing is. A turn under way is heard to its
   * end, since it may be the answer. Where only the agent's own cap leaves no room it is a `ModelError`, `agent-cap`.
   */
  guard(model: Model): Model;
}

export interface PurseOptions {
  /** In US dollars, null for none; asked for each time, since people change it. */
  cap: () => number | null;
  /** What was spent before. Unknown prices count as nothing and cannot be capped; what is known counts beside them. */
  spent: readonly Usage[];
  /** What this process knows of in US dollars, where that is more: an answer that was paid for may be on no disk. */
  knownUsd?: number;
  /** Hears what the run has cost in all, each time that changes. */
  onSum?: (usd: number) => void;
  /** What one agent may spend, in US dollars; null for none. */
  agentCapUsd: number | null;
  till: Till;
  priceOf: (model: string) => Price | null;
  /** Today's accounts, beside the run's own. */
  today: () => Promise<readonly Account[]>;
  /** Sets the same aside among all processes: see `DayBook.setAside`. */
  setAside: (cost: Cost, signal: AbortSignal) => Promise<Reservation>;
  /** Hears of every cost that is new, for the book of the day. */
  onSpent: (costUsd: number) => Promise<void>;
}

/** Opens a run's purse. */
export function openPurse(options: PurseOptions): Purse {
  const { cap, spent, knownUsd = 0 } = options;
  const written = spent.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0);
  const before = Math.max(written, knownUsd);
  const run: Account = {
    name: "the run's cap",
    renewsAt: null,
    cap,
    spentUsd: before,
    reservedUsd: 0,
  };
  return {
    refuseWhenEmpty: () => {
      const budgetUsd = cap();
      if (budgetUsd !== null && run.spentUsd >= budgetUsd) throw spentOf(run);
    },
    agent: () => new MoneyOfAgent(options, run),
  };
}

class MoneyOfAgent implements AgentPurse {
  readonly #options: PurseOptions;
  readonly #run: Account;
  readonly #own: Account;
  /** What this agent has cost, as far as the run's account knows. */
  #knownUsd = 0;

  constructor(options: PurseOptions, run: Account) {
    this.#options = options;
    this.#run = run;
    const cap = (): number | null => options.agentCapUsd;
    this.#own = { name: "the cap of one agent", renewsAt: null, cap, spentUsd: 0, reservedUsd: 0 };
  }

  counted({ costUsd }: Usage): void {
    this.#run.spentUsd += Math.max(0, (costUsd ?? 0) - this.#knownUsd);
    this.#knownUsd = Math.max(this.#knownUsd, costUsd ?? 0);
    this.#own.spentUsd = Math.max(this.#own.spentUsd, costUsd ?? 0);
    this.#options.onSum?.(this.#run.spentUsd);
  }

  guard(model: Model): Model {
    return { turn: (request, signal, hearing) => this.#turn(model, { request, signal, hearing }) };
  }

  async #turn(model: Model, { request, signal, hearing }: Asked): Promise<Turn> {
    const price = this.#options.priceOf(request.model);
    const written: Promise<void>[] = [];
    const setAside = async (): Promise<SetAside> => {
      const goOn = hearing?.waiting?.({ message: null, until: null });
      return await this.#reserve(costOfTurn(request, price), signal).finally(goOn);
    };
    const asking = ({ reservation }: SetAside): TurnRequest =>
      price === null ? request : within(request, reservation.usd, price);
    let set = await setAside();
    const pay = (costUsd: number | null): void => {
      charge(set, costUsd);
      this.#options.onSum?.(this.#run.spentUsd);
      written.push(this.#paid(costUsd));
    };
    try {
      const turn = await model.turn(asking(set), signal, {
        ...hearing,
        spent: (used) => {
          pay(used.costUsd);
          hearing?.spent?.(used);
        },
        // A try that was paid for has used up what was set aside: the next one has to fit under the caps as well.
        again: async () => asking((set = await setAside())),
      });
      pay(turn.usage.costUsd);
      return turn;
    } catch (error) {
      pay(error instanceof ModelError ? (error.usage?.costUsd ?? null) : null);
      throw error;
    } finally {
      await Promise.all(written);
    }
  }

  async #reserve(cost: Cost | null, signal: AbortSignal): Promise<SetAside> {
    const accounts = [this.#own, this.#run, ...(await this.#options.today())];
    try {
      // Nobody knows what it costs; once the cap is reached it is refused all the same.
      const asked = cost ?? { leastUsd: CRUMB_USD, mostUsd: CRUMB_USD };
      const own = await this.#options.till.reserve(accounts, asked, signal);
      const day = await this.#setAsideToday({ ...asked, mostUsd: own.usd }, own, signal);
      const reservation = {
        usd: Math.min(own.usd, day.usd),
        settle: (costUsd: number | null) => {
          own.settle(costUsd);
          day.settle(costUsd);
        },
      };
      return { accounts, reservation, day, isPaid: false };
    } catch (error) {
      if (!(error instanceof CapReached)) throw error;
      throw error.account === this.#own ? agentCapReached(this.#own) : spentOf(error.account);
    }
  }

  /** What was set aside here is free again where the day has no room. */
  async #setAsideToday(cost: Cost, own: Reservation, signal: AbortSignal): Promise<Reservation> {
    try {
      return await this.#options.setAside(cost, signal);
    } catch (error) {
      own.settle(null);
      throw error;
    }
  }

  async #paid(costUsd: number | null): Promise<void> {
    if (costUsd === null || costUsd === 0) return;
    this.#knownUsd += costUsd;
    await this.#options.onSpent(costUsd);
  }
}

const CRUMB_USD = 1e-6;

interface Asked {
  request: TurnRequest;
  signal: AbortSignal;
  hearing: Hearing | undefined;
}

interface SetAside {
  accounts: readonly Account[];
  reservation: Reservation;
  /** The part of it that all processes know of. */
  day: Reservation;
  /** The try it was for is over. */
  isPaid: boolean;
}

/** Of what was set aside; what comes after that was for nothing that anybody could foresee, and is counted all the same. */
function charge(set: SetAside, costUsd: number | null): void {
  if (set.isPaid) {
    for (const account of set.accounts) account.spentUsd += costUsd ?? 0;
    if (costUsd !== null) set.day.settle(costUsd);
  } else set.reservation.settle(costUsd);
  set.isPaid = true;
}

/** A cap of ours leaves no room: the run's own, or one of today. */
export class CapSpent extends BudgetSpent {
  /** In US dollars, when it was met. */
  readonly capUsd: number | null;
  /** When it has room again by itself, in milliseconds since 1970; null when only people make room. */
  readonly renewsAt: number | null;

  constructor(message: string, { capUsd, renewsAt }: Pick<CapSpent, "capUsd" | "renewsAt">) {
    super(message);
    this.capUsd = capUsd;
    this.renewsAt = renewsAt;
  }
}

function agentCapReached(account: Account): ModelError {
  const message = `It has spent ${money(account.spentUsd)} of the ${money(account.cap())} that one agent may spend here (\`budget.agent\`), and another turn does not fit.`;
  return new ModelError("agent-cap", message);
}

function spentOf(account: Account): CapSpent {
  const capUsd = account.cap();
  const isOver = account.spentUsd >= (capUsd ?? Infinity);
  const state = isOver ? "is reached" : "has no room for another turn";
  const name = account.name.charAt(0).toUpperCase() + account.name.slice(1);
  const told = `${name} of ${money(capUsd)} ${state} (${money(account.spentUsd)} spent), so no further agent starts.`;
  const { renewsAt } = account;
  const renews = renewsAt === null ? "" : ` It begins anew at ${moment(renewsAt)}.`;
  return new CapSpent(`${told}${renews}`, { capUsd, renewsAt });
}
