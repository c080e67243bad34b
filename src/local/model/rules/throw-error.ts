// A thrown string has no stack: nobody learns where it came from.

import { isString } from "./tree.ts";
import type { Rule } from "./rule.ts";

export const throwError: Rule = {
  name: "throw-error",
  level: "fix",
  topics: ["string", "error", "throw", "exception"],
  why: "A thrown string carries no stack, and `error.message` is undefined where it is caught.",
  check:
    "The text is now the error's message; whoever catches it and reads the text itself must read `message`.",
  find: (source) =>
    source.nodes.flatMap(({ node }) => {
      if (node.type !== "ThrowStatement") return [];
      const { argument } = node;
      const text = source.textOf(argument);
      const isText = isString(argument) || argument.type === "TemplateLiteral";
      if (!isText || text === null) return [];
      const { start, end } = argument;
      return [
        {
          at: node,
          title: "A string is thrown",
          replacements: [{ start, end, text: `new Error(${text})` }],
        },
      ];
    }),
};
