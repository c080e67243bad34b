// A global regular expression that is only a piece of text: `replaceAll` takes the text itself.

import type { AnyNode } from "acorn";

import { methodCall } from "./tree.ts";
import type { Rule } from "./rule.ts";

const SPECIAL = /[\\^$.*+?()[\]{}|]/;

export const replaceAll: Rule = {
  name: "replace-all",
  level: "fix",
  topics: ["string", "replace", "regex", "escape", "modern"],
  why: "The pattern is only a piece of text; `replaceAll` takes the text itself, with nothing to escape.",
  check:
    "The pattern holds no operator and only the flag g, and the replacement is read the same way.",
  find: (source) =>
    source.nodes.flatMap(({ node }) => {
      const found = methodCall(node);
      if (found?.method !== "replace" || found.call.arguments.length !== 2) return [];
      const [pattern] = found.call.arguments;
      const text = pattern && plainPattern(pattern);
      if (!pattern || text === null || text === undefined) return [];
      const { property } = found.member;
      return [
        {
          at: { start: property.start, end: pattern.end },
          title: "A regular expression that is only a piece of text",
          replacements: [
            { start: property.start, end: property.end, text: "replaceAll" },
            { start: pattern.start, end: pattern.end, text: quoted(source.text, text) },
          ],
        },
      ];
    }),
};

/** The text a pattern stands for, or null when it is more than text. */
function plainPattern(node: AnyNode): string | null {
  if (node.type !== "Literal" || !node.regex || node.regex.flags !== "g") return null;
  const characters = node.regex.pattern.match(/\\[^]|[^]/g) ?? [];
  const plain = characters.map((character) =>
    character.length === 2
      ? escaped(character.slice(1))
      : SPECIAL.test(character)
        ? null
        : character,
  );
  const text = plain.every((character) => character !== null) ? plain.join("") : "";
  return /^[\x20-\x7e]+$/.test(text) ? text : null;
}

/** `\.` is a dot, but `\d` is no letter. */
function escaped(character: string): string | null {
  return /[a-zA-Z0-9]/.test(character) ? null : character;
}

function quoted(file: string, text: string): string {
  const quote = file.split("'").length > file.split('"').length ? "'" : '"';
  return `${quote}${text.replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`)}${quote}`;
}
