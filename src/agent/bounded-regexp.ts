// Regular expressions of a schema, each match with a time limit: they come from a script, and run on this thread.

import { createContext, Script } from "node:vm";

/** One match may take this long. */
const MATCH_MS = 100;

/** A pattern of the schema that was given up on the answer's text. */
export class PatternTooSlow extends Error {
  override readonly name = "PatternTooSlow";
}

export interface BoundedRegExp {
  test: (text: string) => boolean;
  /** The validator tells patterns apart by this. */
  toString: () => string;
}

const match = new Script("new RegExp(source, flags).test(text)");

/** Takes the place of `RegExp` in the validator; an invalid pattern throws at once, a slow one when it is used. */
export function boundedRegExp(pattern: string, flags: string): BoundedRegExp {
  const checked = new RegExp(pattern, flags);
  return {
    toString: () => checked.toString(),
    test: (text) => {
      try {
        const context = createContext({ source: checked.source, flags: checked.flags, text });
        return match.runInContext(context, { timeout: MATCH_MS }) === true;
      } catch (error) {
        throw new PatternTooSlow(
          `the schema's pattern ${pattern.slice(0, 200)} took over ${MATCH_MS} ms on a text of ${text.length} characters; shorten that text`,
          { cause: error },
        );
      }
    },
  };
}
boundedRegExp.code = "new RegExp";
