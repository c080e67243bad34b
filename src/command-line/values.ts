// Values on the command line, read: what is no such value is told with what to give.

import { InvalidArgumentError } from "commander";

import { fileOfVariables } from "./variables.ts";

type Variables = ReturnType<typeof fileOfVariables>;

export function readIf(text: string): number {
  const [, amount] = /^budget=\$?(\d{1,6}(?:\.\d{1,2})?)$/u.exec(text) ?? [];
  if (amount !== undefined) return Number(amount);
  throw new InvalidArgumentError("Say budget=N with an amount in US dollars, such as budget=2.50.");
}

export function readVariables(path: string): Variables {
  try {
    return fileOfVariables(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InvalidArgumentError(`It cannot be read: ${why}.`);
  }
}

export function readPath(text: string): string {
  if (text !== "") return text;
  throw new InvalidArgumentError("Give the folder of a git repository, or leave --repo out.");
}

export function readComment(text: string): string {
  if (text.trim() !== "") return text;
  throw new InvalidArgumentError("Give the words to post, or leave --comment out.");
}

export function readSeed(text: string): number {
  const seed = Number(text);
  if (Number.isSafeInteger(seed)) return seed;
  throw new InvalidArgumentError("A seed is a whole number.");
}

export function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("A port is a whole number from 0 (any free one) to 65535.");
}
