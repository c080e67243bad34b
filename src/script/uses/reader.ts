// Follows values through a script: which expressions stand for an outside value, and what each use says about it.

import type {
  AnonymousFunctionDeclaration,
  ArrowFunctionExpression,
  CallExpression,
  Expression,
  FunctionDeclaration,
  FunctionExpression,
  Identifier,
  Node,
  Pattern,
  PrivateIdentifier,
  Program,
  SpreadElement,
  Super,
} from "acorn";

import { scopesOf, type Variable } from "../scopes.ts";
import { Constants } from "./constants.ts";
import { ONE_ITEM, SAME_ITEMS, SAME_TEXT } from "./methods.ts";
import { emptyShape, itemOf, propertyOf, type Shape } from "./shape.ts";

/** Any place where a value may stand. */
export type Value = Expression | Super | SpreadElement | PrivateIdentifier | Pattern;

/** A function of the script, however it is written. */
export type FunctionNode =
  | ArrowFunctionExpression
  | FunctionExpression
  | FunctionDeclaration
  | AnonymousFunctionDeclaration;

/** Values whose shape is wanted. */
export interface Sources {
  args: Shape;
  /** What `workflow()` resolves to. */
  children: Shape;
  /** What texts of agents hold when the script reads them as JSON. */
  texts: Shape;
}

/** Reads one script; call `read` on expressions, `bind` on patterns. */
export class Reader {
  readonly sources: Sources = { args: emptyShape(), children: emptyShape(), texts: emptyShape() };
  /** What the script's own names were declared with. */
  readonly constants: Constants;
  readonly #variables = new Map<Variable, Set<Shape>>();
  readonly #functions = new Map<Variable, FunctionNode>();
  readonly #returns = new Map<Node, Set<Shape>>();
  readonly #called = new WeakSet<Node>();
  readonly #globals: (identifier: Identifier) => Variable | null;

