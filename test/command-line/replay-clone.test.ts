// `fanfold replay` with a clone that cannot give an object: it counts as unread, with its reason, and the comment is there.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { legible } from "../../src/replay/legible.ts";
import { GitError } from "../../src/repo/git.ts";
import { stateRefOf } from "../../src/runs/names.ts";
import { completed, META } from "../replay/lived.ts";
import { fanfold } from "./run.ts";

const HINT = /--filter.*`git fetch --refetch --no-filter origin`.*--repo/u;

const { id } = completed;
const root = await mkdtemp(join(tmpdir(), "fanfold-"));
afterAll(() => rm(root, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

const git = (dir: string, ...args: string[]): string =>
  execFileSync("git", ["-C", dir, "-c", "user.name=a", "-c", "user.email=a@b", ...args])
    .toString()
    .trim();

/** A repository with one file, as the run's commit. */
async function openRepository(name: string): Promise<{ dir: string; commit: string }> {
  const dir = join(root, name);
  await mkdir(dir);
  git(dir, "init", "--quiet", "--initial-branch=main");
  await writeFile(join(dir, "README.md"), "read me\n");
  git(dir, "add", ".");
  git(dir, "commit", "--quiet", "--message=first");
  return { dir, commit: git(dir, "rev-parse", "HEAD") };
}

/** The bot's folder after a run at this commit, whose script reads. */
async function openData(commit: string, reads: string): Promise<void> {
  const folder = join(root, "data", "runs", id);
  await mkdir(folder, { recursive: true });
  const record = { ...completed, base: { branch: "main", commit } };
  await writeFile(join(folder, "run.json"), JSON.stringify(record));
  await writeFile(join(folder, "script.js"), `${META}return await ${reads}\n`);
  await writeFile(join(folder, "journal.jsonl"), "");
}

const loose = (dir: string, oid: string): string =>
  join(dir, ".git", "objects", oid.slice(0, 2), oid.slice(2));

describe("a clone that cannot give an object", () => {
  let dir = "";
  let commit = "";
  let blob = "";
  let count = 0;
  beforeEach(async () => {
    vi.stubEnv("FANFOLD_DATA", join(root, "data"));
    ({ dir, commit } = await openRepository(`clone-${(count += 1)}`));
    blob = git(dir, "rev-parse", "HEAD:README.md");
  });

  const unread = async (): Promise<string> => {
    const { status, printed, complained } = await fanfold("replay", id, "--repo", dir, "--json");
    expect({ status, complained }).toEqual({ status: 1, complained: "" });
    const { replay, comment } = JSON.parse(printed);
    expect(replay.kind).toBe("unread");
    expect(comment).toContain(`fanfold:run=${id}`);
    // It is somebody's own: nothing is written there.
    expect(existsSync(join(dir, ".git", "suspect"))).toBe(false);
    return replay.why;
  };

  it("since a file is gone", async () => {
    await openData(commit, "repo.read('README.md')");
    await rm(loose(dir, blob), { force: true });
    const why = await unread();
    expect(why).toContain(`lacks ${blob}, which README.md needs. A clone`);
    expect(why).toMatch(HINT);
  });

  it("since a file is damaged", async () => {
    await openData(commit, "repo.read('README.md')");
    await rm(loose(dir, blob), { force: true });
    await writeFile(loose(dir, blob), "what a failing disk leaves");
    expect(await unread()).toMatch(HINT);
  });

  it("since a folder is damaged", async () => {
    await openData(commit, "repo.files('*')");
    const tree = git(dir, "rev-parse", "HEAD^{tree}");
    await rm(loose(dir, tree), { force: true });
    await writeFile(loose(dir, tree), "what a failing disk leaves");
    expect(await unread()).toMatch(HINT);
  });

  it("since it was made with --filter", async () => {
    await openData(commit, "repo.read('README.md')");
    const source = dir;
    git(source, "config", "uploadpack.allowFilter", "true");
    git(source, "update-ref", stateRefOf(id), commit);
    dir = `${source}-partial`;
    git(root, "clone", "--quiet", "--no-checkout", "--filter=blob:none", `file://${source}`, dir);
    const why = await unread();
    expect(why).toMatch(HINT);
    expect(why).not.toContain("\n");
    // The same of the checkpoint itself.
    vi.stubEnv("FANFOLD_DATA", join(root, "nothing"));
    vi.stubEnv("FANFOLD_CHECKPOINT_KEY", "a secret that is long enough for this");
    git(dir, "fetch", "--quiet", "origin", `${stateRefOf(id)}:${stateRefOf(id)}`);
    const { status, complained } = await fanfold("replay", id, "--repo", dir);
    expect(status).toBe(1);
    expect(complained).toMatch(HINT);
    expect(complained).not.toContain("\n");
  });
});

it("a clone that git cannot even open for the commit is told of to whoever reads", async () => {
  const died = new GitError("git cat-file stopped: fatal: packed object 11 is corrupt", {
    failure: "status",
    stderr: "",
  });
  const reading = await legible(() => Promise.reject(died));
  expect(reading).toMatchObject({ kind: "nowhere", why: expect.stringMatching(HINT) });
  await expect(legible(() => Promise.reject(new TypeError("A slip.")))).rejects.toThrow(TypeError);
});

describe("what nobody foresaw", () => {
  it("is told in one line, without where in the program it happened", async () => {
    await openData("0".repeat(40), "1");
    vi.stubEnv("FANFOLD_DATA", join(root, "data"));
    vi.spyOn(JSON, "stringify").mockImplementationOnce(() => {
      throw new Error("Nobody thought\n  of this.");
    });
    const { status, complained } = await fanfold("replay", id, "--json");
    vi.restoreAllMocks();
    expect(status).toBe(1);
    expect(complained).toMatch(/^fanfold stopped at .*: Nobody thought; of this\. If it happens/u);
    expect(complained).not.toMatch(/\n| {4}at /u);
  });
});
