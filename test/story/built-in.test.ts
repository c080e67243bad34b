// Every built-in workflow, and a script written for the task, does its job on the sample repository with the demo model.

import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Model } from "../../src/agent/model.ts";
import { priceOf } from "../../src/config/models.ts";
import { type DemoModel, startDemoModel } from "../../src/local/model/demo.ts";
import { createClaude } from "../../src/outside/claude/claude.ts";
import { systemClock } from "../../src/outside/clock.ts";
import { openStage, type Stage } from "./stage.ts";

const SAMPLE = fileURLToPath(new URL("../../src/local/sample/", import.meta.url));

let server: DemoModel;
let model: Model;
let files: Record<string, string>;

beforeAll(async () => {
  server = await startDemoModel();
  model = createClaude({
    apiKey: "any",
    baseUrl: server.url,
    prices: priceOf,
    clock: systemClock,
    idleMs: 20_000,
  });
  files = await textFiles();
});
afterAll(() => server.close());

async function textFiles(): Promise<Record<string, string>> {
  const names = await readdir(SAMPLE, { recursive: true, withFileTypes: true });
  const texts = names
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".png"))
    .map(async (entry) => {
      const path = `${entry.parentPath}/${entry.name}`.replaceAll(/\/+/g, "/");
      return [path.slice(SAMPLE.length), await readFile(path, "utf8")] as const;
    });
  return Object.fromEntries(await Promise.all(texts));
}

async function ranOn(comment: string): Promise<Stage> {
  const stage = await openStage({ files, model, modelName: "claude-sonnet-5-5" });
  await stage.post(comment);
  await stage.settle();
  return stage;
}

const finalOf = ({ github }: Stage) => github.pulls.find(({ base }) => base === "main");

describe("with the demo model on the sample", () => {
  it("an authored script audits, fixes, is rejected once, revises and folds", async () => {
    await using stage = await ranOn("/workflow audit and fix unsafe string handling in src");
    expect(stage.said()[0]).toContain("✅ Completed");
    expect(stage.github.pulls.length).toBeGreaterThanOrEqual(4);
    expect(finalOf(stage)).toMatchObject({ draft: true, state: "open" });
    const bodies = stage.github.reviews.map(({ body }) => body);
    expect(bodies.filter((body) => body.includes("❌ Rejected"))).toHaveLength(1);
    expect(stage.github.reviews.flatMap(({ threads }) => threads).length).toBeGreaterThanOrEqual(3);
    expect(finalOf(stage)?.body).toMatch(/[1-9]\d* changes in [1-9]\d* files.*demo model/s);
  });

  it("audit reports what it found, what it verified and what it read, and changes nothing", async () => {
    await using stage = await ranOn("/workflow audit unsafe string handling");
    expect(stage.said()[0]).toContain("✅ Completed");
    expect(stage.said()[0]).toMatch(/\d+ confirmed/);
    expect(stage.said()[0]).toMatch(/Coverage: \d+ files in scope, \d+ read/);
    expect(stage.github.pulls).toEqual([]);
  });

  it("fix ends in a pull request of one worker", async () => {
    await using stage = await ranOn("/workflow fix unsafe string handling in src/csv.js");
    expect(stage.said()[0]).toContain("✅ Completed");
    expect(finalOf(stage)).toBeDefined();
    expect(stage.github.pulls).toHaveLength(2);
  });

  it("migrate takes an inventory and migrates each file on its own branch", async () => {
    await using stage = await ranOn(
      "/workflow migrate legacy string methods to modern ones in src",
    );
    expect(stage.said()[0]).toContain("✅ Completed");
    expect(finalOf(stage)).toBeDefined();
    expect(stage.github.pulls.length).toBeGreaterThanOrEqual(3);
  });

  it("review wants a pull request, and says so", async () => {
    await using stage = await ranOn("/workflow review");
    expect(stage.said()[0]).toMatch(/looks at a pull request/);
  });
});
