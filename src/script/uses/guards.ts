// What a script's guards say about a value: needed where the script ends without it, optional where it goes on.

import type { BinaryExpression, IfStatement, Statement } from "acorn";

import type { Reader, Value } from "./reader.ts";

/** Reads `if (!value) throw …`, and ifs that only choose a way. */
export function readGuard(reader: Reader, { test, consequent, alternate }: IfStatement): void {
  const isGuard = ends(consequent) && alternate == null;
  if (isGuard) need(reader, test);
  else noteOptional(reader, test);
}

/** A value that only decides between two ways may be missing. */
export function noteOptional(reader: Reader, node: Value): void {
  if (node.type === "UnaryExpression" && node.operator === "!") {
    return noteOptional(reader, node.argument);
  }
  for (const shape of reader.read(node)) shape.signs.add("optional");
}

/** It throws, or returns words about what is wrong; a bare return is a default. */
function ends(statement: Statement): boolean {
  const last = statement.type === "BlockStatement" ? statement.body.at(-1) : statement;
  if (last?.type === "ThrowStatement") return true;
  const returned = last?.type === "ReturnStatement" ? last.argument : null;
  return returned?.type === "ObjectExpression" || returned?.type === "TemplateLiteral";
}

/** The test of a guard: what it asks to be missing or wrong must be there and right. */
function need(reader: Reader, test: Value): void {
  if (test.type === "LogicalExpression") {
    need(reader, test.left);
    need(reader, test.right);
  } else if (test.type === "UnaryExpression" && test.operator === "!") {
    needRight(reader, test.argument);
  } else if (test.type === "BinaryExpression" && /^[!=]==?$/.test(test.operator)) {
    needCompared(reader, test);
  }
}

function needCompared(reader: Reader, { operator, left, right }: BinaryExpression): void {
  if (left.type === "UnaryExpression" && left.operator === "typeof") {
    return mark(reader, left.argument);
  }
  const isRight = operator.startsWith("!");
  if (isRight || isMissing(right)) mark(reader, lengthOwner(left));
  const value = isRight && right.type === "Literal" ? right.value : null;
  if (typeof value !== "number") return;
  for (const shape of reader.read(left)) shape.literals.add(value);
}

function isMissing(node: Value): boolean {
  if (node.type === "Identifier") return node.name === "undefined";
  return node.type === "Literal" && (node.value === null || node.value === 0 || node.value === "");
}

/** `!x`, `!x.length`, `!Array.isArray(x)`, `!/…/.test(x)`, `!KNOWN.includes(x)`. */
function needRight(reader: Reader, node: Value): void {
  const inner = node.type === "ChainExpression" ? node.expression : node;
  if (inner.type !== "CallExpression") return mark(reader, lengthOwner(inner));
  for (const value of inner.arguments) mark(reader, value);
  const { callee } = inner;
  if (callee.type !== "MemberExpression" || callee.object.type === "Super") return;
  const pattern = reader.constants.patternOf(callee.object);
  for (const shape of reader.read(inner.arguments[0])) {
    if (pattern !== null) shape.patterns.add(pattern);
  }
}

function lengthOwner(node: Value): Value {
  const inner = node.type === "ChainExpression" ? node.expression : node;
  const isLength =
    inner.type === "MemberExpression" &&
    inner.property.type === "Identifier" &&
    /^(length|size)$/.test(inner.property.name);
  return isLength ? inner.object : node;
}

function mark(reader: Reader, node: Value): void {
  for (const shape of reader.read(node)) shape.signs.add("needed");
}
