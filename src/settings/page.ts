// The page about settings, made from the table of keys, so that it cannot say anything else than what holds. Pure.

import { SETTINGS_PATH } from "./found.ts";
import { allKeys, keys } from "./keys.ts";

const HEAD = `<!-- Written by \`npm run docs\` from src/settings/keys.ts: change the table there. -->

# Settings of a repository

Everything works without a file. To change something, put \`${SETTINGS_PATH}\` on the default branch:

\`\`\`yaml
# yaml-language-server: $schema=fanfold.schema.json
savedWorkflowsOnly: true
budget:
  run: 5
approval:
  when: always
  trusted: [audit, review]
permissions:
  approve: maintain
paths:
  protected: [db/migrations/**]
  instructions:
    - paths: src/api/**
      text: Every handler checks the session first.
\`\`\`

[fanfold.schema.json](fanfold.schema.json) is its JSON Schema, for completion and checks in an editor.

- **Where it is read.** On the default branch, each time a command comes, never on a pull request's head or base. A run keeps
  what held when it was planned.
- **Defaults for an organisation.** The same file in the owner's \`.github\` repository holds for all of its repositories. Where it sets
  a bound, a repository may narrow it and not widen it; lists of protected paths and instructions are put together. The App must
  be installed on that repository, or it must be public. What it says can be read by everybody who can read a repository it holds for.
- **Mistakes.** A file with a mistake is told in the thread, line by line, and while it is broken nothing is started: nobody knows what
  it forbids. \`/workflow cancel\` and \`/workflow status\` work all the time.
- **What holds now**: \`/workflow config\` shows every value with where it comes from.

| Key | Without it | What it does |
|---|---|---|
`;

/** The whole page. */
export function renderSettingsPage(): string {
  const rows = allKeys.map((key) => {
    const { fallback, does } = keys[key];
    return `| \`${key}\` | ${fallbackOf(fallback)} | ${does} |`;
  });
  return `${HEAD}${rows.join("\n")}\n`;
}

function fallbackOf(fallback: unknown): string {
  if (fallback === null) return "–";
  if (Array.isArray(fallback)) return "none";
  return `\`${typeof fallback === "string" ? fallback : JSON.stringify(fallback)}\``;
}
