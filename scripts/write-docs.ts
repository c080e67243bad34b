// Writes the pages of docs/ that are made from tables in the source, or checks that they are up to date (`--check`).

import { readFile, writeFile } from "node:fs/promises";

import { renderLanguagePage } from "../src/script/language.ts";

const pages = [
  { path: new URL("../docs/language.md", import.meta.url), text: renderLanguagePage() },
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
