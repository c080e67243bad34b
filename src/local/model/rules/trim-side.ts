// `trimLeft` and `trimRight` are the deprecated names of `trimStart` and `trimEnd`.

import { methodCall } from "./tree.ts";
import type { Rule } from "./rule.ts";

const NAMES: Readonly<Record<string, string>> = { trimLeft: "trimStart", trimRight: "trimEnd" };

export const trimSide: Rule = {
  name: "trim-side",
  level: "fix",
  topics: ["string", "trim", "deprecated", "legacy"],
  why: "The old name says left and right, which is wrong for scripts written from right to left, and is deprecated.",
  check: "It is the same function under its current name.",
  find: (source) =>
    source.nodes.flatMap(({ node }) => {
      const found = methodCall(node);
      const text = found && Object.hasOwn(NAMES, found.method) ? NAMES[found.method] : undefined;
      if (!found || text === undefined) return [];
      const { start, end } = found.member.property;
      return [
        {
          at: { start, end },
          title: `Deprecated \`${found.method}\``,
          replacements: [{ start, end, text }],
        },
      ];
    }),
};
