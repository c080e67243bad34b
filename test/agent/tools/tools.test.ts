// The tools as a model meets them: through their names, inputs and the words that come back.

import { describe, expect, it } from "vitest";

import type { Json } from "../../../src/agent/model.ts";
import type { ToolAnswer } from "../../../src/agent/tool.ts";
import type { ToolName } from "../../../src/agent/tool-names.ts";
import { toolLimits } from "../../../src/agent/tool-limits.ts";
import { toolsFor } from "../../../src/agent/toolbox.ts";
import { overlayOn, readable, type MemoryFiles } from "../memory-files.ts";

async function use(files: MemoryFiles, name: string, input: Json): Promise<ToolAnswer> {
  const tool = toolsFor({ files: { kind: "editable", overlay: overlayOn(files) } }).find(
    ({ spec }) => spec.name === name,
  );
  if (tool === undefined) throw new Error(`There is no tool ${name}.`);
  return tool.run(input);
}

const lines = (count: number, text = "x"): string =>
  Array.from({ length: count }, (_, at) => `${text}${at + 1}\n`).join("");

describe("every tool", () => {
  it("is described, takes an object, and refuses fields it does not know", () => {
    for (const { spec } of toolsFor({
      files: { kind: "editable", overlay: overlayOn(new Map()) },
    })) {
      expect(spec.description.length).toBeGreaterThan(40);
      expect(spec.inputSchema).toMatchObject({ type: "object", additionalProperties: false });
      expect(spec.inputSchema).not.toHaveProperty("$schema");
    }
  });

  it.each([
    ["list_files", { glob: 3 }, '"glob"'],
    ["read_file", {}, '"path"'],
    ["read_file", { path: "a", from_line: 0 }, '"from_line"'],
    ["search", { pattern: "" }, '"pattern"'],
    ["edit_file", { path: "a", find: "", replace: "" }, '"find"'],
    ["write_file", { path: "a", content: "", mode: "777" }, "mode"],
    ["delete_file", "a", "the input"],
  ])("%s says what is wrong with the input %j", async (name, input, part) => {
    const answer = await use(new Map([["a", "x"]]), name, input);
    expect(answer.isError).toBe(true);
    expect(answer.text).toContain(part);
    expect(answer.text).toContain("Call it again");
  });
});

describe("who judges a change", () => {
  const files = {
    kind: "read-only",
    from: readable(new Map([["a.ts", "after\n"]])),
    before: readable(new Map([["a.ts", "before\n"]])),
  } as const;
  const offered = (tools?: ReadonlySet<ToolName>) =>
    new Map(
      toolsFor(tools === undefined ? { files } : { files, tools }).map((tool) => [
        tool.spec.name,
        tool,
      ]),
    );

  it("reads and searches the files as they are and as they were", async () => {
    const tools = offered();
    const said = async (name: string, input: Json) => (await tools.get(name)?.run(input))?.text;
    expect(await said("read_file", { path: "a.ts" })).toContain("after");
    expect(await said("read_file_before", { path: "a.ts" })).toContain("before");
    expect(await said("search_before", { pattern: "before|after" })).toBe("a.ts:1: before");
  });

  it("has no more tools for the past than for the present", () => {
    expect([...offered(new Set(["search"] as const)).keys()]).toEqual(["search", "search_before"]);
  });
});

describe("list_files", () => {
  it("lists by glob, and says so when nothing matches", async () => {
    const files: MemoryFiles = new Map([
      ["b.md", ""],
      ["src/a.ts", ""],
    ]);
    expect((await use(files, "list_files", {})).text).toBe("b.md\nsrc/a.ts");
    expect((await use(files, "list_files", { glob: "src/**" })).text).toBe("src/a.ts");
    expect(await use(files, "list_files", { glob: "*.py" })).toMatchObject({
      isError: false,
      text: expect.stringContaining("No file matches *.py"),
    });
    expect((await use(new Map(), "list_files", {})).text).toBe("The repository has no files.");
  });

  it("cuts a long list and says how much is missing", async () => {
    const files: MemoryFiles = new Map(Array.from({ length: 1003 }, (_, n) => [`f${n}`, ""]));
    const { text } = await use(files, "list_files", {});
    expect(text.split("\n")).toHaveLength(toolLimits.paths + 1);
    expect(text).toContain("[Cut: 3 of 1003 paths are not shown.");
  });
});

