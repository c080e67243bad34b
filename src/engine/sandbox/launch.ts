// The production launch line of a sandbox's process: no environment, no files but the engine's own code, an empty folder,
// and no network where that can be had.

import {
  spawn,
  type ChildProcess,
  type ChildProcessWithoutNullStreams,
  type SpawnOptions,
} from "node:child_process";
import { existsSync, lstatSync, readFileSync, realpathSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join, sep } from "node:path";
import { Writable } from "node:stream";
import { fileURLToPath } from "node:url";

import { z } from "zod";

import { childSources } from "./child-sources.ts";
import type { SandboxLimits } from "./limits.ts";
import { withoutNetwork } from "./no-network.ts";

// Below the usual 8 MiB of the system, or the process dies of a segmentation fault instead of a RangeError.
const STACK_KIB = 6_000;
const HEAP_MIB = 256;

const entryFile = realpathSync(fileURLToPath(new URL("./child-entry.js", import.meta.url)));
// Made when this is loaded, so that no run is held up by it.
const sourcesJson = childSources(join(dirname(entryFile), "child.ts"));
const noNetwork = withoutNetwork();
const engineFolder = dirname(dirname(entryFile));

/** Starts the child; `emptyFolder` is its working directory. */
export function launchChild(
  emptyFolder: string,
  limits: SandboxLimits,
): ChildProcessWithoutNullStreams {
  // The fourth pipe brings the child's own modules.
  const stdio: SpawnOptions["stdio"] = ["pipe", "pipe", "pipe", "pipe"];
  const options: SpawnOptions = { env: {}, cwd: emptyFolder, windowsHide: true, stdio };
  const node = [process.execPath, ...nodeFlags(), entryFile];
  const child =
    process.platform === "win32"
      ? spawn(process.execPath, node.slice(1), options)
      : spawn("/bin/sh", ["-c", underLimits(limits), ...node], options);
  const sources = child.stdio[3];
  if (!hasPipes(child) || !(sources instanceof Writable)) throw new Error("A pipe is missing.");
  // A child that died while we wrote is reported by its "close".
  sources.on("error", () => {});
  sources.end(sourcesJson);
  return child;
}

function hasPipes(child: ChildProcess): child is ChildProcessWithoutNullStreams {
  return child.stdin !== null && child.stdout !== null && child.stderr !== null;
}

// The shell sets limits that outlive this process, and becomes the child; the command is an argument, never its text.
function underLimits({ lifetimeCpuSeconds }: SandboxLimits): string {
  const grace = lifetimeCpuSeconds + 1;
  return `ulimit -c 0; ulimit -S -t ${lifetimeCpuSeconds}; ulimit -H -t ${grace}; exec ${noNetwork}"$0" "$@"`;
}

function nodeFlags(): string[] {
  const readable = [...new Set([engineFolder + sep, ...packageFolders()])];
  return [
    "--permission",
    ...readable.map((path) => `--allow-fs-read=${path}`),
    `--stack-size=${STACK_KIB}`,
    `--max-old-space-size=${HEAP_MIB}`,
    // What the parent did not send would be loaded slowly, and nobody would notice.
    "--no-strip-types",
    "--no-warnings",
  ];
}

const Manifest = z.object({ dependencies: z.record(z.string(), z.string()).default({}) });

// The engine's packages and what they depend on, wherever the package manager has put them.
let foundFolders: string[] | null = null;
function packageFolders(): string[] {
  foundFolders ??= [
    ...foldersOf("quickjs-emscripten", import.meta.url),
    ...foldersOf("@jitl/quickjs-ng-wasmfile-release-sync", import.meta.url),
  ];
  return foundFolders;
}

function foldersOf(name: string, from: string): string[] {
  const file = findPackageJSON(name, from);
  if (file === undefined) throw new Error(`The package ${name} is not installed: run npm ci.`);
  const { dependencies } = Manifest.parse(JSON.parse(readFileSync(file, "utf8")));
  const below = Object.keys(dependencies).flatMap((dependency) => foldersOf(dependency, file));
  return [dirname(realpathSync(file)) + sep, ...linksTo(name, from), ...below];
}

// A package reached through a link is looked up under the link's own name first.
function linksTo(name: string, from: string): string[] {
  const file = from.startsWith("file:") ? fileURLToPath(from) : from;
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const modules = join(folder, "node_modules");
    const steps = [modules, dirname(join(modules, name)), join(modules, name)];
    if (existsSync(join(modules, name))) {
      return steps.filter((step) => lstatSync(step).isSymbolicLink());
    }
  }
  return [];
}
