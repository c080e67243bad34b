// Global `isNaN` and `isFinite` convert what they get; on something that is a number already, `Number.…` is the same.

import type { AnyNode } from "acorn";

import type { Placed, Source } from "../source.ts";
import { globalCall } from "./tree.ts";
import type { Finding, Rule } from "./rule.ts";

const NUMBER_MAKERS = new Set(["Number", "parseInt", "parseFloat"]);

export const numberTest: Rule = {
  name: "number-test",
  level: "fix",
  topics: ["string", "number", "nan", "conversion"],
  why: "The global form converts its argument first, so an empty string or null passes for a number.",
  check: "The argument is a number already, so both forms answer the same.",
  find: (source) =>
    source.nodes.flatMap((placed) =>
      ["isNaN", "isFinite"].flatMap((name) => test(source, placed, name)),
    ),
};

function test(source: Source, { node, around }: Placed, name: string): Finding[] {
  const call = globalCall(source, node, name);
  const [value] = call?.arguments ?? [];
  if (!call || !value || call.arguments.length !== 1) return [];
  const fallback = around.at(-1);
  if (fallback?.type === "ConditionalExpression" && isMember(fallback.test, name))
    return needlessFallback(source, fallback, { call, name });
  const title = `Global \`${name}\` converts before it looks`;
  if (!isNumber(value)) return [{ at: call, title, replacements: [], level: "report" }];
  const { start, end } = call.callee;
  return [{ at: call, title, replacements: [{ start, end, text: `Number.${name}` }] }];
}

/** `Number.isFinite ? Number.isFinite(+x) : isFinite(+x)`: every Node has the first. */
function needlessFallback(
  source: Source,
  whole: Extract<AnyNode, { type: "ConditionalExpression" }>,
  { call, name }: { call: Extract<AnyNode, { type: "CallExpression" }>; name: string },
): Finding[] {
  const [value] = call.arguments;
  const kept = source.textOf(whole.consequent);
  if (!value || !isNumber(value) || kept === null || source.textOf(whole) === null) return [];
  if (whole.consequent.type !== "CallExpression" || !isMember(whole.consequent.callee, name))
    return [];
  return [
    {
      at: whole,
      title: `A fallback for a missing \`Number.${name}\`, which every supported engine has`,
      replacements: [{ start: whole.start, end: whole.end, text: kept }],
    },
  ];
}

function isMember(node: AnyNode, name: string): boolean {
  return (
    node.type === "MemberExpression" &&
    node.object.type === "Identifier" &&
    node.object.name === "Number" &&
    node.property.type === "Identifier" &&
    node.property.name === name
  );
}

function isNumber(node: AnyNode): boolean {
  if (node.type === "UnaryExpression") return node.operator === "+";
  return (
    node.type === "CallExpression" &&
    node.callee.type === "Identifier" &&
    NUMBER_MAKERS.has(node.callee.name)
  );
}