describe("read_file", () => {
  it("numbers the lines, six wide, and adds no line after the last", async () => {
    const { text } = await use(new Map([["a", "one\n\nthree\n"]]), "read_file", { path: "a" });
    expect(text).toBe("     1\tone\n     2\t\n     3\tthree");
  });

  it("reads the part that was asked for, to the end of the file at most", async () => {
    const files: MemoryFiles = new Map([["a", lines(12)]]);
    const part = await use(files, "read_file", { path: "a", from_line: 10, to_line: 99 });
    expect(part.text).toBe("    10\tx10\n    11\tx11\n    12\tx12");
    const beyond = await use(files, "read_file", { path: "a", from_line: 13 });
    expect(beyond).toMatchObject({ isError: true, text: expect.stringContaining("12 lines") });
    const reversed = await use(files, "read_file", { path: "a", from_line: 5, to_line: 4 });
    expect(reversed.isError).toBe(true);
  });

  it("cuts a long file and says where to read on", async () => {
    const files: MemoryFiles = new Map([["a", lines(toolLimits.readLines + 5)]]);
    const first = await use(files, "read_file", { path: "a" });
    expect(first.text).toContain("[Cut at line 2000 of 2005. Read on with from_line 2001.]");
    const rest = await use(files, "read_file", { path: "a", from_line: 2001 });
    expect(rest.text.split("\n")).toHaveLength(5);
    expect(rest.text).not.toContain("Cut");
  });

  it("cuts by characters too, but never gives less than a line, and cuts a line that is too long", async () => {
    const wide = "y".repeat(1900);
    const files: MemoryFiles = new Map([
      ["wide", `${wide}\n`.repeat(60)],
      ["long", "z".repeat(500_000)],
    ]);
    const { text } = await use(files, "read_file", { path: "wide" });
    expect(text.length).toBeLessThan(toolLimits.readChars + 200);
    expect(text).toMatch(/\[Cut at line 31 of 60\./);
    const long = await use(files, "read_file", { path: "long" });
    expect(long.text).toContain("[Cut: 498000 more characters in this line.]");
  });

  it("shows characters that nobody sees and says that it did", async () => {
    const files: MemoryFiles = new Map([["a", "if (x\u202e) {}\n// 👩‍👩‍👧 ❤️\r\n"]]);
    const { text } = await use(files, "read_file", { path: "a" });
    expect(text).toContain("if (x<U+202E>) {}");
    expect(text).toContain("👩‍👩‍👧 ❤️");
    expect(text).toContain("[1 characters that nobody sees");
  });

  it.each([
    [{ kind: "binary", size: 9 }, "binary file of 9 bytes"],
    [{ kind: "too-large", size: 5_000_000 }, "too many to read"],
    [{ kind: "link", target: "../secrets" }, "symbolic link to ../secrets"],
    [{ kind: "submodule", commit: "c0ffee" }, "submodule"],
  ] as const)("says why it cannot read %j", async (content, words) => {
    const answer = await use(new Map([["a", content]]), "read_file", { path: "a" });
    expect(answer).toMatchObject({ isError: true, text: expect.stringContaining(words) });
  });

  it("says that there is no such file, and that an empty one is empty", async () => {
    const files: MemoryFiles = new Map([["empty", ""]]);
    expect(await use(files, "read_file", { path: "none" })).toMatchObject({
      isError: true,
      text: expect.stringContaining("list_files"),
    });
    expect(await use(files, "read_file", { path: "empty" })).toEqual({
      isError: false,
      text: "[The file is empty.]",
    });
  });
});

describe("search", () => {
  it("gives path, line and text, within the glob", async () => {
    const files: MemoryFiles = new Map([
      ["a.ts", "let x\nvar y\n"],
      ["b.md", "var z"],
    ]);
    const { text } = await use(files, "search", { pattern: "^var ", glob: "*.ts" });
    expect(text).toBe("a.ts:2: var y");
    expect((await use(files, "search", { pattern: "nope" })).text).toBe("No line matches nope.");
  });

  it("says that hits were cut, whether by number or by length", async () => {
    const many = await use(new Map([["a", lines(300)]]), "search", { pattern: "x" });
    expect(many.text).toContain("[Cut: there are more hits than these 200.");
    const wide = await use(new Map([["a", `${"x".repeat(900)}\n`.repeat(100)]]), "search", {
      pattern: "x",
    });
    expect(wide.text.length).toBeLessThan(toolLimits.searchChars + 200);
    expect(wide.text).toMatch(/more hits than these 4\d\./);
  });

  it("hands git's complaint about a pattern to the model", async () => {
    const files = {
      ...readable(new Map()),
      search: () => Promise.reject(new Error("brackets ([ ]) not balanced.")),
    };
    const [, , search] = toolsFor({ files: { kind: "read-only", from: files } });
    expect(await search?.run({ pattern: "[" })).toMatchObject({
      isError: true,
      text: expect.stringContaining("brackets ([ ]) not balanced. Use a simpler"),
    });
  });
});

describe("editing", () => {
  it("changes one place, writes and deletes", async () => {
    const files: MemoryFiles = new Map([
      ["a", "one two"],
      ["old", "x"],
    ]);
    await use(files, "edit_file", { path: "a", find: "two", replace: "" });
    await use(files, "write_file", { path: "new/b", content: "b\n" });
    await use(files, "delete_file", { path: "old" });
    expect(Object.fromEntries(files)).toEqual({ a: "one ", "new/b": "b\n" });
  });

  it("moves a file, or all of a folder, and says which of a folder stood in the way", async () => {
    const files: MemoryFiles = new Map([
      ["lib/a.js", "a\n"],
      ["lib/x/b.js", "b\n"],
      ["lib/x/c.js", "c\n"],
      ["library.js", "d\n"],
    ]);
    await use(files, "move_file", { from: "lib/a.js", to: "src/a.js" });
    const moved = await use(files, "move_file", { from: "./lib", to: "src/deep" });
    expect(moved).toMatchObject({ isError: false, text: expect.stringContaining("2 files") });
    expect([...files.keys()].sort()).toEqual([
      "library.js",
      "src/a.js",
      "src/deep/x/b.js",
      "src/deep/x/c.js",
    ]);
    files.set("lib/x/c.js", "in the way\n");
    const refused = await use(files, "move_file", { from: "src/deep", to: "lib" });
    expect(refused).toMatchObject({
      isError: true,
      text: expect.stringContaining("1 file was moved"),
    });
    const inside = await use(files, "move_file", { from: "src", to: "src/deep" });
    expect(inside).toMatchObject({ isError: true, text: expect.stringContaining("into itself") });
  });

  it.each([
    [{ path: "a", find: "one", replace: "one" }, "nothing would change"],
    [{ path: "a", find: "o", replace: "0" }, "take in more lines"],
    [{ path: "a", find: "six", replace: "6" }, "occurs 0 times"],
  ])("%j is refused with the overlay's own words", async (input, words) => {
    const files: MemoryFiles = new Map([["a", "one two"]]);
    expect(await use(files, "edit_file", input)).toMatchObject({
      isError: true,
      text: expect.stringContaining(words),
    });
    expect(files.get("a")).toBe("one two");
  });

  it.each([
    ".github/workflows/ci.yml",
    "./.github//workflows/ci.yml",
    ".GitHub/workflows/ci.yml",
    "CLAUDE.md",
    "pkg/.npmrc",
  ])("of the protected path %s is refused by every tool", async (path) => {
    const files: MemoryFiles = new Map([[path, "a: 1\n"]]);
    const answers = [
      await use(files, "write_file", { path, content: "" }),
      await use(files, "edit_file", { path, find: "1", replace: "2" }),
      await use(files, "delete_file", { path }),
      await use(files, "move_file", { from: path, to: "src/free.yml" }),
      await use(files.set("free.yml", "b: 1\n"), "move_file", { from: "free.yml", to: path }),
    ];
    for (const answer of answers)
      expect(answer).toMatchObject({ isError: true, text: expect.stringContaining("protected") });
    expect(files.get(path)).toBe("a: 1\n");
  });

  it.each(["../x", "/etc/passwd", ".git/hooks/pre-commit", "a\\b"])(
    "of the path %s is refused with a reason",
    async (path) => {
      const files: MemoryFiles = new Map();
      const answer = await use(files, "write_file", { path, content: "x" });
      expect(answer).toMatchObject({ isError: true, text: expect.stringContaining("refused") });
      expect(files.size).toBe(0);
    },
  );
});
