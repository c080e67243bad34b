// What a script expects of values from outside: its arguments, what child workflows return, texts it reads as JSON.

import type { AssignmentExpression, BinaryExpression, CallExpression } from "acorn";
import { ancestor, simple } from "acorn-walk";

import type { JsonObject } from "../engine/json.ts";
import { parseProgram } from "./parse.ts";
import { ITEM_METHODS, LIST_METHODS, TEXT_METHODS } from "./uses/methods.ts";
import { type FunctionNode, noteDefault, Reader, type Value } from "./uses/reader.ts";
import { isUsed, itemOf, propertyOf, schemaOf, type Shape, sizeOf } from "./uses/shape.ts";

/** A script's expectations as JSON Schemas; null where it has none. */
export interface Uses {
  /** `lean` without what it can do without. */
  args: { full: JsonObject; lean: JsonObject } | null;
  children: JsonObject | null;
  /** What it reads from agents' texts with JSON.parse. */
  texts: JsonObject | null;
  /** Texts it compares fields with, by the field's name. */
  words: ReadonlyMap<string, readonly string[]>;
  /** All texts it compares something with or looks for in something. */
  sought: ReadonlySet<string>;
}

const PASSES = 6;

/** Reads a checked script. A guess from its text, used only to make stand-ins. */
export function usesOf(source: string): Uses {
  const program = parseProgram(source);
  const reader = new Reader(program);
  const words = new Map<string, string[]>();
  const sought = new Set<string>();
  simple(program, declarations(reader));
  const { args, children, texts } = reader.sources;
  let size = -1;
  for (let pass = 0; pass < PASSES; pass += 1) {
    ancestor(program, returns(reader));
    simple(program, visitors(reader, { words, sought }));
    const grown = sizeOf(args) + sizeOf(children) + sizeOf(texts);
    if (grown === size) break;
    size = grown;
  }
  const parsed = texts.signs.has("parsed");
  return {
    args: isUsed(args) ? { full: rootSchema(args, false), lean: rootSchema(args, true) } : null,
    children: isUsed(children) ? schemaOf(children, { lean: false }) : null,
    texts: parsed ? schemaOf(texts, { lean: false }) : null,
    words,
    sought,
  };
}

function rootSchema(args: Shape, lean: boolean): JsonObject {
  return schemaOf(args, { lean }, { name: "task" });
}

function declarations(reader: Reader): Parameters<typeof simple>[1] {
  return {
    CallExpression: ({ callee }) => reader.noteCalled(callee),
    FunctionDeclaration(node) {
      if (node.id !== null) reader.declareFunction(node.id, node);
    },
    VariableDeclarator({ id, init }) {
      const isFunction =
        init?.type === "ArrowFunctionExpression" || init?.type === "FunctionExpression";
      if (isFunction && id.type === "Identifier") reader.declareFunction(id, init);
    },
  };
}

/** What each function gives back; known to calls in the next pass. */
function returns(reader: Reader): Parameters<typeof ancestor>[1] {
  const add = (made: FunctionNode, value: Value | null | undefined): void => {
    const known = reader.returnsOf(made);
    for (const shape of reader.read(value)) known.add(shape);
  };
  return {
    ReturnStatement({ argument }, _state, ancestors) {
      const made = ancestors.findLast(isFunction);
      if (made !== undefined) add(made, argument);
    },
    ArrowFunctionExpression(node) {
      if (node.body.type !== "BlockStatement") add(node, node.body);
    },
  };
}

function isFunction(node: { type: string }): node is FunctionNode {
  return /^(Arrow)?Function(Declaration|Expression)?$/.test(node.type);
}

interface Found {
  words: Map<string, string[]>;
  sought: Set<string>;
}

function visitors(reader: Reader, found: Found): Parameters<typeof simple>[1] {
  const test = (node: Value): void => {
    for (const shape of reader.read(node)) shape.signs.add("tested");
  };
  return {
    VariableDeclarator: ({ id, init }) => reader.bind(id, reader.read(init)),
    AssignmentExpression: (node) => assign(reader, node),
    MemberExpression: (node) => void reader.read(node),
    ForOfStatement({ left, right }) {
      const items = listsOf(reader, right);
      const name = left.type === "VariableDeclaration" ? left.declarations[0]?.id : left;
      reader.bind(name, items);
    },
    LogicalExpression({ left, right }) {
      test(left);
      for (const shape of reader.read(left)) noteDefault(shape, right);
    },
    IfStatement: (node) => test(node.test),
    ConditionalExpression: (node) => test(node.test),
    UnaryExpression: ({ operator, argument }) => {
      if (operator === "!") test(argument);
    },
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
  if (operator !== "in" || left.type !== "Literal" || typeof left.value !== "string") return;
  for (const shape of reader.read(right)) propertyOf(shape, left.value);
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
  if (sign === "array" && shape === reader.sources.args) return;
  if (sign === "array" || sign === "object" || sign === "number") shape.signs.add(sign);
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

// oxlint-disable-next-line complexity -- each case is one line of a table
function method(
  reader: Reader,
  { owner, name, values }: { owner: Value; name: string; values: CallExpression["arguments"] },
  found: Found,
): void {
  const owners = reader.read(owner);
  const [first] = values;
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
