// A CommonJS file without 'use strict': a misspelt name becomes a global instead of an error.

import { isString } from "./tree.ts";
import type { Rule } from "./rule.ts";

export const useStrict: Rule = {
  name: "use-strict",
  level: "polish",
  topics: ["strict", "commonjs"],
  why: "Without it, assigning to a misspelt name makes a global variable instead of an error.",
  check:
    "The file holds no octal number, `with` or `arguments.callee`, which strict mode would refuse.",
  find: (source) => {
    const [first] = source.program.body;
    const commonJs = /\b(module\.exports|exports\.|require\()/.test(source.stripped);
    const strict =
      first?.type === "ExpressionStatement" &&
      isString(first.expression) &&
      first.expression.value === "use strict";
    if (!first || strict || !commonJs || source.path.endsWith(".mjs")) return [];
    if (
      /^\s*(import|export)\b/m.test(source.stripped) ||
      /arguments\.callee|\bwith\s*\(/.test(source.stripped)
    )
      return [];
    const start = source.text.lastIndexOf("\n", first.start) + 1;
    if (start !== first.start) return [];
    const at = { start, end: start };
    return [
      {
        at,
        title: "A CommonJS file without 'use strict'",
        replacements: [{ ...at, text: `'use strict';\n\n` }],
      },
    ];
  },
};
