// What a script may have been started with, when nobody says: nothing first, then arguments such as it reads.

import type { Json, JsonObject } from "../engine/json.ts";
import type { Uses } from "../script/uses.ts";
import { standInInside } from "./stand-in/answer.ts";
import { moodOf, type Profile } from "./stand-in/mood.ts";

/** One way to start a script. */
export interface Situation {
  /** Started on a pull request. */
  isPull: boolean;
  argsFor: (profile: Profile) => Json | undefined;
  /** What people should know about it. */
  notes: (args: Json | undefined) => string[];
}

const PULL =
  "the script asks for a pull request; this run has one: the last commit's changes, or made-up ones.";

/**
 * In the order tried. Arguments that were given are the only ones. Without any the script is first run as it is; only
 * when that throws or starts no agent it gets what it reads, first without what it can do without.
 */
export function situationsOf(
  { args, seed }: { args: { given: Json | undefined } | null; seed: number },
  uses: Uses,
): Situation[] {
  const makers = args === null ? argsMakers(uses, seed) : [() => args.given];
  const seen = new Set<string>();
  return makers.flatMap((argsFor) => {
    const text = JSON.stringify(argsFor("usual")) ?? "";
    if (seen.has(text)) return [];
    seen.add(text);
    const made = (value: Json | undefined): string[] =>
      args !== null || value === undefined
        ? []
        : [
            `no --args were given and the script needs some; it ran with made-up ones: ${JSON.stringify(value).slice(0, 500)}`,
          ];
    return [
      { isPull: false, argsFor, notes: made },
      { isPull: true, argsFor, notes: (value) => [PULL, ...made(value)] },
    ];
  });
}

type ArgsMaker = (profile: Profile) => Json | undefined;

function argsMakers(uses: Uses, seed: number): ArgsMaker[] {
  const made = uses.args.map(
    (schema) => (profile: Profile) => argsOf(schema, { uses, seed, profile }),
  );
  if (made.length === 0) return [() => undefined];
  const asText = (profile: Profile) => JSON.stringify(made.at(1)?.(profile));
  return [() => undefined, ...made, () => "stand-in task", asText];
}

function argsOf(
  schema: JsonObject,
  { uses, seed, profile }: { uses: Uses; seed: number; profile: Profile },
): Json {
  const mood = { ...moodOf(profile, 1), lean: false };
  return standInInside(schema, { seed: `${seed}\nargs`, mood, paths: [], words: uses.words });
}
