// Every arrow is seen to fire on a file that is broken on purpose, and only there: a dead rule would guard nothing.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { beforeAll, describe, expect, it } from "vitest";

import { cruiseSource, type Cruised } from "../../scripts/arrows/cruise.ts";
import { rules } from "../../scripts/arrows/rules.ts";

const fixtures = fileURLToPath(new URL("fixtures", import.meta.url));
const house = fileURLToPath(new URL("../..", import.meta.url));

/** The rule a fixture says it breaks, by file. */
async function promises(): Promise<Map<string, string>> {
  const names = await readdir(fixtures, { recursive: true });
  const found = new Map<string, string>();
  for (const name of names.filter((each) => each.endsWith(".ts"))) {
    const text = await readFile(join(fixtures, name), "utf8");
    const rule = /^\/\/ Broken on purpose: ([\w-]+)\.$/mu.exec(text)?.[1];
    if (rule !== undefined) found.set(name, rule);
  }
  return found;
}

describe("the arrows", () => {
  let cruised: Cruised;
  let promised: Map<string, string>;

  beforeAll(async () => {
    [cruised, promised] = await Promise.all([cruiseSource(fixtures), promises()]);
  });

  it.each(rules.map(({ name }) => name ?? ""))("%s fires", (rule) => {
    const files = [...promised].filter(([, broken]) => broken === rule).map(([file]) => file);
    expect(files).toHaveLength(1);
    expect(cruised.violations.filter((violation) => violation.rule === rule)).toContainEqual(
      expect.objectContaining({ from: files[0] }),
    );
  });

  it("fire nowhere else", () => {
    const fired = cruised.violations.filter(({ rule, from }) => promised.get(from) !== rule);
    expect(fired).toEqual([]);
  });

  it("know a sentence for every rule", () => {
    expect(rules.filter(({ comment }) => (comment ?? "").length < 20)).toEqual([]);
  });
});

it("the house itself is seen, and keeps to its arrows", async () => {
  const { modules, violations } = await cruiseSource(house);
  expect(modules).toBeGreaterThan(50);
  expect(violations).toEqual([]);
});
