// Variables out of a file, beside those of the environment.

import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";

type Variables = Readonly<Record<string, string | undefined>>;

/** Where a set-up writes, and where `npm start` reads. */
const USUAL = ".env";

/** Throws when the file cannot be read. */
export const fileOfVariables = (path: string): Variables => parseEnv(readFileSync(path, "utf8"));

/** Those of the file that is named, or of `.env` in this folder; the environment wins, as with Node's `--env-file`. */
export function variablesHere(environment: Variables, file?: Variables): Variables {
  const beside = file ?? (existsSync(USUAL) ? fileOfVariables(USUAL) : {});
  return { ...beside, ...environment };
}
