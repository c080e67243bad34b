// Splits a Markdown file into its YAML front matter and its body. Pure.

import { parseDocument } from "yaml";
import { z } from "zod";

export type FrontMatter =
  | { kind: "read"; fields: Readonly<Record<string, unknown>>; body: string }
  | { kind: "refused"; reason: string };

const FENCED =
  /^\uFEFF?---[ \t]*\r?\n(?<yaml>[\s\S]*?)(?:\r?\n)?---[ \t]*(?:\r?\n|$)(?<body>[\s\S]*)$/;
/** Aliases can make a small text enormous; an agent's settings need none. */
const ALIASES_MAX = 20;

const Fields = z.record(z.string(), z.unknown());

/** Reads the block between the first two lines of three dashes. */
export function readFrontMatter(text: string): FrontMatter {
  const parts = FENCED.exec(text)?.groups;
  if (parts === undefined) {
    return {
      kind: "refused",
      reason: "it does not begin with front matter (`---`, fields such as `name:`, `---`)",
    };
  }
  const { yaml = "", body = "" } = parts;
  const strict = readYaml(yaml);
  // Descriptions are prose and often hold a colon, which strict YAML takes for a field: such lines are quoted.
  const read = "fields" in strict ? strict : readYaml(quoteProse(yaml));
  if ("fields" in read) return { kind: "read", fields: read.fields, body: body.trim() };
  return { kind: "refused", reason: `its front matter cannot be read: ${firstMistake(strict)}` };
}

type Read = { fields: Record<string, unknown> } | { mistake: string };

const firstMistake = (read: Read): string => ("mistake" in read ? read.mistake : "");

function readYaml(yaml: string): Read {
  try {
    const document = parseDocument(yaml, { prettyErrors: true, logLevel: "silent" });
    const [error] = document.errors;
    if (error !== undefined) return { mistake: error.message.split("\n", 1)[0] ?? error.message };
    const fields = Fields.safeParse(document.toJS({ maxAliasCount: ALIASES_MAX }) ?? {});
    return fields.success ? { fields: fields.data } : { mistake: "it holds no fields" };
  } catch (error) {
    return { mistake: error instanceof Error ? error.message : String(error) };
  }
}

const PROSE_LINE = /^([A-Za-z][\w-]*):[ \t]+(?![-"'[{|>&*!%@`])(.*(?::[ \t]|[ \t]#|:$).*)$/gm;

function quoteProse(yaml: string): string {
  return yaml.replace(
    PROSE_LINE,
    (_, key: string, value: string) => `${key}: ${JSON.stringify(value.trim())}`,
  );
}
