// Every attack case of this folder is run by some test, or listed with the reason why it cannot be.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, it } from "vitest";
import { z } from "zod";

import { attacksIn } from "./load.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const files = readdirSync(here).filter((name) => name.endsWith(".jsonl"));
const notHere = z
  .record(z.string(), z.string().min(20))
  .parse(JSON.parse(readFileSync(join(here, "not-here.json"), "utf8")));

/** How many cases each class has; a case that is lost, and one that came and nobody knows, both fail. */
const COUNTS = {
  actor: 13,
  approval: 7,
  budget: 3,
  dashboard: 3,
  exfil: 4,
  git: 4,
  "inbound.framing": 6,
  "inbound.hidden": 19,
  outbound: 20,
  path: 17,
  protected: 17,
  ref: 13,
  "repo.instructions": 8,
  sandbox: 44,
  "sandbox.own": 29,
  secret: 11,
  system: 15,
  webhook: 4,
};

const tests = readdirSync(join(here, ".."), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".test.ts") && !name.startsWith("attacks"))
  .map((name) => readFileSync(join(here, "..", name), "utf8"));

/** Files that one test runs from the first case to the last. */
const WHOLE = new Set([
  "people.jsonl",
  "inbound-framing.jsonl",
  "inbound-hidden.jsonl",
  "sandbox.jsonl",
  "sandbox-own.jsonl",
]);

/** A test runs the whole file, all cases of one name in it, or names the case itself. */
const runs = (source: string, { file, test, id }: { file: string; test: string; id: string }) =>
  (WHOLE.has(file) && source.includes(`${file}"`)) ||
  source.includes(`attacksOf("${file}", "${test}")`) ||
  new RegExp(`\\b${id}\\b`, "u").test(source);

it("no case is missing", () => {
  const all = files.flatMap((file) => attacksIn(file));
  const ids = Map.groupBy(all, ({ id }) => id.replace(/-\d+$/u, "").replace("-", "."));
  const counted = Object.fromEntries([...ids].map(([name, cases]) => [name, cases.length]));
  expect(counted).toEqual(COUNTS);
  for (const cases of ids.values()) {
    const numbers = cases.map(({ id }) => Number(/\d+$/u.exec(id)?.[0])).toSorted((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  }
});

it.each(files)("%s: every case is run, or listed with a reason", (file) => {
  const idle = attacksIn(file).filter(
    ({ id, test }) => !(id in notHere) && !tests.some((source) => runs(source, { file, test, id })),
  );
  expect(idle.map(({ id }) => id)).toEqual([]);
});

it("no case is both", () => {
  const both = Object.keys(notHere).filter((id) => tests.some((source) => source.includes(id)));
  expect(both).toEqual([]);
});
