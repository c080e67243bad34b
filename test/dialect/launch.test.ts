// Rows of the dialect about starting a script: where it is found, what its name brings along, where its workers work.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import type { Snapshot } from "../../src/repo/contract.ts";
import type { FileContent } from "../../src/repo/git-data.ts";
import { parseArgs } from "../../src/script/args.ts";
import { chooseWorkflow } from "../../src/script/choose.ts";
import { childFinder } from "../../src/script/child.ts";
import { findWorkflows } from "../../src/script/saved.ts";
import { type Actor, playedBy } from "../story/actors.ts";
import { openStage } from "../story/stage.ts";

const builtIn = fileURLToPath(new URL("../../workflows", import.meta.url));

const text = (name: string): FileContent => ({
  kind: "text",
  text: `export const meta = { name: '${name}', description: 'From the repository' }\nreturn 1\n`,
});

/** A snapshot of a few files, as far as finding workflows reads it. */
function snapshotOf(files: Readonly<Record<string, FileContent>>): Snapshot {
  return {
    commit: "0".repeat(40),
    entries: async () => [],
    paths: async () => Object.keys(files).filter((path) => path.startsWith(".claude/workflows/")),
    read: async (path) => files[path] ?? null,
    search: async () => ({ hits: [], cut: false }),
  };
}

describe("The dialect, at the start of a run:", () => {
  it.each([
    ['{"deep": true}', { deep: true }, 1],
    ["deep, please", "deep, please", 0],
  ])(
    "D5 args %j are parsed where they are JSON, and the log says so",
    async (typed, args, notes) => {
      await using stage = await openStage({
        files: {
          ".claude/workflows/echo.js":
            "export const meta = { name: 'echo', description: 'Gives back what it got' }\nreturn args\n",
        },
        model: playedBy({}),
      });
      await stage.post(`/workflow echo ${typed}`);
      await stage.settle();
      const [run] = stage.desk.runs();
      expect(run?.record().args).toEqual(args);
      expect(run?.view.logs.filter((line) => line.startsWith("args: "))).toHaveLength(notes);
    },
  );

  it("P49 a repository's workflow wins over a built-in one of the same name", async () => {
    const own = snapshotOf({ ".claude/workflows/x.js": text("audit") });
    const { workflows } = await findWorkflows(own, builtIn);
    const audits = workflows.filter(({ name }) => name === "audit");
    expect(audits).toMatchObject([{ origin: "repository", path: ".claude/workflows/x.js" }]);
    expect(workflows.some(({ origin }) => origin === "built-in")).toBe(true);
  });

  it("P50 only .js files are workflows, named by their meta; the others are listed with the reason", async () => {
    const files = {
      ".claude/workflows/file.js": text("other-name"),
      ".claude/workflows/a.mjs": text("a"),
      ".claude/workflows/b.ts": text("b"),
    };
    const { workflows, refused } = await findWorkflows(snapshotOf(files), builtIn);
    expect(workflows.filter(({ origin }) => origin === "repository")).toMatchObject([
      { name: "other-name" },
    ]);
    expect(refused.map(({ path }) => path)).toEqual([
      ".claude/workflows/a.mjs",
      ".claude/workflows/b.ts",
    ]);
  });

  it("P51 a link is no workflow, and none is read through one", async () => {
    const link: FileContent = { kind: "link", target: "../../secret.js" };
    const own = snapshotOf({ ".claude/workflows/link.js": link });
    const { refused } = await findWorkflows(own, builtIn);
    expect(refused).toMatchObject([{ path: ".claude/workflows/link.js" }]);
    const child = childFinder(own, builtIn)({ scriptPath: ".claude/workflows/link.js" });
    await expect(child).rejects.toMatchObject({ name: "StepFailed" });
  });

  it("P52 the words behind a workflow's name become its args", async () => {
    const { workflows } = await findWorkflows(snapshotOf({}), builtIn);
    const choice = chooseWorkflow('audit {"focus":"net"}', workflows);
    expect(choice).toMatchObject({ kind: "saved", workflow: { name: "audit" } });
    const words = choice.kind === "saved" ? choice.argsText : "";
    expect(parseArgs(words).args).toEqual({ focus: "net" });
  });

  it("P39 a name is looked up where a command looks, and what is missing or wrong is said", async () => {
    const broken: FileContent = {
      kind: "text",
      text: "export const meta = { name: 'b', description: 'd' }\nconst = 1",
    };
    const find = childFinder(snapshotOf({ "a.js": text("a"), "b.js": broken }), builtIn);
    expect(await find({ name: "audit" })).toMatchObject({ name: "audit" });
    expect(await find({ scriptPath: "a.js" })).toMatchObject({ name: "a" });
    await expect(find({ name: "nobody" })).rejects.toThrow(
      /no workflow "nobody"\. There are: .*"audit"/,
    );
    await expect(find({ scriptPath: "b.js" })).rejects.toThrow(/does not pass the check.*\^/s);
    await expect(find({ scriptPath: "c.js" })).rejects.toThrow("no text file c.js");
  });

  it("P56 the author of scripts is told to keep them small", async () => {
    const prompt = fileURLToPath(new URL("../../src/agent/prompts/author.md", import.meta.url));
    expect(await readFile(prompt, "utf8")).toContain("More agents are a tax, not a merit.");
  });

  it("P30 a worker in isolation keeps its edits on a branch of its own", async () => {
    const script = `export const meta = { name: 'apart', description: 'One worker apart' }
return await agent('Write apart.txt', { label: 'apart', isolation: 'worktree' })`;
    const worker: Actor = ({ turn }) =>
      turn === 0
        ? { tools: [{ name: "write_file", input: { path: "apart.txt", content: "x\n" } }] }
        : { text: "written" };
    await using stage = await openStage({
      files: { "README.md": "r\n", ".claude/workflows/apart.js": script },
      model: playedBy({ worker }),
    });
    await stage.post("/workflow apart");
    await stage.settle();
    const branches = await stage.git("for-each-ref", "--format=%(refname:short)", "refs/heads");
    const branch = branches.split("\n").find((name) => name.includes("/apart-")) ?? "";
    expect(await stage.git("show", `${branch}:apart.txt`)).toBe("x");
    expect(await stage.git("merge-base", branch, "main")).toBe(
      await stage.git("rev-parse", "main"),
    );
    const result = branches.split("\n").find((name) => name.endsWith("/result")) ?? "main";
    expect(await stage.git("ls-tree", "--name-only", result)).not.toContain("apart.txt");
  });
});
