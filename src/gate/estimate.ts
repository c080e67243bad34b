// What a turn will count against the provider's limits, guessed before and put right after.

import type { Role } from "../agent/agent.ts";
import type { Message, TurnRequest, Usage } from "../agent/model.ts";

/** Characters a token, on the low side: code has shorter tokens than prose. */
const CHARS_PER_TOKEN = 3;
/** Of a role that nothing is known of yet. */
const FIRST_OUTPUT_TOKENS = 800;
/** Weight of the newest turn in a role's average. */
const NEWEST = 0.2;

export interface Estimate {
  /** Uncached input: what is read from the cache does not count. */
  inputTokens: number;
  outputTokens: number;
}

export const tokensOf = (text: string): number => Math.ceil(text.length / CHARS_PER_TOKEN);

/** Averages per role, of all runs. */
export class Estimates {
  readonly #output = new Map<Role, number>();

  of(request: TurnRequest, role: Role, isPrefixCold: boolean): Estimate {
    const prefix = isPrefixCold ? tokensOf(JSON.stringify([request.tools, request.system])) : 0;
    const average = this.#output.get(role) ?? FIRST_OUTPUT_TOKENS;
    return {
      inputTokens: prefix + tokensOf(JSON.stringify(sinceLastAnswer(request.messages))),
      outputTokens: Math.min(Math.ceil(average), request.maxTokens),
    };
  }

  learn(role: Role, { outputTokens }: Usage): void {
    const before = this.#output.get(role);
    const average = before === undefined ? outputTokens : before + NEWEST * (outputTokens - before);
    this.#output.set(role, average);
  }
}

/** The conversation up to its last answer was sent before and is read from the cache. */
function sinceLastAnswer(messages: readonly Message[]): readonly Message[] {
  const last = messages.findLastIndex(({ role }) => role === "assistant");
  return messages.slice(last + 1);
}
