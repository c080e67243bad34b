// `--repo`: which repository is used and what it is called, or in one sentence why none is.

import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { problemWith, sourceRepository } from "../../src/demo/source-repository.ts";

let dir = "";
const at = (...steps: string[]): string => join(dir, ...steps);
const person = ["-c", "user.name=t", "-c", "user.email=t@example.invalid"];
const git = (cwd: string, ...args: string[]) =>
  execFileSync("git", ["-C", cwd, ...person, ...args], { stdio: "pipe" });
const made = (name: string, ...options: string[]): string => {
  git(dir, "init", "--quiet", "--initial-branch=main", ...options, name);
  return at(name);
};

beforeAll(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), "fanfold-")));
  const whole = made("whole");
  await mkdir(join(whole, "src/deep"), { recursive: true });
  for (const subject of ["Begin", "Go on"]) {
    git(whole, "commit", "--quiet", "--allow-empty", "--message", subject);
  }
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe("a repository that can be used", () => {
  const used = async (repo: string) => {
    expect(await problemWith({ repo })).toBeNull();
    return sourceRepository({ repo }, dir);
  };

  it("is the whole one around a folder in it, and the person is told", async () => {
    const path = at("whole");
    expect(await used(path)).toEqual({ path, name: "whole", note: path });
    const { note, ...inside } = await used(at("whole/src/deep"));
    expect(inside).toEqual({ path, name: "whole" });
    expect(note).toContain(`${path} (all of it, not only ${at("whole/src/deep")})`);
    expect((await used(at("whole/.git"))).name).toBe("whole");
  });

  it("is called by its folder's name, without .git and within GitHub's limit", async () => {
    git(dir, "clone", "--quiet", "--bare", at("whole"), "bare.git");
    expect((await used(at("bare.git"))).name).toBe("bare");
    const long = `.${"a b".repeat(40)}.git`;
    git(dir, "clone", "--quiet", "--bare", at("whole"), long);
    expect((await used(at(long))).name).toBe("a-b".repeat(40).slice(0, 100));
  });

  it("may be a shallow clone, which is said", async () => {
    git(dir, "clone", "--quiet", "--depth=1", pathToFileURL(at("whole")).href, "shallow");
    expect((await used(at("shallow"))).note).toContain("a shallow clone");
  });
});

describe("a repository that cannot be used", () => {
  const problem = async (repo: string) => (await problemWith({ repo })) ?? "";

  it.each([
    ["is not there", "nowhere", /no such folder/],
    ["is a file", "file", /no such folder/],
    ["is a plain folder", "plain", /no git repository/],
  ])("%s", async (_what, name, sentence) => {
    await writeFile(at("file"), "");
    await mkdir(at("plain"), { recursive: true });
    expect(await problem(at(name))).toMatch(sentence);
  });

  it("names its objects in another way", async () => {
    expect(await problem(made("long-names", "--object-format=sha256"))).toMatch(/sha256.*SHA-1/);
  });

  it("has no commit at all, or none under the branch it says it is on", async () => {
    const path = made("unborn");
    expect(await problem(path)).toMatch(/no commit yet/);
    git(path, "commit", "--quiet", "--allow-empty", "--message=Begin");
    git(path, "symbolic-ref", "HEAD", "refs/heads/gone");
    expect(await problem(path)).toMatch(/branch gone, which does not exist, while others do: main/);
  });

  it("belongs to somebody else, as git sees it", async () => {
    process.env["GIT_TEST_ASSUME_DIFFERENT_OWNER"] = "true";
    try {
      expect(await problem(at("whole"))).toMatch(/git distrusts.*safe\.directory '\/.*whole'/);
    } finally {
      delete process.env["GIT_TEST_ASSUME_DIFFERENT_OWNER"];
    }
  });
});
