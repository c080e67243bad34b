// `indexOf` compared with -1 asks "is it in there?"; `includes` asks it in one word.

import type { AnyNode, CallExpression } from "acorn";

import type { Placed, Source } from "../source.ts";
import { methodCall } from "./tree.ts";
import type { Finding, Rule } from "./rule.ts";

const PRESENT = new Set(["!== -1", "!= -1", "> -1", ">= 0"]);
const ABSENT = new Set(["=== -1", "== -1", "< 0", "<= -1"]);

export const includes: Rule = {
  name: "prefer-includes",
  level: "fix",
  topics: ["string", "search", "index", "modern"],
  why: "A position compared with -1 is easy to get wrong by one; `includes` answers yes or no.",
  check: "Both forms ask whether the value occurs at all; nobody here used the position.",
  find: (source) =>
    source.nodes.flatMap((placed) => compared(source, placed) ?? tilded(source, placed) ?? []),
};

function compared(source: Source, { node }: Placed): Finding[] | null {
  if (node.type !== "BinaryExpression") return null;
  const call = indexOfCall(node.left);
  if (!call) return null;
  const asked = `${node.operator} ${source.stripped.slice(node.right.start, node.right.end)}`;
  if (!PRESENT.has(asked) && !ABSENT.has(asked)) return null;
  return findingsFor(source, node, { call, negated: ABSENT.has(asked) });
}

/** `!~text.indexOf(x)` and `!!~text.indexOf(x)`. */
function tilded(source: Source, { node, around }: Placed): Finding[] | null {
  if (!isNot(node) || node.argument.type !== "UnaryExpression" || node.argument.operator !== "~")
    return null;
  const call = indexOfCall(node.argument.argument);
  const parent = around.at(-1);
  if (!call) return null;
  return parent && isNot(parent)
    ? findingsFor(source, parent, { call, negated: false })
    : findingsFor(source, node, { call, negated: true });
}

function isNot(node: AnyNode): node is Extract<AnyNode, { type: "UnaryExpression" }> {
  return node.type === "UnaryExpression" && node.operator === "!";
}

function indexOfCall(node: AnyNode): CallExpression | null {
  const found = methodCall(node);
  const [wanted] = found?.call.arguments ?? [];
  const plain = found?.method === "indexOf" && found.call.arguments.length === 1;
  return plain && wanted && wanted.type !== "SpreadElement" ? found.call : null;
}

function findingsFor(
  source: Source,
  whole: AnyNode,
  { call, negated }: { call: CallExpression; negated: boolean },
): Finding[] {
  if (call.callee.type !== "MemberExpression") return [];
  const { property } = call.callee;
  if (source.textOf(whole) === null) return [];
  const before = { start: whole.start, end: call.start, text: negated ? "!" : "" };
  const name = { start: property.start, end: property.end, text: "includes" };
  const after = { start: call.end, end: whole.end, text: "" };
  const opening = source.stripped.slice(whole.start, call.start);
  if (opening.includes("(") || source.stripped.slice(call.end, whole.end).includes(")")) return [];
  return [
    {
      at: whole,
      title: "`indexOf` used as a yes-or-no question",
      replacements: [before, name, after],
    },
  ];
}
