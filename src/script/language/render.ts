// The language table as Markdown, for people and for the author of scripts.

import type { Field, LanguageEntry } from "./entry.ts";

/** A group of globals under one heading. */
export interface Chapter {
  title: string;
  entries: readonly LanguageEntry[];
}

/** Rules that hold for every script, then every global with its parameters, results, errors and an example. */
export function renderChapters(chapters: readonly Chapter[]): string {
  const parts = chapters.map(
    ({ title, entries }) => `## ${title}\n\n${entries.map(renderEntry).join("\n")}`,
  );
  return [RULES, ...parts, ABSENT].join("\n");
}

function renderEntry(entry: LanguageEntry): string {
  const { signature, does, parameters = [], options = [], gives, errors = [], example } = entry;
  const fields = [
    ...parameters.map((field) => fieldLine(field, "")),
    ...(options.length > 0 ? ["- `options`:"] : []),
    ...options.map((field) => fieldLine(field, "  ")),
  ];
  const parts = [
    `### \`${signature}\``,
    does,
    fields.join("\n"),
    `Gives ${gives}`,
    errors.length > 0 ? `Throws ${errors.join("; ")}.` : "",
    `\`\`\`js\n${example}\n\`\`\``,
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function fieldLine({ name, type, does }: Field, indent: string): string {
  return `${indent}- \`${name}\` (${type.includes("`") ? type : `\`${type}\``}): ${does}`;
}

const RULES = `A script is one plain JavaScript text: no TypeScript, no \`import\`, at most 524,288 bytes. Its first
statement is a pure literal, read without running anything:

\`\`\`js
export const meta = {
  name: "audit-routes",
  description: "Checks every route for missing authentication.",
  whenToUse: "Before a release.",
  phases: [{ title: "Find" }, { title: "Audit", detail: "one agent a route" }],
};
\`\`\`

\`name\` and \`description\` are required; \`whenToUse\` and \`phases\` are for listings and displays. Behind it top-level
\`await\` and \`return\` are legal, and what the script returns is the run's result, as JSON. Every function below that
asks for work gives a promise. The script itself runs in a sandbox, in strict mode, and is bounded in computing time and
memory between two awaits. A run starts at most 1,000 agents, 16 at a time.

Whatever an agent answers may be \`null\`: handle it, count it, and bound every loop.
`;

const ABSENT = `## What there is not

The JavaScript built-ins are there: \`Array\`, \`Map\`, \`Set\`, \`JSON\`, \`RegExp\`, \`Math\`, \`Promise\`, \`Date\` with an
argument, and so on. A run must come out the same when it is resumed, so \`Date.now()\`, \`new Date()\` without arguments
and \`Math.random()\` throw: pass a timestamp or a seed in \`args\`. There is no network, no file system, no module, no
process: \`import\`, \`require\`, \`process\`, \`fetch\`, \`Buffer\`, \`Intl\`, \`structuredClone\`, \`queueMicrotask\`, \`eval\`,
\`Function\`, \`Proxy\`, typed arrays, \`WeakRef\`, \`Atomics\` and \`WebAssembly\` do not exist; \`typeof\` gives
\`"undefined"\` for each of them.
`;
