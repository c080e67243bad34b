// Gives a script another name, and changes nothing else of its text.

import type { Expression, Program } from "acorn";

import { metaValue } from "./meta.ts";
import { parseProgram } from "./parse.ts";

/** The script with `meta.name` as given; the text has passed the check, so it has one. */
export function renameScript(source: string, name: string): string {
  const place = placeOfName(parseProgram(source));
  if (place === null) throw new Error("A script that passed the check has a name.");
  return source.slice(0, place.start) + JSON.stringify(name) + source.slice(place.end);
}

function placeOfName({ body: [first] }: Program): Expression | null {
  const meta = first === undefined ? null : metaValue(first);
  if (meta?.type !== "ObjectExpression") return null;
  for (const property of meta.properties) {
    if (property.type !== "Property") continue;
    const { key } = property;
    const named = key.type === "Identifier" ? key.name : key.type === "Literal" ? key.value : null;
    if (named === "name") return property.value;
  }
  return null;
}
