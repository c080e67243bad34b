// `x - x === 0` under a typeof test is a riddle for `Number.isFinite(x)`.

import type { AnyNode } from "acorn";

import { declares } from "./tree.ts";
import type { Rule } from "./rule.ts";

export const finiteDifference: Rule = {
  name: "finite-difference",
  level: "fix",
  topics: ["number", "string", "nan"],
  why: "A number minus itself is zero unless it is infinite or NaN: a riddle that has a name.",
  check: "The type was tested just above, so only infinity and NaN could make the old form false.",
  find: (source) =>
    declares(source, "Number")
      ? []
      : source.nodes.flatMap(({ node, around }) => {
          const name = selfDifference(node);
          if (name === null || !around.some((outer) => testsNumber(outer, name))) return [];
          if (source.textOf(node) === null) return [];
          return [
            {
              at: node,
              title: "A riddle for `Number.isFinite`",
              replacements: [
                { start: node.start, end: node.end, text: `Number.isFinite(${name})` },
              ],
            },
          ];
        }),
};

function selfDifference(node: AnyNode): string | null {
  if (node.type !== "BinaryExpression" || node.operator !== "===") return null;
  const { left, right } = node;
  if (left.type !== "BinaryExpression" || left.operator !== "-") return null;
  if (left.left.type !== "Identifier" || left.right.type !== "Identifier") return null;
  const zero = right.type === "Literal" && right.value === 0;
  return zero && left.left.name === left.right.name ? left.left.name : null;
}

function testsNumber(node: AnyNode, name: string): boolean {
  if (node.type !== "IfStatement" || node.test.type !== "BinaryExpression") return false;
  const { left, right, operator } = node.test;
  return (
    operator === "===" &&
    left.type === "UnaryExpression" &&
    left.operator === "typeof" &&
    left.argument.type === "Identifier" &&
    left.argument.name === name &&
    right.type === "Literal" &&
    right.value === "number"
  );
}
