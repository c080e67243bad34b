// Pull requests and commits by GitHub's rules.

import type { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, expect, it } from "vitest";

import { at, branch, openPull, openTown, refusalOf, repo, type Town, twenty } from "./town.ts";

let town: Town;
beforeAll(async () => void (town = await openTown()));
afterAll(() => town.close());

const create = (head: string, more: object = {}) =>
  town.bot.rest.pulls.create({ ...at, title: "A change", head, base: "main", ...more });

it("opens one pull request for one head and base, and no second one", async () => {
  await branch(town, "once", { "once.txt": "1\n" });
  const { data } = await create("once", { draft: true });
  expect(data).toMatchObject({ draft: true, state: "open", commits: 1, changed_files: 1 });
  const refusal = await refusalOf(create("acme:once"));
  expect(refusal.status).toBe(422);
  expect(refusal.message).toContain("A pull request already exists for acme:once.");
});

it("opens one of three identical pull requests that are asked for at once", async () => {
  await branch(town, "thrice", { "thrice.txt": "3\n" });
  const answers = await Promise.allSettled([create("thrice"), create("thrice"), create("thrice")]);
  expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected", "rejected"]);
  const { data } = await town.bot.rest.pulls.list({ ...at, head: "acme:thrice", state: "all" });
  expect(data).toHaveLength(1);
});

it("is edited and closed by its author and by who may push, but by no reader", async () => {
  const { number } = await openPull(town, { name: "kept" });
  const edit = (who: Octokit, change: object) =>
    who.rest.pulls.update({ ...at, pull_number: number, ...change });
  expect((await refusalOf(edit(town.grace, { state: "closed" }))).status).toBe(403);
  expect((await refusalOf(edit(town.grace, { body: "Mine now" }))).status).toBe(403);
  const { data } = await edit(town.ada, { title: "Said better" });
  expect(data).toMatchObject({ state: "open", body: null, title: "Said better" });
});

it("refuses a pull request without commits, or between branches that are not there", async () => {
  const { data } = await town.bot.rest.git.getRef({ ...at, ref: "heads/main" });
  await town.bot.rest.git.createRef({ ...at, ref: "refs/heads/same", sha: data.object.sha });
  expect((await refusalOf(create("same"))).message).toContain("No commits between main and same");
  expect((await refusalOf(create("missing"))).status).toBe(422);
  expect((await refusalOf(create("same", { base: "missing" }))).status).toBe(422);
});

it("refuses drafts where the repository has none, when that is asked for", async () => {
  await branch(town, "nodraft", { "n.txt": "n\n" });
  town.github.faults.add({ kind: "drafts-unsupported", times: 1 });
  const refusal = await refusalOf(create("nodraft", { draft: true }));
  expect(refusal.message).toContain("Draft pull requests are not supported in this repository.");
  expect((await create("nodraft")).data.draft).toBe(false);
});

it("knows whether it merges only when asked a second time", async () => {
  const { number } = await openPull(town, { name: "clean" });
  const get = async () =>
    (await town.bot.rest.pulls.get({ ...at, pull_number: number })).data.mergeable;
  expect([await get(), await get()]).toEqual([null, true]);
  await town.bot.rest.git.updateRef({
    ...at,
    ref: "heads/main",
    sha: await branch(town, "rival", { "README.md": twenty().replace("line 10\n", "line X\n") }),
  });
  expect([await get(), await get()]).toEqual([null, false]);
});

it("finds pull requests by head, base and state", async () => {
  const { number } = await openPull(town, { name: "findable" });
  const find = async (query: object) =>
    (await town.bot.rest.pulls.list({ ...at, ...query })).data.map((one) => one.number);
  expect(await find({ head: "acme:findable" })).toEqual([number]);
  expect(await find({ head: "other:findable" })).toEqual([]);
  await town.bot.rest.pulls.update({ ...at, pull_number: number, state: "closed" });
  expect(await find({ head: "acme:findable" })).toEqual([]);
  expect(await find({ head: "acme:findable", state: "all" })).toEqual([number]);
});

