// Text put together with `+`: a template literal shows the text that comes out.

import type { AnyNode, BinaryExpression, Expression } from "acorn";

import type { Source } from "../source.ts";
import { hasComment, isString } from "./tree.ts";
import type { Rule } from "./rule.ts";

const CHARACTERS_AT_MOST = 110;
const PLAIN_OPERANDS = new Set([
  "Identifier",
  "MemberExpression",
  "CallExpression",
  "BinaryExpression",
]);

export const template: Rule = {
  name: "template-literal",
  level: "polish",
  topics: ["string", "template", "concatenation", "modern"],
  why: "Pieces joined with `+` hide spaces and conversions; a template literal shows the text that comes out.",
  check:
    "The pieces stand in the same order, and a string literal already made every `+` here join text.",
  find: (source) =>
    source.nodes.flatMap(({ node, around }) => {
      if (!isSum(node) || isSum(around.at(-1)) || hasComment(source, node)) return [];
      const text = rebuilt(source, operands(node));
      if (text === null || text.length > CHARACTERS_AT_MOST) return [];
      return [
        {
          at: node,
          title: "Text put together with `+`",
          replacements: [{ start: node.start, end: node.end, text }],
        },
      ];
    }),
};

function isSum(node: AnyNode | undefined): node is BinaryExpression {
  return node?.type === "BinaryExpression" && node.operator === "+";
}

function operands(node: BinaryExpression): AnyNode[] {
  return [...(isSum(node.left) ? operands(node.left) : [node.left]), node.right];
}

/** Null where joining text is not what every `+` does, or where a template would be harder to read. */
function rebuilt(source: Source, parts: readonly AnyNode[]): string | null {
  const joinsText = parts.slice(0, 2).some(isString);
  if (!joinsText || !parts.some((part) => isString(part) && part.value !== "")) return null;
  if (parts.every(isString) || isConversion(parts)) return null;
  const pieces = parts.map((part) =>
    isString(part) ? literalPiece(part.raw) : expressionPiece(source, part),
  );
  return pieces.every((piece) => piece !== null) ? `\`${pieces.join("")}\`` : null;
}

function isConversion(parts: readonly AnyNode[]): boolean {
  return parts.length === 2 && parts.some((part) => isString(part) && part.value === "");
}

function literalPiece(raw: string | undefined): string | null {
  if (raw === undefined || /\\\d/.test(raw) || /\\\r?\n/.test(raw)) return null;
  return raw.slice(1, -1).replaceAll("`", "\\`").replaceAll("${", "\\${");
}

function expressionPiece(source: Source, node: AnyNode | Expression): string | null {
  const text = source.textOf(node);
  if (text === null || !PLAIN_OPERANDS.has(node.type)) return null;
  return /[`\n]|\$\{/.test(text) ? null : `\${${text}}`;
}
