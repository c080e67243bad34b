// A cut-off piece compared with a text of its length: `startsWith` and `endsWith` ask it directly.

import type { AnyNode } from "acorn";

import { isString, methodCall, wholeNumber } from "./tree.ts";
import type { Rule } from "./rule.ts";

export const startsWith: Rule = {
  name: "starts-with",
  level: "fix",
  topics: ["string", "prefix", "suffix", "modern"],
  why: "The number beside the text must be kept equal to its length by hand.",
  check: "The number was the length of the text, so both forms look at the same characters.",
  find: (source) =>
    source.nodes.flatMap(({ node }) => {
      if (node.type !== "BinaryExpression" || !["===", "!=="].includes(node.operator)) return [];
      const found = methodCall(node.left);
      if (!found || !isString(node.right) || node.right.raw === undefined) return [];
      const method = asked(found.method, found.call.arguments, node.right.value);
      const object = source.textOf(found.member.object);
      if (method === null || object === null || source.textOf(node) === null) return [];
      if (!["Identifier", "MemberExpression", "CallExpression"].includes(found.member.object.type))
        return [];
      const not = node.operator === "!==" ? "!" : "";
      const text = `${not}${object}.${method}(${node.right.raw})`;
      return [
        {
          at: node,
          title: `A cut-off piece compared by hand`,
          replacements: [{ start: node.start, end: node.end, text }],
        },
      ];
    }),
};

/** The method that asks the same, or null. */
function asked(method: string, given: readonly AnyNode[], text: string): string | null {
  const [first, second] = given;
  const length = method === "charAt" ? 1 : wholeNumber(second);
  const cutsFront = ["charAt", "slice", "substring", "substr"].includes(method);
  if (text === "" || given.length > 2) return null;
  if (cutsFront && wholeNumber(first) === 0) return length === text.length ? "startsWith" : null;
  const cutsBack = method === "slice" && given.length === 1;
  return cutsBack && isMinus(first, text.length) ? "endsWith" : null;
}

function isMinus(node: AnyNode | undefined, amount: number): boolean {
  return (
    node?.type === "UnaryExpression" &&
    node.operator === "-" &&
    wholeNumber(node.argument) === amount
  );
}
