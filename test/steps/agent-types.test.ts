// agentType: which files of the trusted branch count, what of them counts, and what is said about the rest.

import { readdir, readFile } from "node:fs/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { openBench } from "../repo/kit.ts";
import { answered, heard, openSteps, type Desk } from "./kit.ts";

let bench: Awaited<ReturnType<typeof openBench>>;
beforeAll(async () => {
  bench = await openBench({ "a.js": "a\n", "b.js": "b\n" });
});
afterAll(() => bench[Symbol.asyncDispose]());

const file = (fields: string, body = "Mind the gap."): string => `---\n${fields}\n---\n\n${body}\n`;
const at = (name: string): string => `.claude/agents/${name}.md`;

async function deskWith(files: Record<string, string>): Promise<Desk> {
  return openSteps(bench, () => answered({ summary: "Seen." }), files);
}

const toolsOf = ({ tasks }: Desk): string[] => [...(tasks.at(-1)?.tools ?? [])].sort();
const READING = ["list_files", "read_file", "search"];

describe("P26 agentType", () => {
  it("P26 takes words, model and effort from the file whose `name` it is, wherever it lies", async () => {
    const desk = await deskWith({
      ".claude/agents/team/deep/some-file.md": file(
        "name: gap-minder\ndescription: Minds: the gap # always\nmodel: opus\neffort: high",
      ),
    });
    await desk.ask("agent", { prompt: "Go.", agentType: "gap-minder" });
    expect(desk.tasks).toMatchObject([
      { extraSystem: "Mind the gap.", model: "claude-opus-5-5", effort: "high" },
    ]);
    expect(toolsOf(desk)).toHaveLength(7);
    expect(desk.logs).toEqual([]);
  });

  it.each([
    ["general-purpose", "editable"],
    ["Explore", "read-only"],
    ["Plan", "read-only"],
  ])("P26 has %s built in", async (agentType, kind) => {
    const desk = await deskWith({});
    await desk.ask("agent", { prompt: "Go.", agentType });
    expect(desk.tasks).toMatchObject([{ files: { kind } }]);
    expect(toolsOf(desk)).toHaveLength(kind === "read-only" ? READING.length : 7);
  });

  it("P26 has the agents of the built-in workflows, each with words and a contract of what it returns", async () => {
    const scripts = new URL("../../workflows/", import.meta.url);
    const named = new Set<string>();
    for (const name of (await readdir(scripts)).filter((file) => file.endsWith(".js"))) {
      const source = await readFile(new URL(name, scripts), "utf8");
      for (const [, type = ""] of source.matchAll(/agentType: "([^"]+)"/g)) named.add(type);
    }
    const ours = (await readdir(new URL("agents/", scripts))).map((file) => file.slice(0, -3));
    expect([...named].sort()).toEqual(ours.sort());
    const desk = await deskWith({});
    for (const agentType of named) {
      await desk.ask("agent", { prompt: "Go.", agentType });
      expect(desk.tasks.at(-1)?.extraSystem).toMatch(/\nYou return /);
    }
    expect(desk.logs).toEqual([]);
  });

  it("P26 lets a repository put other words to one of them, and no more tools", async () => {
    const desk = await deskWith({
      [at("finder")]: file("name: fanfold-finder\ntools: Read, Edit"),
    });
    await desk.ask("agent", { prompt: "Go.", agentType: "fanfold-finder" });
    expect(desk.tasks[0]?.extraSystem).toBe("Mind the gap.");
    expect(toolsOf(desk)).toEqual(["read_file"]);
  });

  it.each([
    ["only reads", "tools: Read, Grep, Glob", READING],
    ["only reads, as a list", "tools:\n  - Read\n  - LS", ["list_files", "read_file"]],
    ["has a shell to look with", "tools: Bash", READING],
    ["edits but makes no files", "tools: [Read, MultiEdit]", ["edit_file", "read_file"]],
    ["is refused what changes files", "disallowedTools: Edit, Write, NotebookEdit", READING],
    [
      "is refused first and allowed then",
      "tools: Read, Edit\ndisallowedTools: Edit",
      ["read_file"],
    ],
    ["may do nothing", "tools: []", []],
    ["may not edit in one folder", "disallowedTools: Edit(docs/**), Write", READING],
    [
      "may edit in one folder, which cannot be told apart",
      "tools: Read, Edit(docs/**)",
      ["read_file"],
    ],
  ])("P26 %s: `%s`", async (_, fields, tools) => {
    const desk = await deskWith({ [at("x")]: file(`name: x\n${fields}`) });
    await desk.ask("agent", { prompt: "Go.", agentType: "x" });
    expect(toolsOf(desk)).toEqual(tools);
    const edits = tools.some((tool) => tool.startsWith("edit"));
    expect(desk.tasks[0]?.files?.kind).toBe(edits ? "editable" : "read-only");
  });

  it("P26 keeps a schema beside the file's own words", async () => {
    const desk = await deskWith({ [at("x")]: file("name: x\ntools: Read") });
    const schema = { type: "object", properties: { n: { type: "integer" } } };
    await desk.ask("agent", { prompt: "Go.", agentType: "x", schema });
    expect(desk.tasks).toMatchObject([{ answer: schema, extraSystem: "Mind the gap." }]);
  });

  it("P26 ignores what would configure our host, and says so once", async () => {
    const fields =
      "name: x\nhooks:\n  Stop: []\nmcpServers: [a]\npermissionMode: bypassPermissions";
    const desk = await deskWith({ [at("x")]: file(`${fields}\ntools: Read, WebFetch`) });
    await desk.ask("agent", { prompt: "One.", agentType: "x" });
    await desk.ask("agent", { prompt: "Two.", agentType: "x" });
    expect(desk.logs).toEqual([
      expect.stringMatching(/"x": `hooks`, `mcpServers`, `permissionMode` ignored/),
      expect.stringMatching(/"x": `WebFetch` not available/),
    ]);
  });

  it("P26 lets a file add words to Explore, but neither tools nor the repository's conventions", async () => {
    const files = { [at("e")]: file("name: Explore\ntools: Read, Write"), "CLAUDE.md": "Tabs.\n" };
    const desk = await deskWith(files);
    await desk.ask("agent", { prompt: "Go.", agentType: "Explore" });
    expect(desk.tasks).toMatchObject([
      { extraSystem: "Mind the gap.", files: { kind: "read-only" }, task: [{ text: "Go." }] },
    ]);
    expect(toolsOf(desk)).toEqual(["read_file"]);
  });

  it("P26 shows characters that nobody sees, and cuts a text without end", async () => {
    const body = `Be\u{202e}ware. ${"x".repeat(5000)}`;
    const desk = await deskWith({ [at("x")]: file("name: x", body) });
    await desk.ask("agent", { prompt: "Go.", agentType: "x" });
    expect(desk.tasks[0]?.extraSystem).toMatch(/^Be<U\+202E>ware/);
    expect(desk.tasks[0]?.extraSystem).toHaveLength(2000);
    expect(desk.logs).toEqual([expect.stringContaining("2000 characters and was cut")]);
  });
});

