// The kinds of values that settings have: what fits, and the sentence for what does not.

import { z } from "zod";

export const yesOrNo = () => z.boolean({ error: "must be true or false" });

export const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, { error: `must be ${inWords(words)}` });

export const wholeNumber = (most: number) => {
  const error = `must be a whole number from 1 to ${most}`;
  return z.int({ error }).min(1, { error }).max(most, { error });
};

export const countUpTo = (most: number) => {
  const error = `must be a whole number from 0 to ${most}`;
  return z.int({ error }).min(0, { error }).max(most, { error });
};

export const amount = ({ least, most, unit }: { least: number; most: number; unit: string }) => {
  const error = `must be a number of ${unit} from ${least} to ${most}, without a sign for the unit`;
  return z.number({ error }).min(least, { error }).max(most, { error });
};

export const text = (chars: number, what: string) => {
  const error = `must be ${what}, ${chars} characters at most`;
  return z.string({ error }).trim().min(1, { error }).max(chars, { error });
};

/** Globs of many stars take long to match, and no path needs them. */
export const glob = text(500, "a glob such as db/migrations/**").refine(
  (each) => each.split("*").length <= 25,
  { error: "must not have more than 24 stars" },
);

export const list = <Item extends z.ZodType>(item: Item, most: number) => {
  const error = `must be a list of ${most} at most`;
  return z.array(item, { error }).max(most, { error });
};

/** Several settings under one name; unknown ones are told by whoever knows the known ones. */
export const section = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: ({ code }) =>
      code === "unrecognized_keys" ? undefined : "must hold settings, one a line, indented",
  });

function inWords(words: readonly string[]): string {
  const others = words.slice(0, -1).join(", ");
  return others === "" ? String(words[0]) : `${others} or ${words.at(-1)}`;
}
