// What a script's own constants hold, as far as its text shows: texts, lists and tables of texts, patterns.

import type { Expression, Identifier, Pattern } from "acorn";

import type { Variable } from "../scopes.ts";
import type { Value } from "./reader.ts";

const WRAPPERS = new Set(["Set", "Map"]);
const DEEPEST = 6;

/** Knows what names of one script were declared with. */
export class Constants {
  readonly #values = new Map<Variable, Expression>();
  readonly #texts = new Map<Variable, Set<string>>();
  readonly #variableOf: (identifier: Identifier) => Variable | null;

  constructor(variableOf: (identifier: Identifier) => Variable | null) {
    this.#variableOf = variableOf;
  }

  /** A name was declared with this value. */
  declare(identifier: Identifier, value: Expression): void {
    const variable = this.#variableOf(identifier);
    if (variable !== null) this.#values.set(variable, value);
  }

  /** A parameter was given this value by one of its callers. */
  give(parameter: Pattern, value: Value | undefined): void {
    if (parameter.type !== "Identifier" || value?.type !== "Literal") return;
    const variable = this.#variableOf(parameter);
    if (variable === null || typeof value.value !== "string") return;
    const known = this.#texts.get(variable) ?? new Set();
    this.#texts.set(variable, known.add(value.value));
  }

  /** The texts an expression is known to stand for. */
  textsOf(node: Value): readonly string[] {
    if (node.type === "Literal") return typeof node.value === "string" ? [node.value] : [];
    if (node.type !== "Identifier") return [];
    const variable = this.#variableOf(node);
    if (variable === null) return [];
    const value = this.#values.get(variable);
    return value?.type === "Literal" ? this.textsOf(value) : [...(this.#texts.get(variable) ?? [])];
  }

  /** The texts in a list or a set, and the keys of a table or a map. */
  choicesOf(node: Value | null | undefined, depth = 0): readonly string[] {
    const value = this.#valueOf(node);
    if (value === null || depth > DEEPEST) return [];
    if (value.type === "ObjectExpression") {
      return value.properties.flatMap((part) =>
        part.type === "Property" && !part.computed ? keyOf(part.key) : [],
      );
    }
    if (value.type === "ArrayExpression")
      return value.elements.flatMap((part) => this.#first(part));
    const isWrapped =
      value.type === "NewExpression" &&
      value.callee.type === "Identifier" &&
      WRAPPERS.has(value.callee.name);
    // Object.keys(TABLE) and Object.freeze(LIST) have the same texts.
    const isOfObject = value.type === "CallExpression" && /^(keys|freeze)$/.test(methodOf(value));
    return isWrapped || isOfObject ? this.choicesOf(value.arguments[0], depth + 1) : [];
  }

  /** The source of a regular expression, where a stand-in can be made from it. */
  patternOf(node: Value | null | undefined): string | null {
    const value = this.#valueOf(node);
    if (value?.type !== "Literal" || value.regex === undefined || value.regex === null) return null;
    const { pattern } = value.regex;
    try {
      // As the schema's validator will read it.
      return new RegExp(pattern, "u").source === "" ? null : pattern;
    } catch {
      return null;
    }
  }

  #valueOf(node: Value | null | undefined): Value | null {
    if (node?.type !== "Identifier") return node ?? null;
    const variable = this.#variableOf(node);
    return variable === null ? null : (this.#values.get(variable) ?? null);
  }

  // An entry of a list, or the key in an entry of a map.
  #first(part: Value | null): readonly string[] {
    if (part?.type !== "ArrayExpression") return part === null ? [] : this.textsOf(part);
    const key = part.elements[0];
    return key === undefined || key === null ? [] : this.textsOf(key);
  }
}

function keyOf(key: Value): string[] {
  if (key.type === "Identifier") return [key.name];
  return key.type === "Literal" ? [String(key.value)] : [];
}

function methodOf({ callee }: Extract<Expression, { type: "CallExpression" }>): string {
  const isMember = callee.type === "MemberExpression" && callee.property.type === "Identifier";
  return isMember && callee.property.type === "Identifier" ? callee.property.name : "";
}
