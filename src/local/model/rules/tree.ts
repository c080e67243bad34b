// Small questions about syntax trees that several rules ask.

import type { AnyNode, CallExpression, Literal, MemberExpression } from "acorn";

import type { Placed, Source } from "../source.ts";

/** A string literal; template literals do not count. */
export function isString(node: AnyNode): node is Literal & { value: string } {
  return node.type === "Literal" && typeof node.value === "string";
}

/** A whole number of zero or more, written out. */
export function wholeNumber(node: AnyNode | undefined): number | null {
  return node?.type === "Literal" && typeof node.value === "number" && Number.isInteger(node.value)
    ? node.value
    : null;
}

export interface MethodCall {
  call: CallExpression;
  member: MemberExpression;
  method: string;
}

/** A plain `object.method(…)`: not computed, not optional. */
export function methodCall(node: AnyNode): MethodCall | null {
  if (node.type !== "CallExpression" || node.optional) return null;
  const { callee } = node;
  if (callee.type !== "MemberExpression" || callee.computed || callee.optional) return null;
  if (callee.object.type === "Super" || callee.property.type !== "Identifier") return null;
  return { call: node, member: callee, method: callee.property.name };
}

/** A call of a global function by its plain name. */
export function globalCall(source: Source, node: AnyNode, name: string): CallExpression | null {
  if (node.type !== "CallExpression" || node.optional || node.callee.type !== "Identifier")
    return null;
  return node.callee.name === name && !declares(source, name) ? node : null;
}

/** The file gives this name a meaning of its own somewhere. */
export function declares(source: Source, name: string): boolean {
  return isImported(source, name) || source.nodes.some((placed) => isDeclaredHere(placed, name));
}

function isImported(source: Source, name: string): boolean {
  return source.program.body.some(
    (statement) =>
      statement.type === "ImportDeclaration" &&
      statement.specifiers.some((specifier) => specifier.local.name === name),
  );
}

function isDeclaredHere({ node, around }: Placed, name: string): boolean {
  const parent = around.at(-1);
  if (node.type !== "Identifier" || node.name !== name || !parent) return false;
  return isDeclaring(parent, node) || /Pattern$|^RestElement$/.test(parent.type);
}

/** The parent is where this identifier gets its meaning: a declaration, a function, a parameter, a catch. */
export function isDeclaring(parent: AnyNode, node: AnyNode): boolean {
  const itsName = "id" in parent && parent.id === node;
  const itsParameter = "params" in parent && parent.params.some((parameter) => parameter === node);
  return itsName || itsParameter || parent.type === "CatchClause";
}

/** A comment stands somewhere in this stretch: rebuilding it would lose the comment. */
export function hasComment(source: Source, stretch: { start: number; end: number }): boolean {
  return source.comments.some(
    (comment) => comment.start >= stretch.start && comment.end <= stretch.end,
  );
}
