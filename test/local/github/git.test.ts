// Git itself against the local GitHub: clone, push, refs of every kind, and what GitHub refuses.

import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import { zeros } from "../../../src/local/github/refs.ts";
import {
  at,
  commitAll,
  git,
  installationToken,
  openPull,
  openTown,
  refusalOf,
  type Town,
  writeFiles,
} from "./town.ts";

const events = ["issue_comment", "pull_request", "push", "create"];
let town: Town;
let token: string;
let work: string;

beforeEach(async () => {
  town = await openTown({ app: { events } });
  token = await installationToken(town);
  work = await mkdtemp(join(town.dir, "clone-"));
  await git(work, ["clone", "--quiet", town.cloneUrl, "."], token);
  town.arrived.length = 0;
});
afterEach(() => town.close());

const refs = async (prefix: string): Promise<string[]> => {
  const { data } = await town.bot.rest.git.listMatchingRefs({ ...at, ref: prefix });
  return data.map(({ ref }) => ref);
};

const told = async (event: string): Promise<unknown[]> => {
  await town.github.settled();
  return town.arrived.filter((one) => one.event === event).map(({ payload }) => payload);
};

it("is cloned by the address of its page as well, without .git", async () => {
  const url = town.cloneUrl.replace(/\.git$/, "");
  const clone = await git(town.dir, ["clone", "--quiet", url, "by-page"], token);
  expect(clone).toEqual({ status: 0, output: "" });
  const head = await git(join(town.dir, "by-page"), ["rev-parse", "HEAD"]);
  expect(head).toEqual(await git(work, ["rev-parse", "HEAD"]));
});

it("takes twenty branches and a custom ref in one atomic push", async () => {
  await writeFiles(work, { "b.txt": "b\n" });
  const sha = await commitAll(work, "Again");
  const names = Array.from({ length: 20 }, (_, index) => `fanfold/run/w${index}`);
  const specs = names.map((name) => `HEAD:refs/heads/${name}`);
  const state = "HEAD:refs/fanfold/runs/run/state";
  const push = await git(
    work,
    ["push", "--atomic", "--porcelain", "origin", ...specs, state],
    token,
  );
  expect(push.output).toContain("Done");
  expect(await refs("heads/fanfold/run/")).toHaveLength(20);
  expect(await refs("fanfold/")).toEqual(["refs/fanfold/runs/run/state"]);
  const { data } = await town.bot.rest.git.getRef({ ...at, ref: "fanfold/runs/run/state" });
  expect(data.object.sha).toBe(sha);
  expect(await told("create")).toHaveLength(20);
});

it("says nothing of refs that are neither branches nor tags", async () => {
  await git(work, ["push", "--quiet", "origin", "HEAD:refs/fanfold/runs/r/state"], token);
  expect(await refs("fanfold/")).toHaveLength(1);
  await town.github.settled();
  expect(town.arrived).toEqual([]);
});

it("refuses a stale lease and moves nothing of an atomic push", async () => {
  const state = "refs/fanfold/runs/r/state";
  await git(work, ["push", "--quiet", "origin", `HEAD:${state}`], token);
  const before = (await git(work, ["rev-parse", "HEAD"])).output.trim();
  await writeFiles(work, { "b.txt": "b\n" });
  const after = await commitAll(work, "Another");
  const push = (lease: string) =>
    git(
      work,
      [
        "push",
        "--atomic",
        `--force-with-lease=${state}:${lease}`,
        "origin",
        `HEAD:${state}`,
        "HEAD:refs/heads/b",
      ],
      token,
    );
  const stale = await push("1".repeat(40));
  expect(stale.status).not.toBe(0);
  expect(stale.output).toContain("stale info");
  expect(await refs("heads/b")).toEqual([]);
  const fresh = await push(before);
  expect(fresh.status).toBe(0);
  const { data } = await town.bot.rest.git.getRef({ ...at, ref: state.slice("refs/".length) });
  expect(data.object.sha).toBe(after);
});

it("gives no custom refs to a clone, but to whoever asks for them", async () => {
  await git(work, ["push", "--quiet", "origin", "HEAD:refs/fanfold/runs/r/state"], token);
  const clone = await mkdtemp(join(town.dir, "other-"));
  await git(clone, ["clone", "--quiet", town.cloneUrl, "."], token);
  expect((await git(clone, ["for-each-ref"])).output).not.toContain("refs/fanfold");
  const fetch = ["fetch", "--quiet", "origin", "refs/fanfold/runs/r/state:refs/mine"];
  expect((await git(clone, fetch, token)).status).toBe(0);
});

it("serves a clone without blobs and a single commit by its hash", async () => {
  const sha = (await git(work, ["rev-parse", "HEAD"])).output.trim();
  const bare = await mkdtemp(join(town.dir, "bare-"));
  await git(bare, ["init", "--quiet", "--bare"]);
  const fetch = ["fetch", "--quiet", "--depth=1", "--filter=blob:none", town.cloneUrl, sha];
  const fetched = await git(bare, fetch, token);
  expect(fetched).toEqual({ status: 0, output: "" });
  expect((await git(bare, ["cat-file", "-t", sha])).output.trim()).toBe("commit");
});

