// Reads a script's `meta` from its syntax tree; nothing is ever evaluated.

import type {
  ArrayExpression,
  Expression,
  Literal,
  ObjectExpression,
  Program,
  Property,
  SpreadElement,
  TemplateLiteral,
  UnaryExpression,
} from "acorn";
import { z } from "zod";

import type { Json, JsonObject } from "../engine/json.ts";
import { problemAt, type Note, type Problem, type Refusal } from "./problem.ts";

const text = z.string().trim().min(1);
const Phase = z.object({
  title: text,
  detail: z.string().optional(),
  model: z.string().optional(),
});

/** What a script says about itself. */
export const Meta = z.object({
  name: text,
  description: text,
  title: z.string().optional(),
  whenToUse: z.string().optional(),
  /** Ours: what to say when the workflow is called with nothing behind its name; without it, that is allowed. */
  needsArgs: text.optional(),
  phases: z.array(Phase).default([]),
});
export type Meta = z.infer<typeof Meta>;

/** The literal, read as far as it is one; `null` when there is none to read. */
export interface ReadMeta {
  meta: Meta | null;
  problems: Problem[];
  notes: Note[];
}

const FIRST = "The first statement must be `export const meta = { name: '…', description: '…' }`";

/** What is in the way of a first statement that is none. */
function notFirst({ body }: Program): Refusal {
  const [first] = body;
  if (first === undefined) return { message: FIRST, help: "the script is empty: begin with it" };
  if (body.slice(1).some((statement) => metaValue(statement) !== null)) {
    return { message: FIRST, help: "move it to the top of the script" };
  }
  const declared = first.type === "ExportNamedDeclaration" ? first.declaration : first;
  const isMeta =
    declared?.type === "VariableDeclaration" &&
    declared.declarations.some(({ id }) => id.type === "Identifier" && id.name === "meta");
  return {
    message: FIRST,
    help: isMeta ? "write it exactly so, on its own" : "write it before everything else",
  };
}

/** Reads `export const meta = { … }`, which must be the first statement and a pure literal. */
export function readMeta(program: Program): ReadMeta {
  const [first] = program.body;
  const value = first === undefined ? null : metaValue(first);
  if (value === null) return refused([problemAt(first?.loc, notFirst(program))]);
  const reader: Reader = { problems: [], places: new Map() };
  if (value.type !== "ObjectExpression") {
    refuse(reader, value.loc, COMPUTED);
    return refused(reader.problems);
  }
  const literal = readObject(reader, value, []);
  if (reader.problems.length > 0) return refused(reader.problems);
  const parsed = Meta.safeParse(literal);
  if (parsed.success) {
    return { meta: parsed.data, problems: [], notes: unknownKeys(reader, literal) };
  }
  const problems = parsed.error.issues.map(({ path }) =>
    problemAt(placeOf(reader, path) ?? value.loc, wrongType(path)),
  );
  return refused(problems);
}

function refused(problems: Problem[]): ReadMeta {
  return { meta: null, problems, notes: [] };
}

function wrongType(path: Path): Refusal {
  return {
    message: `\`meta.${path.join(".")}\` is missing or has the wrong type`,
    help: "`name` and `description` are non-empty strings, `whenToUse` is a string, `phases` is a list of { title, detail, model }",
  };
}

/** What `meta` is set to by a statement that sets it as a script must. */
export function metaValue(statement: Program["body"][number]): Expression | null {
  if (statement.type !== "ExportNamedDeclaration") return null;
  const declaration = statement.declaration;
  if (declaration?.type !== "VariableDeclaration" || declaration.kind !== "const") return null;
  const [only, ...more] = declaration.declarations;
  if (only === undefined || more.length > 0) return null;
  if (only.id.type !== "Identifier" || only.id.name !== "meta") return null;
  return only.init ?? null;
}

type Place = Expression["loc"];
type Path = readonly PropertyKey[];

