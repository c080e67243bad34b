// What the expressions of a script say about the values from outside that stand in them.

import type { AssignmentExpression, BinaryExpression, CallExpression } from "acorn";
import type { simple } from "acorn-walk";

import { noteOptional, readGuard } from "./guards.ts";
import { ITEM_METHODS, LIST_METHODS, TEXT_METHODS } from "./methods.ts";
import { noteDefault, type Reader, type Value } from "./reader.ts";
import { itemOf, propertyOf, type Shape } from "./shape.ts";

/** Texts that a script compares with, as they are found. */
interface Found {
  words: Map<string, string[]>;
  sought: Set<string>;
}

/** What each kind of expression says. */
export function visitors(reader: Reader, found: Found): Parameters<typeof simple>[1] {
  return {
    VariableDeclarator: ({ id, init }) => reader.bind(id, reader.read(init)),
    AssignmentExpression: (node) => assign(reader, node),
    MemberExpression(node) {
      reader.read(node);
      if (node.computed && node.property.type !== "PrivateIdentifier") {
        oneOf(reader, { value: node.property, among: node.object }, found);
      }
    },
    ForOfStatement({ left, right }) {
      const items = listsOf(reader, right);
      const name = left.type === "VariableDeclaration" ? left.declarations[0]?.id : left;
      reader.bind(name, items);
    },
    LogicalExpression({ operator, left, right }) {
      if (operator === "&&") return noteOptional(reader, left);
      for (const shape of reader.read(left)) noteDefault(shape, right);
    },
    IfStatement: (node) => readGuard(reader, node),
    ConditionalExpression: (node) => noteOptional(reader, node.test),
    BinaryExpression: (node) => compare(reader, node, found),
    CallExpression: (node) => call(reader, node, found),
    SwitchStatement({ discriminant, cases }) {
      for (const one of cases) note(reader, { value: discriminant, literal: one.test }, found);
    },
  };
}

function assign(reader: Reader, { left, right }: AssignmentExpression): void {
  if (left.type !== "MemberExpression") reader.bind(left, reader.read(right));
}

function listsOf(reader: Reader, node: Value): Shape[] {
  return reader.read(node).map((shape) => {
    shape.signs.add("array");
    return itemOf(shape);
  });
}

const ARITHMETIC = new Set(["-", "*", "/", "%", "**", "<", ">", "<=", ">="]);

function compare(reader: Reader, { operator, left, right }: BinaryExpression, found: Found): void {
  if (/^[!=]==?$/.test(operator)) {
    note(reader, { value: left, literal: right }, found);
    note(reader, { value: right, literal: left }, found);
  }
  for (const side of [left, right]) {
    if (!ARITHMETIC.has(operator)) continue;
    for (const shape of reader.read(side)) shape.signs.add("number");
  }
  if (operator !== "in") return;
  oneOf(reader, { value: left, among: right }, found);
  if (left.type !== "Literal" || typeof left.value !== "string") return;
  for (const shape of reader.read(right)) propertyOf(shape, left.value);
}

/** A value is looked up among texts of the script: it should be one of them. */
function oneOf(
  reader: Reader,
  { value, among }: { value: Value; among: Value | undefined },
  found: Found,
): void {
  for (const text of reader.constants.choicesOf(among)) learn(reader, { value, text }, found);
}

const TYPES = new Set(["string", "number", "boolean", "object"] as const);
const isType = (text: string): text is "string" | "number" | "boolean" | "object" =>
  new Set<string>(TYPES).has(text);

/** A value is compared with a text: it may be that text. */
// oxlint-disable-next-line complexity -- each case is one line of a table
function note(
  reader: Reader,
  { value, literal }: { value: Value; literal: Value | null | undefined },
  found: Found,
): void {
  if (literal?.type !== "Literal") return;
  const text = literal.value;
  if (value.type === "UnaryExpression" && value.operator === "typeof") {
    const shapes = reader.read(value.argument);
    // The whole of `args` may be asked for its type without having it.
    const parts = shapes.filter((shape) => shape !== reader.sources.args);
    if (typeof text === "string" && isType(text)) for (const shape of parts) shape.signs.add(text);
    return;
  }
  if (typeof text === "number") for (const shape of reader.read(value)) shape.signs.add("number");
  if (typeof text === "boolean") for (const shape of reader.read(value)) shape.signs.add("boolean");
  if (typeof text !== "string" || text === "") return;
  found.sought.add(text);
  learn(reader, { value, text }, found);
}

