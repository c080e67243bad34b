// Trouble on demand, for tests: answers that are lost, limits that bite, webhooks that do not arrive.

/** `request` is matched against e.g. `POST /repos/acme/site/pulls`. Each fault happens `times` times. */
export type Fault =
  /** The work is done, but the answer is a 502. */
  | { kind: "answer-lost"; request: RegExp; times: number }
  | {
      kind: "secondary-limit";
      request: RegExp;
      times: number;
      status: 403 | 429;
      /** Null: GitHub does not say how long. */
      retryAfterSeconds: number | null;
    }
  /** A token that is seconds old is not known everywhere yet: 401. */
  | { kind: "token-unknown"; request: RegExp; times: number }
  /** Repositories of some plans have no drafts: 422. */
  | { kind: "drafts-unsupported"; times: number }
  /** A push that comes too soon after another one: every ref is refused. */
  | { kind: "push-failed"; times: number }
  | { kind: "delivery-dropped"; event: string; times: number }
  | { kind: "delivery-doubled"; event: string; times: number };

export interface Faults {
  add(fault: Fault): void;
  /** Takes one occurrence of the first fault of this kind that fits; null when there is none. */
  take<K extends Fault["kind"]>(
    kind: K,
    fits?: (fault: Extract<Fault, { kind: K }>) => boolean,
  ): Extract<Fault, { kind: K }> | null;
}

export function openFaults(): Faults {
  const waiting: Fault[] = [];
  return {
    add: (fault) => void waiting.push({ ...fault }),
    take(kind, fits = () => true) {
      const isWanted = (fault: Fault): fault is Extract<Fault, { kind: typeof kind }> =>
        fault.kind === kind;
      const found = waiting.filter(isWanted).find((fault) => fault.times > 0 && fits(fault));
      if (found === undefined) return null;
      found.times -= 1;
      return found;
    },
  };
}
