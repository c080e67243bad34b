// The production launch line of a sandbox's process: no environment, no files but the engine's own code, an empty folder.

import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { readFileSync, realpathSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, sep } from "node:path";
import { fileURLToPath } from "node:url";

import { z } from "zod";

// Below the usual 8 MiB of the system, or the process dies of a segmentation fault instead of a RangeError.
const STACK_KIB = 6_000;
const HEAP_MIB = 256;

const childFile = realpathSync(fileURLToPath(new URL("./child.ts", import.meta.url)));
const engineFolder = dirname(dirname(childFile));

/** Starts the child; `emptyFolder` is its working directory. */
export function launchChild(emptyFolder: string): ChildProcessWithoutNullStreams {
  const readable = [engineFolder, ...packageFolders()].map(
    (folder) => `--allow-fs-read=${folder}${sep}`,
  );
  return spawn(
    process.execPath,
    [
      "--permission",
      ...readable,
      `--stack-size=${STACK_KIB}`,
      `--max-old-space-size=${HEAP_MIB}`,
      "--no-warnings",
      childFile,
    ],
    { env: {}, cwd: emptyFolder, stdio: ["pipe", "pipe", "pipe"], windowsHide: true },
  );
}

const Manifest = z.object({ dependencies: z.record(z.string(), z.string()).default({}) });

// The engine's packages and what they depend on, wherever the package manager has put them.
let foundFolders: string[] | null = null;
function packageFolders(): string[] {
  foundFolders ??= [
    ...new Set([
      ...foldersOf("quickjs-emscripten", import.meta.url),
      ...foldersOf("@jitl/quickjs-ng-wasmfile-release-sync", import.meta.url),
    ]),
  ];
  return foundFolders;
}

function foldersOf(name: string, from: string): string[] {
  const file = findPackageJSON(name, from);
  if (file === undefined) throw new Error(`The package ${name} is not installed: run npm ci.`);
  const { dependencies } = Manifest.parse(JSON.parse(readFileSync(file, "utf8")));
  const below = Object.keys(dependencies).flatMap((dependency) => foldersOf(dependency, file));
  return [dirname(realpathSync(file)), ...below];
}
