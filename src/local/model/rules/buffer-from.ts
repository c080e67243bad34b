// `new Buffer(…)` is deprecated because a number makes it hand out memory instead of text.

import { declares, isString, wholeNumber } from "./tree.ts";
import type { Rule } from "./rule.ts";

export const bufferFrom: Rule = {
  name: "buffer-from",
  level: "fix",
  topics: ["string", "buffer", "security", "deprecated"],
  why: "`new Buffer` is deprecated: given a number where a text was meant, it hands out a block of memory.",
  check:
    "The argument is written out here, so the kind of buffer is known and its bytes stay the same.",
  find: (source) =>
    declares(source, "Buffer")
      ? []
      : source.nodes.flatMap(({ node }) => {
          if (node.type !== "NewExpression" || node.callee.type !== "Identifier") return [];
          if (node.callee.name !== "Buffer") return [];
          const [value] = node.arguments;
          const title = "Deprecated `new Buffer`";
          const end = node.callee.end;
          if (value && isString(value))
            return [
              { at: node, title, replacements: [{ start: node.start, end, text: "Buffer.from" }] },
            ];
          if (node.arguments.length === 1 && wholeNumber(value) !== null)
            return [
              { at: node, title, replacements: [{ start: node.start, end, text: "Buffer.alloc" }] },
            ];
          return [{ at: node, title, replacements: [], level: "report" as const }];
        }),
};
