// A pattern built from a value: unescaped characters change what it matches, and some never end.

import type { Rule } from "./rule.ts";

export const dynamicRegexp: Rule = {
  name: "dynamic-regexp",
  level: "report",
  topics: ["string", "regex", "escape", "security"],
  why: "Characters such as `.` or `(` in the value change what the pattern matches.",
  check: "Nothing was changed here.",
  find: (source) =>
    source.nodes.flatMap(({ node }) => {
      if (node.type !== "NewExpression" || node.callee.type !== "Identifier") return [];
      const [pattern] = node.arguments;
      const fixed = ["Literal", "TemplateLiteral"].includes(pattern?.type ?? "Literal");
      return node.callee.name !== "RegExp" || fixed
        ? []
        : [
            {
              at: node,
              title: "A pattern built from a value that nobody escaped",
              replacements: [],
            },
          ];
    }),
};
