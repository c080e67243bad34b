// Writes the pages of docs/ that are made from tables in the source, or checks that they are up to date (`--check`).

import { readFile, writeFile } from "node:fs/promises";

import { renderCommandsPage } from "../src/command/page.ts";
import { renderLanguagePage } from "../src/script/language.ts";
import { publishedSchema } from "../src/settings/file-schema.ts";
import { renderSchedulesPage } from "../src/settings/schedule-page.ts";
import { renderSettingsPage } from "../src/settings/page.ts";

const docs = new URL("../docs/", import.meta.url);
const pages = [
  { path: new URL("commands.md", docs), text: renderCommandsPage() },
  { path: new URL("language.md", docs), text: renderLanguagePage() },
  { path: new URL("settings.md", docs), text: renderSettingsPage() },
  { path: new URL("schedules.md", docs), text: renderSchedulesPage() },
  {
    path: new URL("fanfold.schema.json", docs),
    text: `${JSON.stringify(publishedSchema(), null, 2)}\n`,
  },
];

for (const { path, text } of pages) {
  const onDisk = await readFile(path, "utf8").catch(() => "");
  if (onDisk === text) continue;
  if (process.argv.includes("--check")) {
    process.stderr.write(`${path.pathname} is out of date. Run \`npm run docs\`.\n`);
    process.exitCode = 1;
  } else {
    await writeFile(path, text);
  }
}