it("shows the files with their patches, and the diff as text", async () => {
  const name = 'a "b" ü/c d.txt';
  await branch(town, "files", { [name]: "x\n", "src/a.txt": "b\n" });
  const { data } = await create("files");
  const files = await town.bot.rest.pulls.listFiles({ ...at, pull_number: data.number });
  expect(files.data).toMatchObject([
    { filename: name, status: "added", additions: 1, patch: "@@ -0,0 +1 @@\n+x" },
    { filename: "src/a.txt", status: "modified", additions: 1, deletions: 1 },
  ]);
  const diff = await town.bot.rest.pulls.get({
    ...at,
    pull_number: data.number,
    mediaType: { format: "diff" },
  });
  expect(diff.data).toContain("+++ b/src/a.txt");
});

it("signs the App's commits only when nothing of them was chosen by hand", async () => {
  const { data: main } = await town.bot.rest.git.getRef({ ...at, ref: "heads/main" });
  const { data: parent } = await town.bot.rest.git.getCommit({
    ...at,
    commit_sha: main.object.sha,
  });
  const commit = { ...at, message: "A message", tree: parent.tree.sha, parents: [parent.sha] };
  const own = await town.bot.rest.git.createCommit(commit);
  expect(own.data.verification).toMatchObject({ verified: true, reason: "valid" });
  expect(own.data.author.name).toBe("fanfold[bot]");
  const author = { name: "Ada", email: "ada@example.com" };
  const named = await town.bot.rest.git.createCommit({ ...commit, author });
  expect(named.data.verification).toMatchObject({ verified: false, reason: "unsigned" });
  const byPerson = await town.ada.rest.git.createCommit(commit);
  expect(byPerson.data.verification.verified).toBe(false);
  const read = await town.bot.rest.repos.getCommit({ ...at, ref: own.data.sha });
  expect(read.data.commit.verification?.verified).toBe(true);
  expect(read.data.author).toMatchObject({ login: "fanfold[bot]", type: "Bot" });
});

it("keeps what a tree does not name only when it has a base", async () => {
  const { data: main } = await town.bot.rest.git.getRef({ ...at, ref: "heads/main" });
  const paths = async (base_tree?: string) => {
    const tree = [{ path: "new/file.txt", mode: "100644" as const, content: "n" }];
    const made = await town.bot.rest.git.createTree({
      ...at,
      tree,
      ...(base_tree ? { base_tree } : {}),
    });
    return made.data.tree.map(({ path }) => path);
  };
  expect(await paths(main.object.sha)).toContain("README.md");
  expect(await paths()).toEqual(["new"]);
});

it("removes files and folders from a tree, but never all of them", async () => {
  const { data: main } = await town.bot.rest.git.getRef({ ...at, ref: "heads/main" });
  const without = (...paths: string[]) =>
    town.bot.rest.git.createTree({
      ...at,
      base_tree: main.object.sha,
      tree: paths.map((path) => ({ path, mode: "100644" as const, sha: null })),
    });
  const { data } = await without("src");
  expect(data.tree.map(({ path }) => path)).toEqual(["README.md"]);
  expect((await refusalOf(without("src", "README.md"))).status).toBe(422);
});

