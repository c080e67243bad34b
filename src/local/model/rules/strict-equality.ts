// `==` beside a typeof or a word: `===` says the same and cannot be surprised by a conversion.

import { isString } from "./tree.ts";
import type { Rule } from "./rule.ts";

export const strictEquality: Rule = {
  name: "strict-equality",
  level: "fix",
  topics: ["string", "equal", "comparison", "compare", "strict"],
  why: "A loose comparison converts its sides first, so a value that only looks like the text passes.",
  check:
    "Neither side can be a number that converts to the other, so the answer stays the same for strings.",
  find: (source) =>
    source.nodes.flatMap(({ node }) => {
      if (node.type !== "BinaryExpression" || (node.operator !== "==" && node.operator !== "!="))
        return [];
      const sides = [node.left, node.right];
      const typeTest = sides.some(
        (side) => side.type === "UnaryExpression" && side.operator === "typeof",
      );
      const word = sides.some((side) => isString(side) && Number.isNaN(Number(side.value)));
      const start = source.stripped.indexOf(node.operator, node.left.end);
      if (
        !(word || (typeTest && sides.some(isString))) ||
        start === -1 ||
        start >= node.right.start
      )
        return [];
      return [
        {
          at: { start, end: start + 2 },
          title: `Loose \`${node.operator}\` beside a string`,
          replacements: [{ start, end: start + 2, text: `${node.operator}=` }],
        },
      ];
    }),
};
