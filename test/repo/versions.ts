// Twenty versions of a published package, installed beside each other under names of their own, as files by path.

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const PREFIX = "nanoid-";
const root = fileURLToPath(new URL("../..", import.meta.url));
const { devDependencies } = z
  .object({ devDependencies: z.record(z.string(), z.string()) })
  .parse(createRequire(import.meta.url)("../../package.json"));

/** From the oldest to the newest. */
export const versions: string[] = Object.keys(devDependencies)
  .filter((name) => name.startsWith(PREFIX))
  .map((name) => name.slice(PREFIX.length))
  .toSorted((one, other) => one.localeCompare(other, "en", { numeric: true }));

/** Every file of a version, as it was published. */
export function filesOf(version: string): Map<string, Buffer> {
  const folder = join(root, "node_modules", `${PREFIX}${version}`);
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .map((item) => join(item.parentPath, item.name));
  if (found.length === 0) throw new Error(`Version ${version} is not installed: run npm ci.`);
  return new Map(
    found
      .filter((path) => dirname(path) !== join(folder, "node_modules"))
      .map((path) => [relative(folder, path), readFileSync(path)]),
  );
}
