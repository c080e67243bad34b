// The source of a real package, and whoever turns it from CommonJS into ES modules by two rules.

import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import type { Actor } from "../story/actors.ts";

const PACKAGE = dirname(createRequire(import.meta.url).resolve("semver/package.json"));
export const WHAT = "CommonJS to ES modules in functions";
/** Of its files: each is a part. */
export const PARTS = 24;

export async function sources(): Promise<Record<string, string>> {
  const names = (await readdir(join(PACKAGE, "functions"))).filter((name) => name.endsWith(".js"));
  const texts = names.map(async (name) => {
    const path = `functions/${name}`;
    return [path, await readFile(join(PACKAGE, path), "utf8")] as const;
  });
  return Object.fromEntries((await Promise.all(texts)).slice(-PARTS));
}

/** What a careful person would type: two rules are enough for this package. */
const toModule = (text: string): string =>
  text
    .replaceAll(
      /^const (\{[^}]+\}|\w+) = require\('([^']+?)(?:\.js)?'\)$/gmu,
      "import $1 from '$2.js'",
    )
    .replace(/^module\.exports = /mu, "export default ")
    .replace(/^'use strict'\n\n/u, "");

/** Reads what stands there now, and writes it as a module; finds what is none yet. */
export function migrator(textOf: (path: string) => string): Actor {
  return ({ task, turn }) => {
    const paths = [...new Set(task.match(/functions\/[\w-]+\.js/gu))];
    if (task.startsWith("Which of these"))
      return { finish: { files: paths.filter((path) => textOf(path).includes("module.exports")) } };
    const [path = ""] = paths;
    if (turn > 0) return { finish: { summary: `Turn ${path} into an ES module` } };
    const content = `${toModule(textOf(path))}\n`;
    return { tools: [{ name: "write_file", input: { path, content } }] };
  };
}
