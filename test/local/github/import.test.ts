// Repositories of this machine taken over: whole ones, shallow ones, and those that cannot be.

import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { afterAll, beforeAll, expect, it } from "vitest";

import { git, openTown, type Town, writeFiles, commitAll } from "./town.ts";

let town: Town;
let whole: string;
let token = "";

beforeAll(async () => {
  town = await openTown();
  token = town.adaToken;
  whole = join(town.dir, "source");
  await writeFiles(whole, { "later.txt": "l\n", "spaced ü.txt": "s\n" });
  await commitAll(whole, "Go on");
  await writeFiles(whole, { "last.txt": "e\n" });
  await commitAll(whole, "End");
});
afterAll(() => town.close());

/** What git on another machine gets of the repository `name`, fetched as the bot does. */
async function fetched(name: string): Promise<string[]> {
  const { cloneUrl } = await town.github.createRepository({ owner: "acme", name });
  await town.github.importRepository({ owner: "acme", name }, join(town.dir, name));
  const mirror = join(town.dir, `${name}-mirror`);
  await git(town.dir, ["init", "--quiet", "--bare", mirror]);
  const fetch = ["fetch", "--quiet", cloneUrl, "+refs/heads/*:refs/heads/*"];
  expect(await git(mirror, fetch, token)).toEqual({ status: 0, output: "" });
  const log = await git(mirror, ["log", "--format=%s %an %aI", "main"]);
  const tree = await git(mirror, ["rev-parse", "main^{tree}"]);
  return [...log.output.trim().split("\n"), tree.output];
}

it("takes a shallow clone with the history it has", async () => {
  const clone = ["clone", "--quiet", "--depth", "2", pathToFileURL(whole).href];
  await git(town.dir, [...clone, "shallow"]);
  const log = await git(whole, ["log", "--format=%s %an %aI", "-2", "main"]);
  const tree = await git(whole, ["rev-parse", "main^{tree}"]);
  expect(await fetched("shallow")).toEqual([...log.output.trim().split("\n"), tree.output]);
});

it("refuses a clone that leaves files out, in a sentence", async () => {
  await git(whole, ["config", "uploadpack.allowFilter", "true"]);
  const clone = ["clone", "--quiet", "--filter=blob:none", "--no-checkout"];
  await git(town.dir, [...clone, pathToFileURL(whole).href, "partial"]);
  await expect(fetched("partial")).rejects.toThrow(/partial could not be taken over.*--no-filter/);
});

it("refuses what names its objects in another way", async () => {
  const path = join(town.dir, "long-names");
  await git(town.dir, ["init", "--quiet", "--object-format=sha256", path]);
  await writeFiles(path, { "a.txt": "a\n" });
  await commitAll(path, "Begin");
  await expect(fetched("long-names")).rejects.toThrow(/could not be taken over/);
});
