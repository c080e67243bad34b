// Our own scripts, one for every feature and trap of the language: each passes the check, and its preview is as its header says.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";
import { z } from "zod";

import { checkWithEngine } from "../../src/script/check-patterns.ts";
import { preview } from "./kit.ts";

const folder = new URL("../scripts/", import.meta.url);
const built = new URL("../../workflows/", import.meta.url);

const Expected = z.strictObject({
  exact: z.boolean(),
  agents: z.int().optional(),
  phases: z.array(z.object({ title: z.string(), agents: z.int() })).optional(),
  result: z.json().optional(),
  /** A text that one line of the log has. */
  log: z.string().optional(),
  /** Notes of the check. */
  notes: z.int().optional(),
});

function scripts(of: URL): { name: string; file: string; source: string }[] {
  return readdirSync(of)
    .filter((name) => name.endsWith(".js"))
    .map((name) => {
      const file = fileURLToPath(new URL(name, of));
      return { name, file, source: readFileSync(file, "utf8") };
    });
}

describe("A script of ours", () => {
  it("is one of at least 40", () => {
    expect(scripts(folder).length).toBeGreaterThanOrEqual(40);
  });

  it.each(scripts(folder))("does what its header says: $name", async ({ file, source }) => {
    const {
      notes = 0,
      log = "",
      ...expected
    } = Expected.parse(JSON.parse(/^\/\/ Expect (.*)$/m.exec(source)?.[1] ?? ""));
    const checked = await checkWithEngine(source);
    expect(checked).toMatchObject({ ok: true });
    expect(checked.notes).toHaveLength(notes);
    const { preview: shown, shown: usual } = await preview(source, { file });
    expect(shown).toMatchObject({ ok: true, ...expected });
    expect(shown.logs.join("\n")).toContain(log);
    expect(shown.phases.reduce((sum, { agents }) => sum + agents, 0)).toBe(shown.agents);
    expect(shown.agents).toBeLessThanOrEqual(usual.agents);
    expect(shown.costUsd.low).toBeLessThanOrEqual(shown.costUsd.high);
  });
});

describe("A built-in workflow", () => {
  it.each(scripts(built))("can be previewed: $name", async ({ file, source }) => {
    const { preview: shown, shown: usual } = await preview(source, { file });
    expect(shown).toMatchObject({ ok: true });
    expect(usual.agents).toBeGreaterThan(0);
  });
});

describe("An invalid script", () => {
  const names = readdirSync(new URL("invalid/", folder));

  it.each(names)("is refused at its place: %s", async (name) => {
    const text = readFileSync(new URL(`invalid/${name}`, folder), "utf8");
    const [, line, column, message = "", source = ""] =
      /^(\d+):(\d+) (.*)\n([\s\S]*)$/.exec(text) ?? [];
    const checked = await checkWithEngine(source);
    expect(checked.ok).toBe(false);
    const [problem] = checked.ok ? [] : checked.problems;
    expect(problem).toMatchObject({ line: Number(line), column: Number(column) });
    expect(problem?.message).toContain(message);
    expect((await preview(source)).preview).toMatchObject({
      ok: false,
      error: { line: Number(line), column: Number(column) },
    });
  });
});
