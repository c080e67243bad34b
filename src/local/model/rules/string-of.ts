// `'' + value` turns a value into text by accident of an operator; `String(value)` says so.

import type { AnyNode } from "acorn";

import { declares, isString } from "./tree.ts";
import type { Rule } from "./rule.ts";

export const stringOf: Rule = {
  name: "explicit-string",
  level: "fix",
  topics: ["string", "conversion", "coercion", "convert"],
  why: "Adding an empty string converts by accident of an operator; `String(…)` says what is meant.",
  check: "For strings, numbers, booleans, null and undefined both forms give the same text.",
  find: (source) =>
    declares(source, "String")
      ? []
      : source.nodes.flatMap(({ node, around }) => {
          if (node.type !== "BinaryExpression" || node.operator !== "+") return [];
          if (isSum(around.at(-1))) return [];
          const value = otherThanEmpty(node.left, node.right);
          const text = value && source.textOf(value);
          if (!value || text === null || isSum(value) || source.textOf(node) === null) return [];
          return [
            {
              at: node,
              title: "A conversion to text hidden in `+ ''`",
              replacements: [{ start: node.start, end: node.end, text: `String(${text})` }],
            },
          ];
        }),
};

function otherThanEmpty(left: AnyNode, right: AnyNode): AnyNode | null {
  const value = isEmpty(left) ? right : isEmpty(right) ? left : null;
  return value && ["Identifier", "MemberExpression", "CallExpression"].includes(value.type)
    ? value
    : null;
}

function isEmpty(node: AnyNode): boolean {
  return isString(node) && node.value === "";
}

function isSum(node: AnyNode | undefined): boolean {
  return node?.type === "BinaryExpression" && node.operator === "+";
}