interface Reader {
  problems: Problem[];
  /** Where each value stands, by its path. */
  places: Map<string, Place>;
}

const PURE =
  "write only strings, numbers, booleans, null, arrays and objects here: meta is read without running the script";

const COMPUTED = "an expression that has to be computed";

function refuse(reader: Reader, place: Place, what: string): null {
  const message = `\`meta\` must be a pure literal, and this is ${what}`;
  reader.problems.push(problemAt(place, { message, help: PURE }));
  return null;
}

function readValue(reader: Reader, node: Expression, path: Path): Json {
  reader.places.set(path.join("."), node.loc);
  if (node.type === "Literal") return readLiteral(reader, node);
  if (node.type === "TemplateLiteral") return readTemplate(reader, node);
  if (node.type === "UnaryExpression") return readNegative(reader, node);
  if (node.type === "ArrayExpression") return readArray(reader, node, path);
  if (node.type === "ObjectExpression") return readObject(reader, node, path);
  return refuse(reader, node.loc, COMPUTED);
}

function readTemplate(reader: Reader, { quasis, expressions, loc }: TemplateLiteral): Json {
  if (expressions.length > 0) return refuse(reader, loc, "a template with ${…}");
  return quasis[0]?.value.cooked ?? "";
}

function readArray(reader: Reader, node: ArrayExpression, path: Path): Json {
  return node.elements.map((element, index) => {
    if (element === null) return refuse(reader, node.loc, "an array with holes");
    if (element.type === "SpreadElement") return refuse(reader, element.loc, "a spread");
    return readValue(reader, element, [...path, index]);
  });
}

function readLiteral(reader: Reader, node: Literal): Json {
  const { value } = node;
  if (typeof value === "string" || typeof value === "boolean" || value === null) {
    return node.regex == null ? value : refuse(reader, node.loc, "a regular expression");
  }
  if (typeof value === "number") return value;
  return refuse(reader, node.loc, "a regular expression or a BigInt");
}

function readNegative(reader: Reader, node: UnaryExpression): Json {
  const { operator, argument } = node;
  if (operator === "-" && argument.type === "Literal" && typeof argument.value === "number") {
    return -argument.value;
  }
  return refuse(reader, node.loc, COMPUTED);
}

function readObject(reader: Reader, node: ObjectExpression, path: Path): JsonObject {
  const entries: [string, Json][] = [];
  for (const property of node.properties) {
    const key = readKey(reader, property);
    if (key === null || property.type === "SpreadElement") continue;
    entries.push([key, readValue(reader, property.value, [...path, key])]);
  }
  return Object.fromEntries(entries);
}

const FORBIDDEN_KEYS = new Set(["__proto__", "constructor", "prototype"]);

function readKey(reader: Reader, property: Property | SpreadElement): string | null {
  if (property.type === "SpreadElement") return refuse(reader, property.loc, "a spread");
  if (property.computed) return refuse(reader, property.loc, "a computed key");
  if (property.kind !== "init" || property.method) {
    return refuse(reader, property.loc, "a method or accessor");
  }
  const name = keyName(property.key);
  if (name === null) return refuse(reader, property.loc, "such a key");
  if (FORBIDDEN_KEYS.has(name)) return refuse(reader, property.loc, `the key ${name}`);
  return name;
}

function keyName(key: Property["key"]): string | null {
  if (key.type === "Identifier") return key.name;
  return key.type === "Literal" ? String(key.value) : null;
}

function unknownKeys(reader: Reader, value: JsonObject): Note[] {
  return Object.keys(value)
    .filter((key) => !(key in Meta.shape))
    .map((key) => problemAt(reader.places.get(key), `\`meta.${key}\` is unknown and ignored.`));
}

function placeOf(reader: Reader, path: Path): Place {
  for (let length = path.length; length > 0; length -= 1) {
    const place = reader.places.get(path.slice(0, length).join("."));
    if (place != null) return place;
  }
  return null;
}
