// `fanfold preview`: what someone sees who asks what a script would do, in the sandbox that runs use.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { git } from "../../src/repo/git.ts";
import { fanfold } from "./run.ts";

const META = "export const meta = { name: 'x', description: 'y', phases: [{ title: 'Read' }] }\n";

describe("fanfold preview", () => {
  let folder = "";
  const at = (name: string): string => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "fanfold-"));
    const files = "const files = await repo.files('*.txt')\nphase('Read')\n";
    const body = "await parallel(files.map((file) => () => agent(file)))\nreturn files";
    await writeFile(at("files.js"), META + files + body);
    await writeFile(at("throws.js"), `${META}await agent('a')\nnull.x`);
    const step = "const step = async (n) => (await agent(`Do ${n}`, { label: `${n}` })) ?? n\n";
    const filler = `// ${"x".repeat(97)}\n`.repeat(3_800);
    await writeFile(at("large.js"), `${META}${step}${filler}return await step(1)`);
    const agents =
      "await agent('a', { agentType: 'prover' })\nawait agent('b', { agentType: 'none' })";
    await writeFile(at("types.js"), META + agents);
    await mkdir(at(".claude/agents"), { recursive: true });
    const prover =
      "---\nname: prover\ndescription: proves\ntools: Read\nmodel: opus\n---\nProve it.";
    await writeFile(at(".claude/agents/proofs.md"), prover);
    for (const name of ["one.txt", "two.txt", "three.txt"]) await writeFile(at(name), name);
    await git(["init", "--quiet", folder]);
    await git(["-C", folder, "add", "."]);
    const who = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
    await git(["-C", folder, ...who, "commit", "--quiet", "-m", "first"]);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("counts exactly with a repository's own files, and leaves the repository as it was", async () => {
    const { status, printed } = await fanfold(
      "preview",
      at("files.js"),
      "--repo",
      folder,
      "--json",
    );
    expect(status).toBe(0);
    const shown: unknown = JSON.parse(printed);
    expect(shown).toMatchObject({ ok: true, agents: 3, exact: true });
    expect(shown).toMatchObject({ result: ["one.txt", "three.txt", "two.txt"] });
    const { stdout } = await git(["-C", folder, "status", "--porcelain"]);
    expect(stdout.toString()).toBe("");
  });

  it.each([
    ["{bad", /--args is no JSON, so the script gets it as a text/],
    ['{"a":1}', /^$/],
    ["a text", /^$/],
  ])("says when --args %j was meant as JSON and is none", async (args, complaint) => {
    const { complained } = await fanfold("preview", at("files.js"), "--args", args);
    expect(complained).toMatch(complaint);
  });

  it("prints the tree of phases, the number of agents and the cost", async () => {
    const { printed } = await fanfold("preview", at("files.js"), "--repo", folder);
    expect(printed).toContain("Read  3 agents\n  one.txt\n  three.txt\n  two.txt\n");
    expect(printed).toMatch(
      /Agents: 3 agents, whatever they answer\.\nCost: \$\d+\.\d\d–\d+\.\d\d/,
    );
  });

  it("knows the agent types of a repository, and names the file of one that is missing", async () => {
    const { status, printed } = await fanfold("preview", at("types.js"), "--repo", folder);
    expect(status).toBe(1);
    expect(printed).toContain(
      'agent() knows no agentType "none": .claude/agents/none.md is missing',
    );
    expect(printed).toContain("a  (opus)");
    expect((await fanfold("preview", at("types.js"))).status).toBe(0);
  });

  it("says at least where the number depends on made-up files", async () => {
    const { printed } = await fanfold("preview", at("files.js"));
    expect(printed).toContain("Agents: at least 1; 4 in the run shown.");
    const { printed: json } = await fanfold("preview", at("files.js"), "--json");
    const phases = [{ title: "Read", agents: 1 }];
    expect(JSON.parse(json)).toMatchObject({ agents: 1, exact: false, phases });
  });

  it("shows where a script throws, and exits with 1", async () => {
    const { status, printed } = await fanfold("preview", at("throws.js"));
    expect(status).toBe(1);
    expect(printed).toMatch(/error: TypeError: .*null/);
    expect(printed).toContain(`${at("throws.js")}:3:`);
  });

  it("takes a script of 380 KB", async () => {
    const { printed } = await fanfold("preview", at("large.js"), "--json");
    expect(JSON.parse(printed)).toMatchObject({ ok: true, agents: 1, exact: true });
  });

  it("says what is wrong with a repository or a file that is none", async () => {
    const none = await fanfold("preview", at("files.js"), "--repo", at("none"));
    expect(none).toMatchObject({
      status: 1,
      complained: expect.stringContaining("no git repository"),
    });
    const missing = await fanfold("preview", at("missing.js"));
    expect(missing.complained).toContain("there is no such file");
  });
});
