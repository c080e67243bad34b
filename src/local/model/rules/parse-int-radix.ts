// `parseInt` without its base reads "0x10" as sixteen; people who call it mean ten.

import type { CallExpression } from "acorn";

import { globalCall, methodCall } from "./tree.ts";
import type { Rule } from "./rule.ts";

export const parseIntRadix: Rule = {
  name: "parse-int-radix",
  level: "fix",
  topics: ["string", "number", "parse", "radix"],
  why: "Without a base, `parseInt` decides by the text: one that begins with 0x is read as hexadecimal.",
  check:
    "Decimal texts give the same number; a text that begins with 0x is no longer read as hexadecimal.",
  find: (source) =>
    source.nodes.flatMap(({ node }) => {
      const call = globalCall(source, node, "parseInt") ?? ofNumber(methodCall(node));
      const [text] = call?.arguments ?? [];
      if (!call || !text || call.arguments.length !== 1 || text.type === "SpreadElement") return [];
      const end = call.end - 1;
      const start = source.stripped.slice(text.end, end).trim() === "" ? text.end : null;
      if (start === null) return [];
      return [
        {
          at: call,
          title: "`parseInt` without a base",
          replacements: [{ start, end: start, text: ", 10" }],
        },
      ];
    }),
};

function ofNumber(found: ReturnType<typeof methodCall>): CallExpression | null {
  const { object } = found?.member ?? {};
  return found?.method === "parseInt" && object?.type === "Identifier" && object.name === "Number"
    ? found.call
    : null;
}
