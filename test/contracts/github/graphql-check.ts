// Holds GraphQL documents and their variables against the slice of GitHub's schema.

import { readFileSync } from "node:fs";

import { buildSchema, type DocumentNode, getVariableValues, Kind, parse, validate } from "graphql";

/** Reads the slice; the check answers one sentence for each thing GitHub would refuse. */
export function graphqlCheck(): (document: string, variables: unknown) => string[] {
  const sdl = readFileSync(
    new URL("../../../src/local/github/schema.graphql", import.meta.url),
    "utf8",
  );
  const schema = buildSchema(sdl);
  return (text, variables) => {
    try {
      const document = parse(text);
      const refused = validate(schema, document).map(({ message }) => message);
      const messages = refused.length > 0 ? refused : wrongVariables(document, variables);
      return messages.map((message) => `GraphQL: ${message}`);
    } catch (error) {
      return [`GraphQL: ${error instanceof Error ? error.message : String(error)}`];
    }
  };

  function wrongVariables({ definitions }: DocumentNode, variables: unknown): string[] {
    return definitions.flatMap((definition) => {
      if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
      const declared = definition.variableDefinitions ?? [];
      const { errors } = getVariableValues(schema, declared, Object(variables));
      return [...(errors ?? []).map(({ message }) => message), ...undeclared(declared, variables)];
    });
  }
}

type Declared = Parameters<typeof getVariableValues>[1];

function undeclared(declared: Declared, variables: unknown): string[] {
  const names = new Set(declared.map((item) => item.variable.name.value));
  return Object.keys(Object(variables))
    .filter((name) => !names.has(name))
    .map((name) => `The variable $${name} is given but not declared.`);
}
