// `substr` is deprecated and counts differently from its siblings: `slice` where the numbers allow it.

import type { AnyNode } from "acorn";

import { methodCall, wholeNumber } from "./tree.ts";
import type { Rule } from "./rule.ts";

export const substr: Rule = {
  name: "no-substr",
  level: "fix",
  topics: ["string", "deprecated", "substr", "legacy"],
  why: "`substr` is deprecated, and its second number is a length where `slice` takes an end.",
  check: "The start stays; where there was a length, it has become an end.",
  find: (source) =>
    source.nodes.flatMap(({ node }) => {
      const found = methodCall(node);
      if (found?.method !== "substr") return [];
      const { property } = found.member;
      const [from, length] = found.call.arguments;
      const name = { start: property.start, end: property.end, text: "slice" };
      const end = sliceEnd(found.call.arguments);
      const title = "Deprecated `substr`";
      if (!from || found.call.arguments.length > 2 || end === null)
        return [{ at: found.call, title, replacements: [], level: "report" as const }];
      const second =
        length && end !== "" ? [{ start: length.start, end: length.end, text: end }] : [];
      return [{ at: property, title, replacements: [name, ...second] }];
    }),
};

/** The text of slice's end, "" when the second argument can stay as it is or is absent, null when not known. */
function sliceEnd(given: readonly AnyNode[]): string | null {
  const [from, length] = given;
  if (from?.type === "SpreadElement") return null;
  if (!length) return "";
  const start = wholeNumber(from);
  if (start === null || length.type === "SpreadElement") return null;
  const count = wholeNumber(length);
  if (count !== null) return start === 0 ? "" : String(start + count);
  return start === 0 && isLength(length) ? "" : null;
}

function isLength(node: AnyNode): boolean {
  return (
    node.type === "MemberExpression" &&
    !node.computed &&
    node.property.type === "Identifier" &&
    node.property.name === "length"
  );
}
