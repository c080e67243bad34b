// `var` for a name that never changes: `const` says so, where the whole of its use can be seen.

import type { AnyNode, VariableDeclaration } from "acorn";

import type { Placed, Source } from "../source.ts";
import type { Rule } from "./rule.ts";
import { isDeclaring } from "./tree.ts";

const BLOCKS = new Set(["Program", "BlockStatement"]);

export const preferConst: Rule = {
  name: "prefer-const",
  level: "polish",
  topics: ["var", "const", "let", "modern", "es6"],
  why: "`var` is visible before its line and outside its block, and may change anywhere.",
  check: "The name is given a value once and is only used after that, inside the same block.",
  find: (source) =>
    source.nodes.flatMap(({ node, around }) => {
      if (node.type !== "VariableDeclaration" || node.kind !== "var") return [];
      const block = around.at(-1);
      if (!block || !BLOCKS.has(block.type)) return [];
      const names = declaredNames(node);
      if (!names?.every((name) => neverChanges(source, { name, declaration: node, block })))
        return [];
      const at = { start: node.start, end: node.start + 3 };
      return [
        {
          at,
          title: "`var` for a name that never changes",
          replacements: [{ ...at, text: "const" }],
        },
      ];
    }),
};

function declaredNames(node: VariableDeclaration): string[] | null {
  const names = node.declarations.map(({ id, init }) =>
    id.type === "Identifier" && init ? id.name : null,
  );
  return names.every((name) => name !== null) ? names : null;
}

interface Use {
  name: string;
  declaration: VariableDeclaration;
  block: AnyNode;
}

function neverChanges(source: Source, use: Use): boolean {
  const uses = source.nodes.filter(
    ({ node }) => node.type === "Identifier" && node.name === use.name,
  );
  const own = uses.filter(({ node }) => use.declaration.declarations.some(({ id }) => id === node));
  const others = uses.filter((placed) => !own.includes(placed));
  return own.length === 1 && others.every((placed) => isLaterRead(placed, use));
}

function isLaterRead(placed: Placed, use: Use): boolean {
  const { node, around } = placed;
  const parent = around.at(-1);
  // A hoisted function may be called above the declaration, where `const` throws and `var` is undefined.
  const hoisted = around.some(
    (outer) => outer.type === "FunctionDeclaration" && isIn(outer, use.block),
  );
  const inReach = node.start > use.declaration.end && isIn(node, use.block);
  return (
    parent !== undefined && inReach && !hoisted && !isWritten(placed) && !isDeclaring(parent, node)
  );
}

function isWritten({ node, around }: Placed): boolean {
  const parent = around.at(-1);
  if (parent?.type === "AssignmentExpression") return parent.left === node;
  return (
    ["UpdateExpression", "ForInStatement", "ForOfStatement"].includes(parent?.type ?? "") ||
    around.some((outer) => outer.type.endsWith("Pattern"))
  );
}

function isIn(
  inner: { start: number; end: number },
  outer: { start: number; end: number },
): boolean {
  return inner.start >= outer.start && inner.end <= outer.end && inner !== outer;
}