  constructor(program: Program) {
    this.#globals = scopesOf(program).variableOf;
    this.constants = new Constants(this.#globals);
  }

  /** A member that is called is a method, no field. */
  noteCalled(callee: Node): void {
    this.#called.add(callee);
  }

  variableOf(identifier: Identifier): Variable | null {
    return this.#globals(identifier);
  }

  isGlobal(node: Value, name: string): boolean {
    return node.type === "Identifier" && node.name === name && this.variableOf(node) === null;
  }

  declareFunction(identifier: Identifier, made: FunctionNode): void {
    const variable = this.variableOf(identifier);
    if (variable !== null) this.#functions.set(variable, made);
  }

  functionOf(node: Value): FunctionNode | null {
    if (node.type === "ArrowFunctionExpression" || node.type === "FunctionExpression") return node;
    if (node.type !== "Identifier") return null;
    const variable = this.variableOf(node);
    return variable === null ? null : (this.#functions.get(variable) ?? null);
  }

  /** What a function may give back. */
  returnsOf(made: Node): Set<Shape> {
    const known = this.#returns.get(made) ?? new Set();
    this.#returns.set(made, known);
    return known;
  }

  /** The outside values an expression may stand for; none for most. */
  read(node: Value | null | undefined): readonly Shape[] {
    if (node === null || node === undefined) return [];
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- all other kinds of nodes stand for nothing of interest
    switch (node.type) {
      case "Identifier":
        return this.#readName(node);
      case "MemberExpression":
        return this.#readMember(node);
      case "ChainExpression":
        return this.read(node.expression);
      case "AwaitExpression":
      case "SpreadElement":
        return this.read(node.argument);
      case "ConditionalExpression":
        return [...this.read(node.consequent), ...this.read(node.alternate)];
      case "LogicalExpression": {
        const right = this.read(node.right);
        // What stands before `&&` only decides.
        return node.operator === "&&" ? right : [...this.read(node.left), ...right];
      }
      case "AssignmentExpression":
        return this.read(node.right);
      case "SequenceExpression":
        return this.read(node.expressions.at(-1));
      case "ObjectExpression":
        return node.properties.flatMap((part) =>
          part.type === "SpreadElement" ? this.read(part) : [],
        );
      case "CallExpression":
        return this.#readCall(node);
      default:
        return [];
    }
  }

  #readName(node: Identifier): readonly Shape[] {
    const variable = this.variableOf(node);
    if (variable === null) return node.name === "args" ? [this.sources.args] : [];
    return [...(this.#variables.get(variable) ?? [])];
  }

  #readMember(node: Extract<Value, { type: "MemberExpression" }>): readonly Shape[] {
    const whole = this.read(node.object);
    if (node.property.type === "PrivateIdentifier" || this.#called.has(node)) return [];
    if (!node.computed && node.property.type === "Identifier") {
      const { name } = node.property;
      return name === "length" ? [] : whole.map((shape) => propertyOf(shape, name));
    }
    const names = this.constants.textsOf(node.property);
    if (names.length === 0) return whole.map((shape) => itemOf(shape));
    return names.flatMap((name) => whole.map((shape) => propertyOf(shape, name)));
  }

  #readCall(node: CallExpression): readonly Shape[] {
    const { callee, arguments: values } = node;
    if (this.isGlobal(callee, "workflow")) return [this.sources.children];
    if (this.isGlobal(callee, "agent")) return hasSchema(node) ? [] : [this.sources.texts];
    if (callee.type === "MemberExpression") return readMethod(this, node, callee);
    if (this.isGlobal(callee, "String") || this.isGlobal(callee, "Number")) {
      return this.read(values[0]);
    }
    const made = this.functionOf(callee);
    if (made === null) return [];
    for (const [index, parameter] of made.params.entries()) {
      this.constants.give(parameter, values[index]);
      this.bind(parameter, this.read(values[index]));
    }
    return [...this.returnsOf(made)];
  }

  /** The names of a pattern stand for these values from now on. */
  // oxlint-disable-next-line complexity -- each case is one line of a table
  bind(pattern: Pattern | null | undefined, shapes: readonly Shape[]): void {
    if (pattern === null || pattern === undefined || shapes.length === 0) return;
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- all other kinds of nodes stand for nothing of interest
    switch (pattern.type) {
      case "Identifier": {
        const variable = this.variableOf(pattern);
        if (variable === null) return;
        const known = this.#variables.get(variable) ?? new Set<Shape>();
        for (const shape of shapes) known.add(shape);
        this.#variables.set(variable, known);
        return;
      }
      case "AssignmentPattern":
        for (const shape of shapes) noteDefault(shape, pattern.right);
        return this.bind(pattern.left, shapes);
      case "ArrayPattern":
        for (const shape of shapes) shape.signs.add("array");
        for (const element of pattern.elements)
          this.bind(
            element,
            shapes.map((shape) => itemOf(shape)),
          );
        return;
      case "ObjectPattern":
        for (const part of pattern.properties) {
          if (part.type === "RestElement") this.bind(part.argument, shapes);
          else if (!part.computed && part.key.type === "Identifier") {
            const { name } = part.key;
            this.bind(
              part.value,
              shapes.map((shape) => propertyOf(shape, name)),
            );
          }
        }
        return;
      default:
    }
  }
}

/** Whether a call to agent() gives an object: only texts are of interest here. */
function hasSchema({ arguments: values }: CallExpression): boolean {
  const options = values[1];
  if (options === undefined) return false;
  if (options.type !== "ObjectExpression") return true;
  return options.properties.some(
    (part) =>
      part.type === "SpreadElement" ||
      (part.key.type === "Identifier" && part.key.name === "schema"),
  );
}

/** A default says that a value may be missing, and what kind of value it is. */
export function noteDefault(shape: Shape, value: Expression): void {
  shape.signs.add("optional");
  if (value.type === "ArrayExpression") shape.signs.add("array");
  if (value.type !== "Literal") return;
  if (typeof value.value === "number") shape.signs.add("number");
  if (typeof value.value === "boolean") shape.signs.add("boolean");
  if (typeof value.value === "string" && value.value !== "") shape.signs.add("string");
}

function readMethod(
  reader: Reader,
  { arguments: values }: CallExpression,
  callee: Extract<Value, { type: "MemberExpression" }>,
): readonly Shape[] {
  if (callee.property.type !== "Identifier" || callee.computed) return [];
  const { name } = callee.property;
  const owner = callee.object;
  if (reader.isGlobal(owner, "JSON") && name === "parse") {
    const parsed = reader.read(values[0]);
    for (const shape of parsed) shape.signs.add("parsed");
    return parsed;
  }
  if (reader.isGlobal(owner, "Object") && name === "assign")
    return values.flatMap((value) => reader.read(value));
  return methodResult(reader.read(owner), name);
}

function methodResult(owners: readonly Shape[], name: string): readonly Shape[] {
  // A text's trim or replace is still the same text to us; a list's filter still has the same items.
  if (SAME_ITEMS.has(name) || SAME_TEXT.has(name)) return owners;
  return ONE_ITEM.has(name) ? owners.map((shape) => itemOf(shape)) : [];
}
