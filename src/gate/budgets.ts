// The provider's three budgets of one model: what turns are guessed to take, and what they took in truth.

import type { ProviderLimits, Usage } from "../agent/model.ts";
import { Bucket } from "./bucket.ts";
import type { Estimate } from "./estimate.ts";

export class Budgets {
  readonly #requests = new Bucket();
  readonly #input = new Bucket();
  readonly #output = new Bucket();

  /** Milliseconds until there is room for such a turn. */
  waitMs({ inputTokens, outputTokens }: Estimate, now: number): number {
    return Math.max(
      this.#requests.waitMs(1, now),
      this.#input.waitMs(inputTokens, now),
      this.#output.waitMs(outputTokens, now),
    );
  }

  take({ inputTokens, outputTokens }: Estimate, now: number): void {
    this.#requests.take(1, now);
    this.#input.take(inputTokens, now);
    this.#output.take(outputTokens, now);
  }

  /** From now on the provider's own figures count this turn as well. */
  seen({ inputTokens, outputTokens }: Estimate): void {
    this.#requests.seen(1);
    this.#input.seen(inputTokens);
    this.#output.seen(outputTokens);
  }

  sync(limits: ProviderLimits, now: number): void {
    if (limits.requests !== null) this.#requests.sync(limits.requests, now);
    if (limits.inputTokens !== null) this.#input.sync(limits.inputTokens, now);
    if (limits.outputTokens !== null) this.#output.sync(limits.outputTokens, now);
  }

  settle({ inputTokens, outputTokens }: Estimate, used: Usage | null): void {
    if (used === null) return;
    // Cache writes count, reads do not.
    this.#input.correct(used.inputTokens + used.cacheWriteTokens - inputTokens);
    this.#output.correct(used.outputTokens - outputTokens);
  }

  /** It was refused, so it took nothing. */
  giveBack({ inputTokens, outputTokens }: Estimate): void {
    this.#requests.correct(-1);
    this.#input.correct(-inputTokens);
    this.#output.correct(-outputTokens);
  }
}
