// The agent types a script may name: those of the repository's trusted branch, and the built-in ones.

import { StepFailed } from "../../engine/errors.ts";
import type { Readable } from "../../repo/contract.ts";
import { readAgentFile } from "./agent-file.ts";
import type { AgentType } from "./agent-type.ts";
import { generalPurpose } from "./fixed.ts";
import { builtInTypes } from "./shipped.ts";

export interface AgentTypes {
  /** The type of that name; `StepFailed` with what there is when nothing, or no single file, defines it. */
  find(name: string | null, step: string): Promise<AgentType>;
}

const FOLDER = ".claude/agents";
/** Files that are looked at; more are a mistake, and reading them all would take the first agent's time. */
const FILES_MAX = 300;

interface Found {
  types: AgentType[];
  refused: { path: string; reason: string }[];
}

/** Looks at the files when the first type is named. `trusted` is never a pull request's head. */
export function openAgentTypes(
  trusted: Readable,
  { wordsChars }: { wordsChars: number },
): AgentTypes {
  const limits = { wordsChars, builtIn: builtInTypes };
  let found: Promise<Found> | null = null;
  return {
    find: async (name, step) => {
      if (name === null) return generalPurpose;
      found ??= readFolder(trusted, limits);
      return pick(await found, { name, step });
    },
  };
}

async function readFolder(
  trusted: Readable,
  limits: Parameters<typeof readAgentFile>[2],
): Promise<Found> {
  const paths = await trusted.paths(`${FOLDER}/**/*.md`);
  const found: Found = { types: [], refused: [] };
  for (const path of paths.slice(0, FILES_MAX)) {
    const content = await trusted.read(path);
    const read =
      content?.kind === "text"
        ? readAgentFile(path, content.text, limits)
        : ({ kind: "refused", reason: "it is not a text file of a readable size" } as const);
    if (read.kind === "read") found.types.push(read.type);
    else found.refused.push({ path, reason: read.reason });
  }
  for (const path of paths.slice(FILES_MAX)) {
    found.refused.push({ path, reason: `only the first ${FILES_MAX} files are read` });
  }
  return found;
}

function pick(
  { types, refused }: Found,
  { name, step }: { name: string; step: string },
): AgentType {
  const named = types.filter((type) => type.name === name);
  if (named.length > 1) {
    const paths = named.map(({ origin }) => origin).join(" and ");
    throw new StepFailed(
      `${step}() cannot tell which agentType "${name}" is meant: ${paths} have the same \`name\`. Rename one of them.`,
    );
  }
  const type = named[0] ?? builtInTypes.find((builtIn) => builtIn.name === name);
  if (type !== undefined) return type;
  throw new StepFailed(
    [
      `${step}() knows no agentType "${name}": ${missing(name)}.`,
      ...refused.map(({ path, reason }) => `${path} cannot be used: ${reason}.`),
      `There are: ${known(types)}.`,
    ].join(" "),
  );
}

const PLAIN_NAME = /^[\w][\w.-]*$/;

function missing(name: string): string {
  const short = name.split(":").at(-1) ?? name;
  const file = PLAIN_NAME.test(short) ? `${FOLDER}/${short}.md` : `a file in ${FOLDER}/`;
  return name.includes(":")
    ? `plugins are not installed here; put that agent into ${file} and write agentType: "${short}"`
    : `${file} is missing from the branch that agents are read from, and no other file there has that \`name\``;
}

function known(types: readonly AgentType[]): string {
  const names = new Set([...builtInTypes, ...types].map(({ name }) => `"${name}"`));
  return [...names].join(", ");
}
