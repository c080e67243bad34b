// The provider's three budgets of one model: what turns are guessed to take, and what they took in truth.

import type { ProviderLimits, Usage } from "../agent/model.ts";
import { Bucket } from "./bucket.ts";
import type { Estimate } from "./estimate.ts";
import type { Part } from "./part.ts";
import type { Quanta } from "./shares.ts";

export class Budgets {
  readonly #requests = new Bucket();
  readonly #input = new Bucket();
  readonly #output = new Bucket();
  /** What this process is leased of them; null where it has all. */
  readonly #part: Part | null;

  constructor(part: Part | null) {
    this.#part = part;
  }

  /** Milliseconds until there is room for such a turn. */
  waitMs(estimate: Estimate, now: number): number {
    const { inputTokens, outputTokens } = estimate;
    return Math.max(
      this.#part?.waitMs(estimate) ?? 0,
      this.#requests.waitMs(1, now),
      this.#input.waitMs(inputTokens, now),
      this.#output.waitMs(outputTokens, now),
    );
  }

  take(estimate: Estimate, now: number): void {
    const { inputTokens, outputTokens } = estimate;
    this.#part?.take(estimate);
    this.#requests.take(1, now);
    this.#input.take(inputTokens, now);
    this.#output.take(outputTokens, now);
  }

  /** From now on the provider's own figures count this turn as well. */
  seen(estimate: Estimate): void {
    const { inputTokens, outputTokens } = estimate;
    this.#part?.seen(estimate);
    this.#requests.seen(1);
    this.#input.seen(inputTokens);
    this.#output.seen(outputTokens);
  }

  sync(limits: ProviderLimits, now: number): void {
    this.#part?.stated(limits);
    if (limits.requests !== null) this.#requests.sync(limits.requests, now);
    if (limits.inputTokens !== null) this.#input.sync(limits.inputTokens, now);
    if (limits.outputTokens !== null) this.#output.sync(limits.outputTokens, now);
  }

  settle({ inputTokens, outputTokens }: Estimate, used: Usage | null): void {
    if (used === null) return;
    // Cache writes count, reads do not.
    this.#correct({
      requests: 0,
      inputTokens: used.inputTokens + used.cacheWriteTokens - inputTokens,
      outputTokens: used.outputTokens - outputTokens,
    });
  }

  /** It was refused, so it took nothing. */
  giveBack({ inputTokens, outputTokens }: Estimate): void {
    this.#correct({ requests: -1, inputTokens: -inputTokens, outputTokens: -outputTokens });
  }

  #correct(more: Quanta): void {
    this.#requests.correct(more.requests);
    this.#input.correct(more.inputTokens);
    this.#output.correct(more.outputTokens);
    this.#part?.correct(more);
  }
}
