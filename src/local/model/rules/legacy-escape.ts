// `escape` and `unescape` are remnants that break everything outside Latin letters; only a person knows what was meant.

import { globalCall } from "./tree.ts";
import type { Rule } from "./rule.ts";

export const legacyEscape: Rule = {
  name: "legacy-escape",
  level: "report",
  topics: ["string", "escape", "security", "deprecated", "url"],
  why: "It writes its own %uXXXX form, which no server decodes.",
  check: "Nothing was changed here.",
  find: (source) =>
    source.nodes.flatMap(({ node }) =>
      ["escape", "unescape"].flatMap((name) => {
        const call = globalCall(source, node, name);
        return call
          ? [
              {
                at: call,
                title: `Legacy \`${name}\` breaks letters outside Latin`,
                replacements: [],
              },
            ]
          : [];
      }),
    ),
};
