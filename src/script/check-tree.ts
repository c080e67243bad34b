// Looks through a script's syntax tree for what no run can repeat or load. Judged on the tree: words in strings and
// comments never count.

import type { CallExpression, NewExpression, Node, Program } from "acorn";
import { simple, type SimpleVisitors } from "acorn-walk";

import { problemAt, type Note, type Problem, type Refusal } from "./problem.ts";

/** What the tree shows. */
export interface TreeFindings {
  problems: Problem[];
  notes: Note[];
}

const CLOCK: Refusal = {
  message: "Date.now() / new Date() are unavailable in workflow scripts (breaks resume)",
  help: "pass a timestamp in `args` and use `new Date(args.…)`",
};
const RANDOM: Refusal = {
  message: "Math.random() is unavailable in workflow scripts (breaks resume)",
  help: "put an index in the label or the prompt to make calls differ",
};
const ALONE: Refusal = {
  message: "A script is one text and loads nothing",
  help: "remove the import and ask agents or `repo` for what you need",
};
const ONE_EXPORT: Refusal = {
  message: "Only `meta` is exported",
  help: "remove the word `export`, and `return` the result",
};
const USING: Refusal = {
  message: "`await using` and `using` are unavailable in workflow scripts",
  help: "use `const` and `try … finally`",
};

/** Walks the whole tree but for its first statement, which is `meta`. */
export function checkTree(program: Program): TreeFindings {
  const problems: Problem[] = [];
  const notes = new Map<string, Note>();
  const refuse = (refusal: Refusal) => (node: Node) => {
    problems.push(problemAt(node.loc, refusal));
  };
  const visitors: SimpleVisitors<unknown> = {
    ImportDeclaration: refuse(ALONE),
    ImportExpression: refuse(ALONE),
    ExportNamedDeclaration: refuse(ONE_EXPORT),
    ExportDefaultDeclaration: refuse(ONE_EXPORT),
    ExportAllDeclaration: refuse(ONE_EXPORT),
    MetaProperty(node) {
      if (node.meta.name === "import") refuse(ALONE)(node);
    },
    VariableDeclaration(node) {
      if (node.kind === "using" || node.kind === "await using") refuse(USING)(node);
    },
    NewExpression(node) {
      if (isName(node.callee, "Date") && node.arguments.length === 0) refuse(CLOCK)(node);
    },
    CallExpression(node) {
      const refusal = refusedCall(node);
      if (refusal !== null) refuse(refusal)(node);
      for (const note of optionNotes(node)) {
        if (!notes.has(note.message)) notes.set(note.message, note);
      }
    },
  };
  for (const statement of program.body.slice(1)) simple(statement, visitors);
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
  return { problems, notes: [...notes.values()] };
}

function refusedCall({ callee }: CallExpression): Refusal | null {
  if (isName(callee, "Date") || isMember(callee, "Date", "now")) return CLOCK;
  return isMember(callee, "Math", "random") ? RANDOM : null;
}

type Callee = CallExpression["callee"] | NewExpression["callee"];

function isName(node: Callee, name: string): boolean {
  return node.type === "Identifier" && node.name === name;
}

function isMember(node: Callee, object: string, property: string): boolean {
  if (node.type !== "MemberExpression" || node.object.type === "Super") return false;
  if (!isName(node.object, object)) return false;
  const name = node.property;
  if (node.computed) return name.type === "Literal" && name.value === property;
  return name.type === "Identifier" && name.name === property;
}

const AGENT_OPTIONS = new Set(
  "label phase schema model effort isolation agentType data".split(" "),
);

function optionNotes({ callee, arguments: values }: CallExpression): Note[] {
  if (!isName(callee, "agent")) return [];
  const options = values[1];
  if (options?.type !== "ObjectExpression") return [];
  return options.properties.flatMap((property) => {
    if (property.type !== "Property" || property.key.type !== "Identifier") return [];
    const { name } = property.key;
    if (property.computed || AGENT_OPTIONS.has(name)) return [];
    return [problemAt(property.loc, `The option \`${name}\` of agent() is unknown and ignored.`)];
  });
}
