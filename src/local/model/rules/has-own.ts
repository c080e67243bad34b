// A key that comes from outside may be "hasOwnProperty" itself, and then the object answers for itself.

import { methodCall } from "./tree.ts";
import type { Rule } from "./rule.ts";

export const hasOwn: Rule = {
  name: "has-own",
  level: "fix",
  topics: ["string", "object", "key", "security", "prototype"],
  why: "An object made from outside data can carry a key `hasOwnProperty` of its own, or no prototype at all.",
  check: "Both forms ask for an own key; the new one cannot be overridden by the object.",
  find: (source) =>
    source.nodes.flatMap(({ node }) => {
      const found = methodCall(node);
      const [key] = found?.call.arguments ?? [];
      if (found?.method !== "hasOwnProperty" || found.call.arguments.length !== 1 || !key)
        return [];
      const object = source.textOf(found.member.object);
      const simple = ["Identifier", "MemberExpression", "ThisExpression"];
      if (object === null || !simple.includes(found.member.object.type)) return [];
      const text = `Object.prototype.hasOwnProperty.call(${object}, `;
      return [
        {
          at: { start: found.call.start, end: key.start },
          title: "`hasOwnProperty` asked of the object itself",
          replacements: [{ start: found.call.start, end: key.start, text }],
        },
      ];
    }),
};
