// Which variable a name stands for, by JavaScript's own scoping.

import type { Identifier, Program } from "acorn";
import { analyze } from "eslint-scope";

import type { Location } from "./problem.ts";

/** One variable of a script; only its identity counts. */
export type Variable = object;

/** The names of one script. */
export interface Scopes {
  /** What an identifier refers to or declares; null for a global. */
  variableOf: (identifier: Identifier) => Variable | null;
  /** Every use of a name that the script does not declare. */
  unresolved: readonly { name: string; place: Location | null | undefined }[];
}

/** Resolves every name of a script, which must have been parsed with ranges and locations. */
export function scopesOf(program: Program): Scopes {
  const manager = analyze(asTree(program), { ecmaVersion: 2026, sourceType: "module" });
  const variables = new Map<object, Variable>();
  for (const scope of manager.scopes) {
    for (const { identifier, resolved } of scope.references) {
      if (resolved !== null) variables.set(identifier, resolved);
    }
    for (const variable of scope.variables) {
      for (const identifier of variable.identifiers) variables.set(identifier, variable);
    }
  }
  const through = manager.globalScope?.through ?? [];
  return {
    variableOf: (identifier) => variables.get(identifier) ?? null,
    unresolved: through.map(({ identifier }) => ({
      name: identifier.name,
      place: identifier.loc,
    })),
  };
}

type Tree = Parameters<typeof analyze>[0];

// acorn's tree is an ESTree; its own types only name the nodes differently.
function asTree(program: object): Tree {
  if (isTree(program)) return program;
  throw new TypeError("Only a whole program has scopes.");
}

function isTree(program: object): program is Tree {
  return "type" in program && program.type === "Program";
}
