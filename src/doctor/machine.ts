// This machine as the doctor sees it: small looks, each with its own limits.

import { constants } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";
import { resolve } from "node:path";

import { openChildSandbox } from "../engine/sandbox/child-process.ts";
import { withoutNetwork } from "../engine/sandbox/no-network.ts";
import type { OpenSandbox } from "../engine/sandbox.ts";
import { git } from "../repo/git.ts";

export type DataFolder =
  | { kind: "absent"; dir: string }
  | { kind: "unusable"; dir: string; why: string }
  | { kind: "there"; dir: string; mode: number; freeBytes: number };

export interface SandboxTrial {
  /** What the trial script gave back, as JSON. */
  gave: string;
  hasNetwork: boolean;
}

export interface Machine {
  node: string;
  /** The line that `git version` prints. */
  gitVersion: () => Promise<string>;
  dataFolder: (dir: string) => Promise<DataFolder>;
  trySandbox: () => Promise<SandboxTrial>;
}

export const thisMachine: Machine = {
  node: process.versions.node,
  gitVersion: async () => (await git(["version"])).stdout.toString("utf8").trim(),
  dataFolder,
  trySandbox: () => trySandbox(() => openChildSandbox()),
};

/** A script that computes, and looks for what it must not find. */
const TRIAL = `export const meta = { name: 'doctor', description: 'Computes, and looks around' }
return [6 * 7, typeof process, typeof fetch]`;

async function trySandbox(open: OpenSandbox): Promise<SandboxTrial> {
  await using sandbox = await open();
  const { state } = await sandbox.start({
    source: TRIAL,
    functions: [],
    args: undefined,
    constants: {},
    budgetTotal: null,
  });
  const gave = state.kind === "returned" ? state.value : state;
  return { gave: JSON.stringify(gave), hasNetwork: withoutNetwork() === "" };
}

/** Looks and changes nothing: the start makes the folder, and writes into it once. */
async function dataFolder(given: string): Promise<DataFolder> {
  const dir = resolve(given);
  try {
    const { mode } = await stat(dir);
    await access(`${dir}/.`, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = await statfs(dir);
    return { kind: "there", dir, mode: mode & 0o777, freeBytes: bavail * bsize };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    return code === "ENOENT" ? { kind: "absent", dir } : { kind: "unusable", dir, why: code };
  }
}
