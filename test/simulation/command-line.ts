// How a series of worlds or of runs is asked for: known options, whole numbers within bounds, or the usage and nothing played.

import { parseArgs, type ParseArgsConfig } from "node:util";

/** What was asked cannot be played; its message says why, in words for whoever typed it. */
export class Misasked extends Error {}

type Kinds = Readonly<Record<string, "string" | "boolean">>;

/** What was given of the options that there are, by name; a switch that was given has "". Refuses strangers and what is said twice. */
export function givenOf(args: readonly string[], kinds: Kinds): Map<string, string> {
  const options: NonNullable<ParseArgsConfig["options"]> = Object.fromEntries(
    Object.entries(kinds).map(([name, type]) => [name, { type }]),
  );
  const given = new Map<string, string>();
  for (const token of tokensOf(args, options)) {
    if (token.kind !== "option") continue;
    if (given.has(token.name)) throw new Misasked(`--${token.name} is there twice.`);
    given.set(token.name, token.value ?? "");
  }
  return given;
}

function tokensOf(args: readonly string[], options: NonNullable<ParseArgsConfig["options"]>) {
  try {
    return parseArgs({ args: [...args], options, tokens: true }).tokens;
  } catch (error) {
    const isOurs = error instanceof TypeError && "code" in error;
    if (!isOurs || !String(error.code).startsWith("ERR_PARSE_ARGS")) throw error;
    throw new Misasked(error.message, { cause: error });
  }
}

/** From the least to the most, both included. */
export type Bounds = readonly [number, number];

/** Seeds beyond are the same as smaller ones: chance has 32 bits. */
export const SEEDS: Bounds = [0, 2 ** 32 - 1];

/** A whole number that was given, or what stands for it when it was not. */
export function wholeOf(
  given: ReadonlyMap<string, string>,
  name: string,
  { bounds: [least, most], other }: { bounds: Bounds; other?: number },
): number {
  const text = given.get(name) ?? String(other ?? "");
  const number = /^\d{1,15}$/u.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new Misasked(`--${name} takes a whole number from ${least} to ${most}, not "${text}".`);
}

/** Ends the process with the usage: with 0 when it was asked for, with 2 when what was asked cannot be played. */
export function askedOr<T>(usage: string, read: (args: readonly string[]) => T): T {
  const args = process.argv.slice(2);
  if (args.includes("--help")) {
    process.stdout.write(usage);
    process.exit(0);
  }
  try {
    return read(args);
  } catch (error) {
    if (!(error instanceof Misasked)) throw error;
    process.stderr.write(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
}
