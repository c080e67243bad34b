// Journals of earlier versions are replayed for ever: a run that was started with them must still come to its end.

import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { Entry } from "../../src/engine/journal.ts";
import { openChildSandbox } from "../../src/engine/sandbox/child-process.ts";
import { createWorld, ok } from "./world.ts";

const read = (name: string): string =>
  readFileSync(new URL(`./fixtures/${name}`, import.meta.url), "utf8");

const entriesOf = (name: string): Entry[] =>
  read(name)
    .trim()
    .split("\n")
    .map((line) => Entry.parse(JSON.parse(line)));

// Only cheap reads are performed again; they give what they gave.
const replayed = () =>
  createWorld(async ({ step, key }) => {
    if (step !== "repo.files") throw new Error(`${key} was performed again`);
    return ok(["src/a.js", "src/b.js", "src/c.js"]);
  }, entriesOf("version-1.journal.jsonl"));

describe("A journal of version 1", () => {
  it("replays to the result it had, and performs nothing", async () => {
    const world = replayed();
    const value = await world.run(read("version-1.script.js"));
    expect(value).toEqual(JSON.parse(read("version-1.result.json")));
    expect(world.appends).toEqual([]);
  });

  it("replays in the child process as well", async () => {
    const value = await replayed().run(read("version-1.script.js"), {
      openSandbox: () => openChildSandbox(),
    });
    expect(value).toEqual(JSON.parse(read("version-1.result.json")));
  });

  it("holds what this version writes: starts, answers, errors, places, usage and records", () => {
    const entries = entriesOf("version-1.journal.jsonl");
    expect(new Set(entries.map(({ kind, step }) => `${kind} ${step}`))).toEqual(
      new Set([
        "call-ended repo.files",
        ...["agent", "timer", "workflow"].flatMap((step) => [
          `call-started ${step}`,
          `call-ended ${step}`,
        ]),
      ]),
    );
    const ended = entries.flatMap((entry) => (entry.kind === "call-ended" ? [entry] : []));
    expect(ended.some(({ outcome }) => outcome === null)).toBe(true);
    expect(ended.some(({ outcome }) => outcome?.ok === false)).toBe(true);
    expect(ended.some(({ usage }) => usage !== undefined)).toBe(true);
    expect(ended.some(({ record }) => record !== undefined)).toBe(true);
  });
});
