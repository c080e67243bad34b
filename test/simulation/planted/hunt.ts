// How often worlds show a planted bug, by the way they are played: each bug in a process of its own.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

import type { PlantedBug } from "./bugs.ts";

const hook = fileURLToPath(new URL("hook.ts", import.meta.url));
const cli = fileURLToPath(new URL("../cli.ts", import.meta.url));

/** How many of how many worlds failed. */
export interface Found {
  failed: number;
  of: number;
}

/** Plays worlds with the bug in them; `given` as on the command line of the simulation. */
export async function hunt({ name }: PlantedBug, given: readonly string[]): Promise<Found> {
  const env = { ...process.env, PLANTED_BUG: name };
  const { promise, resolve } = Promise.withResolvers<string>();
  const args = ["--import", hook, cli, ...given];
  // It ends with an error when it finds something: what counts is what it says.
  execFile(process.execPath, args, { env, maxBuffer: 64 * 1024 * 1024 }, (error, out) =>
    resolve(`${out}${error?.message ?? ""}`),
  );
  const said = await promise;
  const [, of, failed] = /(\d+) (?:worlds|cells|pairs)[^\n]*: (\d+) failed/u.exec(said) ?? [];
  if (of === undefined) throw new Error(`The worlds with "${name}" came to no end:\n${said}`);
  return { failed: Number(failed), of: Number(of) };
}
