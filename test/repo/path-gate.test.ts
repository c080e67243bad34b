// What may be a path, a branch, a ref; and which files are protected.

import { describe, expect, test } from "vitest";
import { z } from "zod";

import { PathRefused } from "../../src/repo/contract.ts";
import { checkPath } from "../../src/repo/path-gate.ts";
import { isProtected, protectionOf } from "../../src/repo/protected-paths.ts";
import { isRefName } from "../../src/repo/ref-name.ts";
import { branchOf, checkBranch, resultBranchOf, runOf, slug } from "../../src/repo/refs.ts";
import { attacksOf, literalOf } from "../attacks/load.ts";

function answerOf(ask: () => string): string {
  try {
    return ask();
  } catch (error) {
    if (error instanceof PathRefused) return "refused";
    throw error;
  }
}

describe("the path gate", () => {
  for (const attack of attacksOf("path.jsonl", "path_guard")) {
    test(`${attack.id}: ${attack.expected}`, () => {
      const answer = answerOf(() => checkPath(literalOf(attack)));
      expect(answer).toBe(attack.outcome === "allow" ? "src/a.ts" : "refused");
    });
  }

  test.each([
    'src/it\'s "quoted" & spaced.ts',
    "docs/ünïcødé/日本語.md",
    "a/-components/x.tsx",
    "src/[id]/(group)/page.tsx",
    "100%25/x",
    ".gitignore",
    "git/config",
    "nulls/console.ts",
    "a/…/b",
  ])("lets %s through as it is", (path) => expect(checkPath(path)).toBe(path));

  test.each([
    ["", "empty"],
    ["/", "absolute"],
    [".", "repository itself"],
    ["src/", "folder"],
    ["a\\b", "backslash"],
    ["C:/x", "drive"],
    ["a/b:stream", "drive or a stream"],
    [".git/config", "git's own"],
    ["x/.GIT/hooks/pre-commit", "git's own"],
    [".git /config", "git's own"],
    [".git./config", "git's own"],
    ["GIT~2", "git's own"],
    ["\uff0egit/config", "git's own"],
    [".g\u200cit/config", "invisible"],
    ["a\nb", "control"],
    ["a\u2028b", "control"],
    ["a\ufffdb", "broken"],
    ["aux.txt", "device"],
    ["x/COM1", "device"],
    ["a./b", "dot or a space"],
    ["a /b", "dot or a space"],
    ["d/".repeat(41) + "x", "deep"],
    ["x".repeat(256), "255 bytes"],
    ["ü".repeat(128), "255 bytes"],
  ])("refuses %j and says that it is about: %s", (path, why) => {
    expect(() => checkPath(path)).toThrow(PathRefused);
    expect(() => checkPath(path)).toThrow(why);
  });
});

describe("branch names", () => {
  for (const attack of attacksOf("ref.jsonl", "ref_guard")) {
    test(`${attack.id}: ${attack.expected}`, () => {
      const branch = literalOf(attack);
      const answer = answerOf(() => checkBranch(branch));
      expect(answer).toBe(attack.outcome === "allow" ? branch : "refused");
    });
  }

  test.each(["fanfold/", "fanfold//x", "fanfold/-x", "fanfold/.x", "fanfold/x.lock", "fanfold/x."])(
    "refuses %s",
    (branch) => expect(() => checkBranch(branch)).toThrow(PathRefused),
  );

  test("lead from a run to its branches and back", () => {
    expect(branchOf("wf-abc", "w1-fix")).toBe("fanfold/wf-abc/w1-fix");
    expect(resultBranchOf("wf-abc")).toBe("fanfold/wf-abc/result");
    expect(runOf("fanfold/wf-abc/w1-fix")).toBe("wf-abc");
    expect(runOf("fanfold/wf-abc")).toBeNull();
    expect(runOf("other/wf-abc/w1")).toBeNull();
    expect(runOf("fanfold/wf-abc/w1/x")).toBeNull();
  });

  test.each([
    ["Fix: the Parser's edge-cases!", "fix-the-parser-s-edge-cases"],
    ["  Über-Größe  ", "uber-gro-e"],
    ["日本語", "work"],
    ["--x--", "x"],
    ["a".repeat(60), "a".repeat(40)],
    [`${"a".repeat(39)} b`, "a".repeat(39)],
    ["../../etc", "etc"],
  ])("slug of %j is %s", (text, expected) => {
    expect(slug(text)).toBe(expected);
    expect(slug(text)).toMatch(/^[a-z0-9-]{1,40}$/);
  });

  test.each(["refs/heads/main", "refs/fanfold/runs/wf-1/state", "refs/heads/feature/ünï"])(
    "%s is a ref",
    (ref) => expect(isRefName(ref)).toBe(true),
  );
  test.each([
    "main",
    "refs/x",
    "-refs/heads/x",
    "refs/heads/a b",
    "refs/heads/a..b",
    "refs/heads/*",
    "refs/heads/a:b",
    "refs/heads/a@{1}",
    "refs/heads/.a",
    "refs/heads/a.lock",
    "refs/heads/a/",
    "refs/heads//a",
    "refs/heads/a\u0001",
  ])("%j is none", (ref) => expect(isRefName(ref)).toBe(false));
});

describe("protected paths", () => {
  for (const attack of attacksOf("path.jsonl", "protected_paths_block")) {
    test(`${attack.id}: ${attack.expected}`, () =>
      expect(isProtected(literalOf(attack))).toBe(true));
  }
  for (const attack of [
    ...attacksOf("protected.jsonl", "protected_paths_block"),
    ...attacksOf("protected.jsonl", "manifest_change_holds_ci"),
  ]) {
    test(`${attack.id}: ${attack.expected}`, () => {
      const { path, rename } = z
        .object({
          path: z.string().optional(),
          rename: z.object({ from: z.string(), to: z.string() }).optional(),
        })
        .parse(attack.input);
      const expected = attack.outcome === "refuse" ? "blocked" : "held";
      expect(protectionOf(path ?? rename?.to ?? "")).toBe(expected);
    });
  }

  test.each([
    ".GitHub/workflows/x.yml",
    "docs/CODEOWNERS",
    "packages/a/CLAUDE.md",
    "sub/.npmrc",
    "a/.claude/x",
    ".anything-new/x",
    ".secretrc",
    "sub/.gitattributes",
  ])("blocks %s", (path) => expect(protectionOf(path)).toBe("blocked"));
  test.each([
    "packages/a/package.json",
    "Makefile",
    "docker/Dockerfile.dev",
    "Cargo.lock",
    "sub/go.sum",
    "vitest.config.ts",
    "x.gemspec",
    "Directory.Build.props",
  ])("holds %s", (path) => expect(protectionOf(path)).toBe("held"));
  test.each([
    "src/app.ts",
    ".gitignore",
    "docs/agents.html",
    "README.md",
    "src/github/client.ts",
    "src/config.ts",
    "data/locks.json",
  ])("leaves %s alone", (path) => expect(protectionOf(path)).toBeNull());
});
