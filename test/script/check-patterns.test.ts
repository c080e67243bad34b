// Patterns that the parser accepts and the engine does not, and those that both do.

import { describe, expect, it } from "vitest";

import { checkWithEngine } from "../../src/script/check-patterns.ts";

const META = "export const meta = { name: 'x', description: 'y' }";

async function problems(...lines: string[]): Promise<string[]> {
  const checked = await checkWithEngine([META, ...lines].join("\n"));
  if (checked.ok) return [];
  return checked.problems.map(
    ({ line, column, message, help }) => `${line}:${column} ${message}: ${help ?? ""}`,
  );
}

const cannot = (why: string, help: string): string =>
  `The script engine cannot read this regular expression (${why}): ${help}`;

describe("a pattern the engine cannot read", () => {
  it.each([
    [
      String.raw`/[\p{L}--[a-z]]/v`,
      "invalid class range",
      "put the left side of `--` into brackets of its own, as in [[…]--[…]]",
    ],
    ["/(?i:a)b/", "invalid group", "set flags for the whole expression, as in /…/i"],
    ["/(?<a>x)|(?<a>y)/", "duplicate group name", "give each group a name of its own"],
    [`/${"(a)".repeat(300)}/`, "too many captures", "use groups that capture nothing, `(?:…)`"],
  ])("is refused with its place and what to do: %s", async (pattern, why, help) => {
    expect(await problems("", `  return ${pattern}.test(args)`)).toEqual([
      `3:10 ${cannot(why, help)}`,
    ]);
  });

  it("is named each time, in the order of the text, wherever it stands", async () => {
    const found = await problems(
      "const names = { re: /(?i:a)/ }, other = (word = /(?<a>x)|(?<a>y)/) => word",
      "return `${/(?-s:b)/.source}`",
    );
    expect(found.map((text) => text.split(" ")[0])).toEqual(["2:21", "2:49", "3:11"]);
  });
});

it("leaves patterns alone that the engine reads, whatever stands in texts and comments", async () => {
  const found = await problems(
    String.raw`// /(?i:a)/`,
    String.raw`const text = "/(?i:a)/", all = [/[[\p{L}]--[a-z]]/v, /(?<=a)b/, /\p{Script=Greek}/u, /a/dgy]`,
    "return [text, all.length]",
  );
  expect(found).toEqual([]);
});