/** A text that a value may be. */
function learn(
  reader: Reader,
  { value, text }: { value: Value; text: string },
  found: Found,
): void {
  for (const shape of reader.read(value)) shape.literals.add(text);
  const name = fieldOf(value);
  if (name === null) return;
  const known = found.words.get(name) ?? [];
  if (!known.includes(text)) found.words.set(name, [...known, text]);
}

function fieldOf(node: Value): string | null {
  const member = node.type === "ChainExpression" ? node.expression : node;
  if (member.type === "Identifier") return member.name;
  if (member.type !== "MemberExpression" || member.computed) return null;
  return member.property.type === "Identifier" ? member.property.name : null;
}

function call(reader: Reader, node: CallExpression, found: Found): void {
  reader.read(node);
  const { callee, arguments: values } = node;
  if (reader.isGlobal(callee, "pipeline")) return stages(reader, values);
  if (callee.type === "Identifier" && /^(Number|parseInt|parseFloat)$/.test(callee.name)) {
    for (const shape of reader.read(values[0])) shape.signs.add("number");
  }
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return;
  const { name } = callee.property;
  const owner = callee.object;
  if (owner.type === "Identifier" && /^(Array|Object|Number)$/.test(owner.name)) {
    const sign = {
      isArray: "array",
      keys: "object",
      entries: "object",
      values: "object",
      isInteger: "number",
      isFinite: "number",
    }[name];
    for (const shape of reader.read(values[0])) addSign(reader, shape, sign);
    return;
  }
  method(reader, { owner, name, values }, found);
}

function addSign(reader: Reader, shape: Shape, sign: string | undefined): void {
  // `Array.isArray(args)` guards against lists as often as it asks for one.
  if (sign === "array" && shape === reader.sources.args) shape.signs.add("perhaps array");
  else if (sign === "array" || sign === "object" || sign === "number") shape.signs.add(sign);
}

function stages(reader: Reader, [items, ...more]: CallExpression["arguments"]): void {
  if (items === undefined) return;
  const each = listsOf(reader, items);
  for (const [index, stage] of more.entries()) {
    const made = reader.functionOf(stage);
    if (index === 0) reader.bind(made?.params[0], each);
    reader.bind(made?.params[1], each);
  }
}

const WHOLE = /^\^.*\$$/s;
const OF_JSON = /^\^?(\\s\*)?\[?\\?[[{]/;

/** A text is held against a regular expression: `test` asks for all of it, `match` for a part that is read. */
function match(
  reader: Reader,
  { owner, name, first }: { owner: Value; name: string; first: Value | undefined },
): void {
  const isTest = /^(test|exec)$/.test(name);
  if (first === undefined || !(isTest || name === "match")) return;
  const pattern = reader.constants.patternOf(isTest ? owner : first);
  const isUsable = pattern !== null && !OF_JSON.test(pattern);
  if (!isUsable || (name === "test" && !WHOLE.test(pattern))) return;
  for (const shape of reader.read(isTest ? first : owner)) shape.patterns.add(pattern);
}

// oxlint-disable-next-line complexity -- each case is one line of a table
function method(
  reader: Reader,
  { owner, name, values }: { owner: Value; name: string; values: CallExpression["arguments"] },
  found: Found,
): void {
  const owners = reader.read(owner);
  const [first] = values;
  if (first !== undefined && /^(includes|indexOf|has|hasOwnProperty)$/.test(name)) {
    oneOf(reader, { value: first, among: owner }, found);
  }
  match(reader, { owner, name, first });
  if (TEXT_METHODS.has(name)) for (const shape of owners) shape.signs.add("string");
  if (LIST_METHODS.has(name)) for (const shape of owners) shape.signs.add("array");
  if (/^(includes|startsWith|endsWith|indexOf)$/.test(name) && first?.type === "Literal") {
    if (typeof first.value === "string" && first.value.trim() !== "") found.sought.add(first.value);
  }
  if (!ITEM_METHODS.has(name) || first === undefined) return;
  const made = reader.functionOf(first);
  for (const parameter of made?.params.slice(0, /ort/.test(name) ? 2 : 1) ?? []) {
    reader.bind(parameter, listsOf(reader, owner));
  }
  if (made === null) listsOf(reader, owner);
}
