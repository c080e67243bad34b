// Start-time fair queueing: between installations, within one between its runs, within a run by role and age. Pure.

import type { Role } from "../agent/agent.ts";

/** What is begun shall end: the words of a final pull request before reviews, reviews before new work. */
const RANKS = {
  synthesizer: 0,
  resolver: 1,
  reviewer: 1,
  author: 2,
  worker: 3,
} as const satisfies Record<Role, number>;

/** Who asks. */
export interface Caller {
  installation: number;
  run: string;
  role: Role;
}

interface Waiting<Item> {
  item: Item;
  rank: number;
  /** Order of arrival; one that comes back keeps its own. */
  age: number;
}

interface Flow<Member> {
  /** Virtual time: how much it was given. */
  served: number;
  members: Map<string, Member>;
}

type RunFlow<Item> = { served: number; waiting: Waiting<Item>[] };

export class FairQueue<Item> {
  readonly #root: Flow<Flow<RunFlow<Item>>> = { served: 0, members: new Map() };
  #ages = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** A fresh age for a newcomer; give it back with `add` as often as the same item comes back. */
  nextAge(): number {
    this.#ages += 1;
    return this.#ages;
  }

  add({ installation, run, role }: Caller, item: Item, age: number): void {
    const tenant = member(this.#root, String(installation), () => ({
      served: 0,
      members: new Map<string, RunFlow<Item>>(),
    }));
    const flow = member(tenant, run, () => ({ served: 0, waiting: [] }));
    const place = { item, rank: RANKS[role], age };
    const before = flow.waiting.findIndex((other) => isBefore(place, other));
    flow.waiting.splice(before === -1 ? flow.waiting.length : before, 0, place);
    this.#size += 1;
  }

  /** All that wait, in no order. */
  items(): Item[] {
    const flows = [...this.#root.members.values()].flatMap(({ members }) => [...members.values()]);
    return flows.flatMap(({ waiting }) => waiting.map(({ item }) => item));
  }

  /** The item whose turn it is, left where it is. */
  peek(): Item | null {
    return this.#next()?.flow.waiting[0]?.item ?? null;
  }

  /** Takes the item out that `peek` shows, at its price for whoever asked. */
  take(): Item | null {
    const next = this.#next();
    const first = next?.flow.waiting.shift();
    if (next === null || first === undefined) return null;
    next.tenant.served += 1;
    next.flow.served += 1;
    this.#size -= 1;
    this.#forgetIdle();
    return first.item;
  }

  /** Takes an item out that waits no longer; false when it is not here. */
  remove(item: Item): boolean {
    for (const tenant of this.#root.members.values()) {
      for (const flow of tenant.members.values()) {
        const index = flow.waiting.findIndex((waiting) => waiting.item === item);
        if (index === -1) continue;
        flow.waiting.splice(index, 1);
        this.#size -= 1;
        this.#forgetIdle();
        return true;
      }
    }
    return false;
  }

  #next(): { tenant: Flow<RunFlow<Item>>; flow: RunFlow<Item> } | null {
    const tenant = leastServed(this.#root.members.values());
    if (tenant === null) return null;
    // Roles first, over all of the tenant's runs: of equal ones the run that had least.
    const flows = [...tenant.members.values()];
    const best = Math.min(...flows.map(({ waiting }) => waiting[0]?.rank ?? Infinity));
    const flow = leastServed(flows.filter(({ waiting }) => waiting[0]?.rank === best));
    return flow === null ? null : { tenant, flow };
  }

  // Who has nothing to ask loses its arrears and its credit: it comes back beside the others, not before them.
  #forgetIdle(): void {
    for (const [name, tenant] of this.#root.members) {
      for (const [run, { waiting }] of tenant.members) {
        if (waiting.length === 0) tenant.members.delete(run);
      }
      if (tenant.members.size === 0) this.#root.members.delete(name);
    }
  }
}

const isBefore = (a: Waiting<unknown>, b: Waiting<unknown>): boolean =>
  a.rank === b.rank ? a.age < b.age : a.rank < b.rank;

function leastServed<F extends { served: number }>(flows: Iterable<F>): F | null {
  let least: F | null = null;
  for (const flow of flows) if (least === null || flow.served < least.served) least = flow;
  return least;
}

/** A member that joins starts where the least served one stands. */
function member<M extends { served: number }>(flow: Flow<M>, name: string, make: () => M): M {
  const known = flow.members.get(name);
  if (known !== undefined) return known;
  const fresh = make();
  fresh.served = leastServed(flow.members.values())?.served ?? 0;
  flow.members.set(name, fresh);
  return fresh;
}