it("moves refs forward, backward only by force, and never twice into being", async () => {
  const sha = await branch(town, "moving", { "m.txt": "m\n" });
  const parent = (await town.bot.rest.git.getCommit({ ...at, commit_sha: sha })).data.parents[0]
    ?.sha;
  const ref = { ...at, ref: "heads/moving", sha: parent ?? "" };
  const refusal = await refusalOf(town.bot.rest.git.updateRef(ref));
  expect(refusal).toMatchObject({ status: 422 });
  expect(refusal.message).toContain("Update is not a fast forward");
  expect((await town.bot.rest.git.updateRef({ ...ref, force: true })).data.object.sha).toBe(parent);
  const again = town.bot.rest.git.createRef({ ...at, ref: "refs/heads/moving", sha });
  expect((await refusalOf(again)).message).toContain("Reference already exists");
  const under = town.bot.rest.git.createRef({ ...at, ref: "refs/heads/moving/under", sha });
  expect((await refusalOf(under)).status).toBe(422);
  await town.bot.rest.git.deleteRef({ ...at, ref: "heads/moving" });
  expect((await refusalOf(town.bot.rest.git.getRef({ ...at, ref: "heads/moving" }))).status).toBe(
    404,
  );
});

it("lists matching refs all at once, whatever their number", async () => {
  const { data: main } = await town.bot.rest.git.getRef({ ...at, ref: "heads/main" });
  for (let index = 0; index < 35; index += 1) {
    const ref = `refs/fanfold/many/${index}`;
    await town.bot.rest.git.createRef({ ...at, ref, sha: main.object.sha });
  }
  const { data } = await town.bot.rest.git.listMatchingRefs({ ...at, ref: "fanfold/many/" });
  expect(data).toHaveLength(35);
  const { data: none } = await town.bot.rest.git.listMatchingRefs({ ...at, ref: "fanfold/none/" });
  expect(none).toEqual([]);
});

it("answers 409 for what an empty repository cannot have", async () => {
  await town.github.createRepository({ owner: "acme", name: "empty" });
  const empty = { owner: "acme", repo: "empty" };
  expect((await refusalOf(town.bot.rest.git.getRef({ ...empty, ref: "heads/main" }))).status).toBe(
    409,
  );
  expect((await refusalOf(town.bot.rest.repos.listCommits(empty))).status).toBe(409);
  expect((await town.bot.rest.repos.get(empty)).data.default_branch).toBe("main");
});

it("compares branches with the commits and files between them", async () => {
  await branch(town, "compared", { "compared.txt": "c\n" });
  const { data } = await town.bot.rest.repos.compareCommitsWithBasehead({
    ...at,
    basehead: "main...compared",
  });
  expect(data).toMatchObject({ status: "ahead", ahead_by: 1, behind_by: 0 });
  expect(data.files?.map(({ filename }) => filename)).toEqual(["compared.txt"]);
});

it("reads files at any ref, folders as lists, and says so of what is not there", async () => {
  await branch(town, "reading", { "deep/ä b.txt": "found\n" });
  const get = (path: string, ref = "reading") =>
    town.bot.rest.repos.getContent({ ...at, path, ref });
  const { data: file } = await get("deep/ä b.txt");
  if (Array.isArray(file) || file.type !== "file") throw new Error("A file was expected.");
  expect(Buffer.from(file.content, "base64").toString()).toBe("found\n");
  const { data: folder } = await get("deep");
  expect(folder).toMatchObject([{ name: "ä b.txt", path: "deep/ä b.txt", type: "file" }]);
  expect((await refusalOf(get("deep/none.txt"))).status).toBe(404);
  expect((await refusalOf(get("README.md", "none"))).status).toBe(404);
});

it("pages its lists with links to the next page", async () => {
  for (let index = 0; index < 5; index += 1) {
    await town.github.createIssue(repo, { as: "ada", title: `Issue ${index}`, body: "" });
  }
  const first = await town.bot.rest.issues.listForRepo({ ...at, per_page: 2 });
  expect(first.data).toHaveLength(2);
  expect(first.headers.link).toMatch(/page=2>; rel="next".*rel="last"/);
  const all = await town.bot.paginate(town.bot.rest.issues.listForRepo, { ...at, per_page: 2 });
  expect(new Set(all.map(({ number }) => number)).size).toBe(all.length);
  expect(all.length).toBeGreaterThanOrEqual(5);
});
