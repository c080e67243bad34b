// A role as a play: a generator that asks for tool calls and returns its answer. It keeps no state between requests:
// each request plays it again from the start, with the tool results the conversation already holds.

import type { JsonObject } from "./reply.ts";

export interface ToolCall {
  name: string;
  input: JsonObject;
}

export interface ToolAnswer {
  text: string;
  isError: boolean;
}

/** Yields calls that may be made at once; gets their answers in the same order; returns the role's answer. */
export type Play<Answer> = Generator<readonly ToolCall[], Answer, readonly ToolAnswer[]>;

export type Move<Answer> =
  | { kind: "calls"; calls: readonly ToolCall[] }
  | { kind: "answer"; answer: Answer };

/** Plays on with what is known, and says what comes next: calls not yet made, or the answer. */
export function nextMove<Answer>(
  play: Play<Answer>,
  known: readonly (readonly ToolAnswer[])[],
): Move<Answer> {
  let step = play.next([]);
  for (const answers of known) {
    if (step.done) break;
    step = play.next(answers);
  }
  return step.done ? { kind: "answer", answer: step.value } : { kind: "calls", calls: step.value };
}

/** One call and its answer. */
export function* call(name: string, input: JsonObject): Play<ToolAnswer> {
  const [answer] = yield [{ name, input }];
  return answer ?? { text: "There was no answer to this call.", isError: true };
}
