// The script language in one table: the engine's functions, the author's prompt and the documentation page come from it.

import type { ScriptFunction } from "../engine/call.ts";
import { agents } from "./language/agents.ts";
import { checks } from "./language/checks.ts";
import type { LanguageEntry } from "./language/entry.ts";
import { flow } from "./language/flow.ts";
import { given } from "./language/given.ts";
import { type Chapter, renderChapters } from "./language/render.ts";
import { migration } from "./language/migration.ts";
import { people } from "./language/people.ts";
import { repository } from "./language/repository.ts";

const chapters: readonly Chapter[] = [
  { title: "Agents and changes", entries: agents },
  { title: "The repository's own checks", entries: checks },
  { title: "People", entries: people },
  { title: "Work in many parts", entries: migration },
  { title: "Shape of a script", entries: flow },
  { title: "What a run is given", entries: given },
  { title: "Repository and report", entries: repository },
];

/** Every global of the language, in the order people learn them. */
export const language: readonly LanguageEntry[] = chapters.flatMap(({ entries }) => entries);

/** Names a script can use without declaring them, besides the JavaScript built-ins. */
export const globalNames: ReadonlySet<string> = new Set(
  language.map(({ name }) => name.split(".")[0] ?? name),
);

/** The functions that steps answer, as the engine wants them. */
export const scriptFunctions: readonly ScriptFunction[] = language.flatMap((entry) =>
  entry.step === undefined ? [] : [entry.step],
);

/** The language as Markdown, for people and for the author. */
export function renderLanguage(): string {
  return renderChapters(chapters);
}

/** The page of the documentation. */
export function renderLanguagePage(): string {
  return `# The script language\n\nThis page is made from \`src/script/language.ts\` by \`npm run docs\`; the author of scripts is given the same text.\n\n${renderLanguage()}`;
}