describe("P23 an agentType that cannot be used is an error in the script, and no agent starts", () => {
  it.each([
    [
      "an unknown one names the file that is missing and what there is",
      {},
      "dev-runner-haiku",
      /\.claude\/agents\/dev-runner-haiku\.md is missing.*"general-purpose", "Explore", "Plan"/,
    ],
    [
      "one of a plugin",
      { [at("own")]: file("name: own") },
      "pr-tools:reviewer",
      /plugins are not installed.*\.claude\/agents\/reviewer\.md.*"Plan", .*"fanfold-writer", "own"/,
    ],
    [
      "two files with one name",
      { [at("a/x")]: file("name: x"), [at("b/x")]: file("name: x") },
      "x",
      /\.claude\/agents\/a\/x\.md and \.claude\/agents\/b\/x\.md have the same `name`/,
    ],
    [
      "a file without a name",
      { [at("x")]: file("description: y") },
      "x",
      /x\.md cannot be used.*`name`/,
    ],
    ["a file without front matter", { [at("x")]: "Mind it.\n" }, "x", /does not begin with front/],
    ["a file of a wrong effort", { [at("x")]: file("name: x\neffort: huge") }, "x", /`effort`/],
    [
      "a file that grows without end",
      {
        [at("x")]: file(
          `name: x\na: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b]`,
        ),
      },
      "x",
      /cannot be read/,
    ],
    [
      "a name with odd characters",
      {},
      "../../etc/passwd",
      /a file in \.claude\/agents\/ is missing/,
    ],
  ])("P23 %s", async (...[, files, agentType, words]) => {
    const desk = await deskWith(files);
    for (const step of ["agent", "change"]) {
      const error = heard(await desk.ask(step, { prompt: "Go.", agentType }));
      expect(error).toMatch(words);
      expect(error).toMatch(new RegExp(`^StepFailed: ${step}\\(\\)`));
    }
    expect(desk.tasks).toEqual([]);
  });

  it("P23 change() needs a type that may edit", async () => {
    const desk = await deskWith({});
    const error = heard(await desk.ask("change", { prompt: "Go.", agentType: "Explore" }));
    expect(error).toMatch(/change\(\) needs an agentType that may edit, and "Explore" only reads/);
  });
});
