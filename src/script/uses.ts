// What a script expects of values from outside: its arguments, what child workflows return, texts it reads as JSON.

import { ancestor, simple } from "acorn-walk";

import type { JsonObject } from "../engine/json.ts";
import { parseProgram } from "./parse.ts";
import { type FunctionNode, Reader, type Value } from "./uses/reader.ts";
import { isUsed, rootSchemas, schemaOf, sizeOf } from "./uses/shape.ts";
import { visitors } from "./uses/visitors.ts";

/** A script's expectations as JSON Schemas; null where it has none. */
export interface Uses {
  /** What its arguments may be, the likeliest first. */
  args: readonly JsonObject[];
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
    args: rootSchemas(args),
    children: isUsed(children) ? schemaOf(children, { lean: false }) : null,
    texts: parsed ? schemaOf(texts, { lean: false }) : null,
    words,
    sought,
  };
}

function declarations(reader: Reader): Parameters<typeof simple>[1] {
  return {
    CallExpression: ({ callee }) => reader.noteCalled(callee),
    FunctionDeclaration(node) {
      if (node.id !== null) reader.declareFunction(node.id, node);
    },
    VariableDeclarator({ id, init }) {
      if (id.type !== "Identifier" || init == null) return;
      const isFunction =
        init.type === "ArrowFunctionExpression" || init.type === "FunctionExpression";
      if (isFunction) reader.declareFunction(id, init);
      else reader.constants.declare(id, init);
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
