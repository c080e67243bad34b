// Time and chance come through the ports: a simulated world could not move what asks the machine itself.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, it } from "vitest";

import { ownTimeIn } from "../../scripts/own-time.ts";

const src = fileURLToPath(new URL("../../src", import.meta.url));

/** Whoever is outside of a simulated world: processes, the ports themselves, what plays GitHub and shows it to people. */
const OUTSIDE = /^(?:local|demo|outside|command-line|engine\/sandbox|serve\.ts|open-world\.ts)/u;
/** Limits on a process or a thread of this machine, which no world has. */
const WATCHDOGS = new Set([
  "agent/visible-text/visible-text.ts",
  "doctor/attempt.ts",
  "repo/git.ts",
  "repo/git-remote.ts",
  "repo/mirror.ts",
  "repo/ripgrep.ts",
]);

it("finds every way past the ports", () => {
  const broken = `
    const now = Date.now();
    const chance = Math.random();
    const when = new Date();
    const since = performance.now();
    setTimeout(() => now, 1);
    setInterval(() => chance, 1);
    const given = new Date(now);
    clock.setTimeout(when, given);
  `;
  expect(ownTimeIn("broken.ts", broken)).toEqual([
    "2: Date.now",
    "3: Math.random",
    "4: new Date()",
    "5: performance.now",
    "6: setTimeout",
    "7: setInterval",
  ]);
});

it("finds none in the house but where the machine itself is meant", async () => {
  const names = (await readdir(src, { recursive: true })).filter((name) => name.endsWith(".ts"));
  const found: string[] = [];
  for (const name of names) {
    if (OUTSIDE.test(name) || WATCHDOGS.has(name)) continue;
    const text = await readFile(join(src, name), "utf8");
    found.push(...ownTimeIn(name, text).map((what) => `${name}:${what}`));
  }
  expect(names.length).toBeGreaterThan(300);
  expect(found).toEqual([]);
});
