// A function that other files or people use, without a word about what it takes.

import type { AnyNode, Pattern } from "acorn";

import type { Placed, Source } from "../source.ts";
import type { Finding, Rule } from "./rule.ts";

const TEXT_NAMES =
  /^(str|string|text|s|line|word|name|key|path|url|value|input|source|prefix|suffix)$/i;
const TOP = new Set(["Program", "ExportNamedDeclaration", "ExportDefaultDeclaration"]);

export const documentFunction: Rule = {
  name: "document-function",
  level: "polish",
  topics: ["document", "jsdoc", "comment", "documentation"],
  why: "Whoever calls it must read its body to learn what it takes.",
  check: "Only a comment was added; the code is untouched.",
  find: (source) => source.nodes.flatMap((placed) => undocumented(source, placed)),
};

function undocumented(source: Source, placed: Placed): Finding[] {
  const named = topFunction(placed);
  if (!named || named.parameters.length === 0) return [];
  const start = source.text.lastIndexOf("\n", named.statement.start - 1) + 1;
  const indent = source.text.slice(start, named.statement.start);
  if (indent.trim() !== "" || isDocumented(source, start)) return [];
  const end = source.text.includes("\r\n") ? "\r\n" : "\n";
  const lines = [
    "/**",
    ` * ${sentence(named.name)}`,
    " *",
    ...named.parameters.map(parameterLine),
    " */",
  ];
  const text = lines.map((line) => `${indent}${line.trimEnd()}${end}`).join("");
  return [
    {
      at: { start: named.statement.start, end: named.statement.start },
      title: `\`${named.name}\` says nothing about what it takes`,
      replacements: [{ start, end: start, text }],
    },
  ];

  function parameterLine(parameter: string): string {
    const isText = named !== null && isTextual(source, named.whole, parameter);
    return ` * @param {${isText ? "string" : "*"}} ${parameter}`;
  }
}

interface NamedFunction {
  name: string;
  parameters: string[];
  statement: AnyNode;
  whole: AnyNode;
}

function topFunction({ node, around }: Placed): NamedFunction | null {
  const statement = around.find((outer) => outer.type !== "Program") ?? node;
  if (node.type === "FunctionDeclaration")
    return TOP.has(around.at(-1)?.type ?? "")
      ? named(node.id?.name ?? "The default export", node, statement)
      : null;
  if (node.type !== "FunctionExpression" && node.type !== "ArrowFunctionExpression") return null;
  const name = nameOfValue(around);
  return name === null ? null : named(name, node, statement);
}

/** The name a function value is kept under at the top of a file, or null. */
function nameOfValue(around: readonly AnyNode[]): string | null {
  const parent = around.at(-1);
  if (parent?.type === "AssignmentExpression" && around.length === 3)
    return parent.left.type === "MemberExpression" ? memberName(parent.left) : null;
  const isVariable = parent?.type === "VariableDeclarator" && parent.id.type === "Identifier";
  return isVariable && isOnlyDeclarator(around) ? parameterName(parent.id) : null;
}

function isOnlyDeclarator(around: readonly AnyNode[]): boolean {
  const declaration = around.at(-2);
  const outer = around.at(-3);
  return (
    declaration?.type === "VariableDeclaration" &&
    declaration.declarations.length === 1 &&
    TOP.has(outer?.type ?? "")
  );
}

function memberName(node: Extract<AnyNode, { type: "MemberExpression" }>): string {
  if (node.property.type !== "Identifier") return "The exported function";
  return node.property.name === "exports" ? "The exported function" : node.property.name;
}

function named(
  name: string,
  node: { params: readonly Pattern[] } & AnyNode,
  statement: AnyNode,
): NamedFunction | null {
  const names = node.params.map((pattern) => parameterName(pattern));
  return names.every((parameter) => parameter !== null)
    ? { name, parameters: names, statement, whole: node }
    : null;
}

function parameterName(pattern: Pattern): string | null {
  if (pattern.type === "Identifier") return pattern.name;
  return pattern.type === "AssignmentPattern" && pattern.left.type === "Identifier"
    ? pattern.left.name
    : null;
}

function isDocumented(source: Source, start: number): boolean {
  return source.comments.some(
    (comment) => comment.end <= start && source.text.slice(comment.end, start).trim() === "",
  );
}

/** A test of its type in the body says more than a name. */
function isTextual(source: Source, whole: AnyNode, parameter: string): boolean {
  const body = source.stripped.slice(whole.start, whole.end);
  const tested =
    body.includes(`typeof ${parameter} !== 'string'`) ||
    body.includes(`typeof ${parameter} !== "string"`);
  return tested || (TEXT_NAMES.test(parameter) && !body.includes(`typeof ${parameter}`));
}

function sentence(name: string): string {
  if (name.includes(" ")) return `${name} of this file.`;
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/[_$]+/g, " ")
    .trim()
    .toLowerCase();
  return words === ""
    ? "One of this file's functions."
    : `${words[0]?.toUpperCase()}${words.slice(1)}.`;
}
