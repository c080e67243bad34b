// One file of `.claude/agents/`: front matter and body into what an agent of that type is. Pure.

import { z } from "zod";

import { showInvisible } from "../../agent/code-points.ts";
import { type AgentType, mayEdit } from "./agent-type.ts";
import { readFrontMatter } from "./front-matter.ts";
import { toolsLeft } from "./tools.ts";

export type ReadAgentFile = { kind: "read"; type: AgentType } | { kind: "refused"; reason: string };

/** A list as people write it: `Read, Grep` or a YAML sequence. Nothing behind the colon is the same as no field. */
const Names = z
  .union([z.string(), z.array(z.string())])
  .nullish()
  .transform((names) => {
    const list = typeof names === "string" ? splitNames(names) : (names ?? null);
    return typeof names === "string" && list?.length === 0 ? null : list;
  });

const Effort = z.enum(["low", "medium", "high", "xhigh", "max"]);

const Fields = z.object({
  name: z.string().trim().min(1).max(100),
  description: z.string().nullish(),
  tools: Names,
  disallowedTools: Names,
  model: z.string().trim().min(1).nullish(),
  effort: z.union([Effort, z.literal("inherit")]).nullish(),
});

/** Fields that change nothing about the work. */
const DECORATION = new Set(["color"]);

/** Reads one file, or says in a clause why it is no agent. */
export function readAgentFile(
  path: string,
  text: string,
  { wordsChars, builtIn }: { wordsChars: number; builtIn: readonly AgentType[] },
): ReadAgentFile {
  const matter = readFrontMatter(text);
  if (matter.kind === "refused") return matter;
  const fields = Fields.safeParse(matter.fields);
  if (!fields.success) return { kind: "refused", reason: mistakesOf(fields.error) };
  const { name, model, effort, tools, disallowedTools } = fields.data;
  const left = toolsLeft({ allowed: tools, disallowed: disallowedTools ?? [] });
  const limited = withinBuiltIn({ name, tools: left.tools }, builtIn);
  const { words, isCut } = cutWords(matter.body, wordsChars);
  const type: AgentType = {
    ...limited,
    origin: path,
    words,
    model: model == null || model === "inherit" ? null : model,
    effort: effort == null || effort === "inherit" ? null : effort,
    notes: [
      ...ignoredFields(Object.keys(matter.fields)),
      ...unavailable(left.unavailable),
      ...(isCut ? [`its text is longer than ${wordsChars} characters and was cut`] : []),
    ],
  };
  return { kind: "read", type };
}

/** A file under a built-in name brings its words, and never more than that name may do. */
function withinBuiltIn(
  { name, tools }: Pick<AgentType, "name" | "tools">,
  types: readonly AgentType[],
): Pick<AgentType, "name" | "tools" | "readsConventions"> {
  const builtIn = types.find((type) => type.name === name);
  if (builtIn === undefined || mayEdit(builtIn)) return { name, tools, readsConventions: true };
  const { readsConventions } = builtIn;
  return { name, tools: onlyIn(tools, builtIn.tools), readsConventions };
}

function onlyIn<T>(names: ReadonlySet<T>, allowed: ReadonlySet<T>): ReadonlySet<T> {
  return new Set([...names].filter((name) => allowed.has(name)));
}

function mistakesOf(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) =>
      path[0] === "name" ? "it has no `name`" : `\`${path.join(".")}\`: ${message}`,
    )
    .join("; ");
}

function cutWords(body: string, wordsChars: number): { words: string; isCut: boolean } {
  const { text } = showInvisible(body);
  return { words: text.slice(0, wordsChars), isCut: text.length > wordsChars };
}

function ignoredFields(fields: readonly string[]): string[] {
  const ignored = fields.filter((field) => !(field in Fields.shape) && !DECORATION.has(field));
  if (ignored.length === 0) return [];
  const list = ignored.map((field) => `\`${field}\``).join(", ");
  return [`${list} ignored: an agent file gives words, tools, model and effort, nothing else`];
}

function unavailable(entries: readonly string[]): string[] {
  if (entries.length === 0) return [];
  const list = entries.map((entry) => `\`${entry}\``).join(", ");
  return [`${list} not available: agents read and edit files here, and run nothing`];
}

function splitNames(names: string): string[] {
  // A comma within brackets belongs to a rule: `Bash(git log, git diff)`.
  return names
    .split(/,(?![^(]*\))/)
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