it("lets an App push workflow files only with the permission for them", async () => {
  await writeFiles(work, { ".github/workflows/ci.yml": "on: push\n" });
  await commitAll(work, "Add CI");
  const push = await git(work, ["push", "origin", "HEAD:refs/heads/ci"], token);
  expect(push.status).not.toBe(0);
  expect(push.output).toContain(
    "refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml` without `workflows` permission",
  );
  expect(await refs("heads/ci")).toEqual([]);
  const byPerson = await git(work, ["push", "origin", "HEAD:refs/heads/ci"], town.adaToken);
  expect(byPerson.status).toBe(0);
});

it("keeps workflow files from an App on every way, not only by push", async () => {
  const tree = [
    { path: ".github/workflows/ci.yml", mode: "100644" as const, content: "on: push\n" },
  ];
  const parent = (await git(work, ["rev-parse", "HEAD"])).output.trim();
  const make = { ...at, base_tree: parent, tree };
  expect((await refusalOf(town.bot.rest.git.createTree(make))).status).toBe(403);
  const { data } = await town.ada.rest.git.createTree(make);
  const commit = { ...at, message: "CI", tree: data.sha, parents: [parent] };
  const { sha } = (await town.bot.rest.git.createCommit(commit)).data;
  const refusal = await refusalOf(
    town.bot.rest.git.createRef({ ...at, ref: "refs/heads/ci", sha }),
  );
  expect(refusal.message).toContain("refusing to allow a GitHub App to create or update workflow");
  expect(await refs("heads/ci")).toEqual([]);
  await town.ada.rest.git.createRef({ ...at, ref: "refs/heads/ci", sha });
});

it("refuses refs that belong to GitHub", async () => {
  const push = await git(work, ["push", "origin", "HEAD:refs/pull/9/head"], token);
  expect(push.status).not.toBe(0);
  expect(push.output).toContain("deny updating a hidden ref");
});

it("refuses a push without a token, with a reading token, and by who may only read", async () => {
  const reading = await installationToken(town, { contents: "read" });
  const push = (with_?: string) => git(work, ["push", "origin", "HEAD:refs/heads/x"], with_);
  expect((await push()).status).not.toBe(0);
  expect((await push(reading)).output).toContain("403");
  expect((await push("ghs_nonsense")).status).not.toBe(0);
  const other = await town.github.createUser({ login: "other" });
  expect((await push(other.token)).output).toContain("403");
  expect(await refs("heads/x")).toEqual([]);
});

it("refuses every ref of a push that came too soon, when that is asked for", async () => {
  town.github.faults.add({ kind: "push-failed", times: 1 });
  const push = () => git(work, ["push", "--porcelain", "origin", "HEAD:refs/heads/soon"], token);
  const first = await push();
  expect(first.status).not.toBe(0);
  expect(first.output).toContain("[remote rejected] (failed)");
  expect((await push()).status).toBe(0);
});

it("moves the head of a pull request with a push and tells of it", async () => {
  const { number, head } = await openPull(town);
  await git(work, ["fetch", "--quiet", "origin", "work:work"], token);
  await git(work, ["checkout", "--quiet", "work"]);
  await writeFiles(work, { "more.txt": "more\n" });
  const next = await commitAll(work, "More");
  await git(work, ["push", "--quiet", "origin", "work"], token);
  const { data } = await town.bot.rest.pulls.get({ ...at, pull_number: number });
  expect(data.head.sha).toBe(next);
  expect(data).toMatchObject({ commits: 2, changed_files: 2 });
  const last = (await told("pull_request")).at(-1);
  expect(last).toMatchObject({ action: "synchronize", before: head, after: next });
});

it("ends a pull request as merged when its head reaches the base by a push", async () => {
  const { number, head } = await openPull(town);
  await git(work, ["fetch", "--quiet", "origin", "work"], town.adaToken);
  await git(work, ["merge", "--quiet", "--no-ff", "-m", "Merge", "FETCH_HEAD"]);
  await git(work, ["push", "--quiet", "origin", "HEAD:main"], town.adaToken);
  const { data } = await town.bot.rest.pulls.get({ ...at, pull_number: number });
  expect(data).toMatchObject({ state: "closed", merged: true, changed_files: 1 });
  expect(data.merged_by?.login).toBe("ada");
  expect(data.head.sha).toBe(head);
  const last = (await told("pull_request")).at(-1);
  expect(last).toMatchObject({ action: "closed", pull_request: { merged: true } });
});

it("closes a pull request, unmerged, when its branch is deleted", async () => {
  const { number } = await openPull(town);
  await git(work, ["push", "--quiet", "origin", ":refs/heads/work"], token);
  const { data } = await town.bot.rest.pulls.get({ ...at, pull_number: number });
  expect(data).toMatchObject({ state: "closed", merged: false });
});

it("tells of a forced push and of a deleted branch as such", async () => {
  await git(work, ["push", "--quiet", "origin", "HEAD:refs/heads/f"], token);
  await git(work, ["commit", "--quiet", "--amend", "--message", "Else"]);
  await git(work, ["push", "--quiet", "--force", "origin", "HEAD:refs/heads/f"], token);
  await git(work, ["push", "--quiet", "origin", ":refs/heads/f"], token);
  const pushes = await told("push");
  expect(pushes).toMatchObject([
    { created: true, forced: false, deleted: false, before: zeros },
    { created: false, forced: true, deleted: false },
    { created: false, forced: false, deleted: true, after: zeros },
  ]);
});
