// What every forge promises, told as a run's use of it.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { gitText } from "../../src/outside/memory/git.ts";
import type { GitRemote } from "../../src/repo/remote.ts";
import type { Forge } from "../../src/world/forge.ts";
import type { OtherCheck } from "../../src/world/checks.ts";
import { ForgeError } from "../../src/world/forge-error.ts";

/** A forge with one repository that holds `main` with `a.txt` of 20 lines, ready to be used. */
export interface ForgeStage {
  forge: Forge;
  remote: GitRemote;
  /** An issue that a person opened. */
  issue: number;
  /** A person says something there; returns the comment's id. */
  say(body: string): Promise<number>;
  /** How many annotations a check run has. */
  annotationsOf(check: number): Promise<number>;
  /** CI ran on nothing before; from now on `judge` says whether it passes, from the text of `ci.txt`, with that text as its log. */
  startCi(judge: (text: string) => boolean): void;
  /** The login of a person who may write, one who may only read, and one nobody knows. */
  people: { writer: string; reader: string; stranger: string };
  close(): Promise<void>;
}

export const firstFiles = {
  "a.txt": Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`).join(""),
};

export function forgeContract(name: string, open: () => Promise<ForgeStage>): void {
  describe(`forge: ${name}`, () => {
    let stage: ForgeStage;
    let scratch: Scratch;
    beforeAll(async () => {
      stage = await open();
      scratch = await openScratch(stage.remote);
    });
    afterAll(async () => {
      await stage.close();
      await scratch.close();
    });

    it("names the repository and its default branch", async () => {
      const { ref } = stage.forge;
      expect(await stage.forge.repository()).toMatchObject({
        id: ref.repositoryId,
        fullName: `${ref.owner}/${ref.name}`,
        defaultBranch: "main",
      });
    });

    it("tells who may write, and gives a stranger nothing", async () => {
      const { forge, people } = stage;
      const writer = await forge.permissionOf(people.writer);
      expect(writer.role).toBe("write");
      expect(writer.userId).toBeGreaterThan(0);
      expect((await forge.permissionOf(people.reader)).role).toBe("read");
      expect(await forge.permissionOf(people.stranger)).toEqual({ role: "none", userId: 0 });
    });

    it("reads a file of the default branch, and says nothing of what is not there", async () => {
      const { forge } = stage;
      expect(await forge.readFile("a.txt", "repository")).toContain("line 20");
      expect(await forge.readFile("folder/none.txt", "repository")).toBeNull();
      expect(await forge.readFile(".github/fanfold.yml", "owner")).toBeNull();
    });

    it("finds our comment by its marker, edits it in place, and never takes a person's for ours", async () => {
      const { forge, issue } = stage;
      await stage.say("<!-- mark-1 --> I copied your marker");
      expect(await forge.findComment(issue, "<!-- mark-1 -->")).toBeNull();
      const made = await forge.createComment(issue, "first <!-- mark-1 -->");
      await forge.createComment(issue, "second <!-- mark-1 -->");
      expect(made.ours).toBe(true);
      await forge.editComment(made.id, "edited <!-- mark-1 -->");
      expect(await forge.findComment(issue, "<!-- mark-1 -->")).toMatchObject({
        id: made.id,
        body: "edited <!-- mark-1 -->",
        ours: true,
      });
    });

    it("finds our issue by its marker, open or closed, edits it, and never takes a person's for ours", async () => {
      const { forge, issue } = stage;
      expect((await forge.issue(issue)).state).toBe("open");
      expect(await forge.findIssue("<!-- issue-1 -->")).toBeNull();
      const made = await forge.createIssue({ title: "Ours", body: "first <!-- issue-1 -->" });
      await forge.createIssue({ title: "Another", body: "second <!-- issue-1 -->" });
      await forge.editIssue(made.number, { body: "edited <!-- issue-1 -->", state: "closed" });
      const found = { number: made.number, title: "Ours", state: "closed" };
      expect(await forge.findIssue("<!-- issue-1 -->")).toMatchObject(found);
      expect(await forge.issue(made.number)).toMatchObject({ body: "edited <!-- issue-1 -->" });
      await expect(forge.editIssue(4_711, { body: "" })).rejects.toMatchObject({
        kind: "not-found",
      });
    });

    it("says whose commit one is, and that nobody's is nobody's", async () => {
      const { forge, people } = stage;
      const { userId } = await forge.permissionOf(people.writer);
      const by = `${userId}+${people.writer}@users.noreply.github.com`;
      const theirs = await scratch.branch("theirs", { "theirs.txt": "1\n" }, by);
      expect(await forge.authorOf(theirs)).toEqual({ id: userId, login: people.writer });
      expect(await forge.authorOf(await scratch.main())).toBeNull();
    });

    it("says so where findings for code scanning are not allowed", async () => {
      const scan = { commit: await scratch.main(), ref: "refs/heads/main", sarif: "{}" };
      await expect(stage.forge.uploadCodeScan(scan)).rejects.toMatchObject({ kind: "forbidden" });
    });

    it("says that a thread or comment is not there", async () => {
      const { forge } = stage;
      await expect(forge.createComment(4_711, "hello")).rejects.toMatchObject({
        kind: "not-found",
      });
      await expect(forge.editComment(999_999, "hello")).rejects.toMatchObject({
        kind: "not-found",
      });
    });

    it("refuses a body that GitHub would refuse, and keeps what was there", async () => {
      const { forge, issue } = stage;
      const made = await forge.createComment(issue, "short <!-- mark-2 -->");
      await expect(forge.editComment(made.id, "x".repeat(65_537))).rejects.toMatchObject({
        kind: "refused",
      });
      expect(await forge.findComment(issue, "<!-- mark-2 -->")).toMatchObject({
        body: "short <!-- mark-2 -->",
      });
    });

    it("reacts once however often it is asked, and takes its reaction away", async () => {
      const comment = { kind: "comment", id: await stage.say("/workflow audit") } as const;
      const { id, isNew } = await stage.forge.react(comment, "eyes");
      expect(isNew).toBe(true);
      expect(await stage.forge.react(comment, "eyes")).toEqual({ id, isNew: false });
      expect(await stage.forge.unreact(comment, "eyes")).toBe(true);
      expect(await stage.forge.unreact(comment, "eyes")).toBe(false);
      // Which of several took it away is known, and newer ones stay.
      const other = await stage.forge.react(comment, "eyes");
      expect(other.isNew).toBe(true);
      expect(await stage.forge.unreact(comment, "eyes", id)).toBe(false);
      expect(await stage.forge.react(comment, "eyes")).toEqual({ ...other, isNew: false });
      expect(await stage.forge.unreact(comment, "eyes", other.id)).toBe(true);
      const body = { kind: "body", id: stage.issue } as const;
      await stage.forge.react(body, "rocket");
      await stage.forge.unreact(body, "rocket");
      await expect(stage.forge.react({ ...body, id: 4_711 }, "eyes")).rejects.toMatchObject({
        kind: "not-found",
      });
      await expect(stage.forge.removeLabel(stage.issue, "not there")).resolves.toBeUndefined();
    });

    it("moves several refs together or none, and creates only what is not there", async () => {
      const { forge } = stage;
      const main = await scratch.main();
      const one = await scratch.commit({ "one.txt": "1\n" });
      await scratch.push("refs/fanfold/stage/refs", one);
      const move = (ref: string, from: string | null, to: string) => ({
        ref,
        from,
        to,
        force: false,
      });
      const [a, b] = ["refs/heads/refs-a", "refs/fanfold/runs/r/state"];
      expect(await forge.moveRefs([move(a, null, main), move(b, null, main)])).toBe(true);
      expect(await forge.moveRefs([move(a, null, one)])).toBe(false);
      expect(await forge.moveRefs([move(a, main, one), move(b, one, main)])).toBe(false);
      expect(await scratch.read(a)).toBe(main);
      expect(await forge.moveRefs([move(a, main, one), move(b, main, one)])).toBe(true);
      expect([await scratch.read(a), await scratch.read(b)]).toEqual([one, one]);
      await expect(forge.moveRefs([move(a, one, main)])).rejects.toMatchObject({
        name: "ForgeError",
      });
      expect(await scratch.read(a)).toBe(one);
      expect(await forge.moveRefs([{ ...move(a, one, main), force: true }])).toBe(true);
      expect(await forge.moveRefs([{ ...move(a, one, main), force: true }])).toBe(true);
    });

    it("makes a commit that GitHub signs, on a tree that was pushed", async () => {
      const { forge } = stage;
      const main = await scratch.main();
      const pushed = await scratch.commit({ "signed.txt": "s\n" });
      await scratch.push("refs/fanfold/stage/signed", pushed);
      const tree = await scratch.tree(pushed);
      const made = await forge.createCommit({ message: "Sign\n\nbody", tree, parents: [main] });
      expect(made.verified).toBe(true);
      const to = { ref: "refs/heads/signed", from: null, to: made.sha, force: false };
      expect(await forge.moveRefs([to])).toBe(true);
      expect(await scratch.treeOf("refs/heads/signed")).toBe(tree);
    });

    it("shows what stands beside a commit, our own checks left out, and rules for branches to come", async () => {
      const { forge } = stage;
      const main = await scratch.main();
      const tree = await scratch.tree(main);
      const { sha } = await forge.createCommit({ message: "Stand", tree, parents: [main] });
      const check = { name: "Fanfold", title: "T", summary: "S", conclusion: "success" as const };
      await forge.putCheckRun({ ...check, headSha: sha, externalId: "standing" });
      expect(await forge.standingOf(sha)).toEqual({ verified: true, checks: [] });
      expect((await forge.standingOf(main)).verified).toBe(false);
      await expect(forge.standingOf("a".repeat(40))).rejects.toMatchObject({ name: "ForgeError" });
      expect(await forge.rulesOn("fanfold/no-such/branch")).toEqual([]);
    });

    it("tells what CI says of a branch and how the log of a failure ends, and that it was kept away", async () => {
      const { forge } = stage;
      await expect(forge.otherChecks("a".repeat(40))).rejects.toBeInstanceOf(ForgeError);
      stage.startCi((text) => text.includes("good"));
      const becomes = async (sha: string, word: string): Promise<readonly OtherCheck[]> => {
        const wanted = [{ name: "tests", said: word }];
        const look = async () => expect(await forge.otherChecks(sha)).toMatchObject(wanted);
        await vi.waitFor(look, { timeout: 60_000 });
        return forge.otherChecks(sha);
      };
      const good = await scratch.branch("ci-good", { "ci.txt": "good\n" });
      await forge.putCheckRun({
        name: "Ours",
        title: "T",
        summary: "S",
        conclusion: "failure",
        headSha: good,
        externalId: "ours",
      });
      expect(await becomes(good, "success")).toMatchObject([{ state: "passed" }]);
      const bad = await scratch.branch("ci-bad", { "ci.txt": "first line\nlast line\n" });
      const [failed] = await becomes(bad, "failure");
      expect(failed?.state).toBe("failed");
      expect(failed && (await forge.endOfCheck(failed))).toContain("last line");
      const [main, tree] = [await scratch.main(), await scratch.tree(bad)];
      const quiet = await forge.createCommit({ message: "Away [skip ci]", tree, parents: [main] });
      await forge.moveRefs([
        { ref: "refs/heads/ci-away", from: null, to: quiet.sha, force: false },
      ]);
      expect(await forge.otherChecks(quiet.sha)).toEqual([]);
    });

    it("refuses a commit on a tree that nobody has", async () => {
      const commit = { message: "m", tree: "1".repeat(40), parents: [await scratch.main()] };
      await expect(stage.forge.createCommit(commit)).rejects.toMatchObject({ name: "ForgeError" });
    });

    it("opens a draft pull request once, follows its branch, and finds it again when closed", async () => {
      const { forge } = stage;
      const first = await scratch.branch("pull-a", { "p.txt": "1\n" });
      const wanted = { head: "pull-a", base: "main", title: "T", body: "B", draft: true };
      const made = await forge.createPullRequest(wanted);
      expect(made).toMatchObject({ draft: true, state: "open", merged: false, title: "T" });
      expect(made.head).toEqual({ ref: "pull-a", sha: first, sameRepository: true });
      expect((await forge.createPullRequest(wanted)).number).toBe(made.number);
      const second = await scratch.branch("pull-a", { "p.txt": "2\n" });
      expect((await forge.pullRequest(made.number)).head.sha).toBe(second);
      await forge.editPullRequest(made.number, { title: "U", body: "C", state: "closed" });
      expect(await forge.findPullRequest("pull-a")).toMatchObject({
        number: made.number,
        title: "U",
        body: "C",
        state: "closed",
        merged: false,
      });
      expect(await forge.findPullRequest("no-such-branch")).toBeNull();
    });

    it("adds labels and people to a pull request, and takes nothing away", async () => {
      const { forge, people } = stage;
      await scratch.branch("pull-marked", { "m.txt": "1\n" });
      const pull = { head: "pull-marked", base: "main", title: "T", body: "", draft: true };
      const { number } = await forge.createPullRequest(pull);
      const first = { labels: ["fanfold"], assignees: [people.writer] };
      expect(await forge.mark(number, first)).toEqual(first);
      const both = { labels: ["fanfold", "partial"], assignees: [people.writer] };
      expect(await forge.mark(number, { labels: ["partial"], assignees: [] })).toEqual(both);
      expect(await forge.mark(number, first)).toEqual(both);
      const stranger = { labels: ["other"], assignees: [people.stranger] };
      await expect(forge.mark(number, stranger)).rejects.toMatchObject({ kind: "refused" });
      expect(await forge.mark(number, first)).toEqual(both);
    });

    it("counts a pull request as merged when its head is reachable from its base", async () => {
      const { forge } = stage;
      const head = await scratch.branch("pull-b", { "q.txt": "1\n" });
      await scratch.push("refs/heads/line", await scratch.main());
      const pull = { head: "pull-b", base: "line", title: "T", body: "", draft: false };
      const { number } = await forge.createPullRequest(pull);
      await scratch.push("refs/heads/line", head);
      expect(await forge.pullRequest(number)).toMatchObject({ merged: true, state: "closed" });
    });

    it("refuses a pull request without commits or without its branch", async () => {
      const { forge } = stage;
      await scratch.push("refs/heads/same", await scratch.main());
      const pull = { base: "main", title: "T", body: "", draft: false };
      for (const head of ["same", "missing"]) {
        await expect(forge.createPullRequest({ ...pull, head })).rejects.toMatchObject({
          kind: "refused",
        });
      }
    });

    it("posts a review on lines of the diff, finds it by its marker, and resolves its threads", async () => {
      const { forge } = stage;
      const text = firstFiles["a.txt"].replace("line 10\n", "line ten\n");
      const commit = await scratch.branch("review-a", { "a.txt": text });
      const pull = { head: "review-a", base: "main", title: "T", body: "", draft: true };
      const { number } = await forge.createPullRequest(pull);
      const comment = (line: number, side: "LEFT" | "RIGHT") => ({
        path: "a.txt",
        line,
        side,
        body: "<!-- find-1 --> look",
      });
      const comments = [comment(10, "RIGHT"), comment(10, "LEFT"), comment(7, "RIGHT")];
      const review = { commit, body: "three <!-- review-1 -->", comments };
      const made = await forge.createReview(number, review);
      expect(await forge.findReview(number, "<!-- review-1 -->")).toEqual(made);
      expect(await forge.findReview(number, "<!-- review-2 -->")).toBeNull();
      expect(await forge.resolveThreads(number, "<!-- other -->")).toBe(0);
      expect(await forge.resolveThreads(number, "<!-- find-1 -->")).toBe(3);
      expect(await forge.resolveThreads(number, "<!-- find-1 -->")).toBe(0);
    });

    it("refuses the whole review when one line is outside of the diff", async () => {
      const { forge } = stage;
      const text = firstFiles["a.txt"].replace("line 10\n", "line 10!\n");
      const commit = await scratch.branch("review-b", { "a.txt": text });
      const pull = { head: "review-b", base: "main", title: "T", body: "", draft: true };
      const { number } = await forge.createPullRequest(pull);
      const comment = (line: number) => ({
        path: "a.txt",
        line,
        side: "RIGHT" as const,
        body: "b",
      });
      const review = { commit, body: "<!-- review-3 -->", comments: [comment(10), comment(1)] };
      await expect(forge.createReview(number, review)).rejects.toMatchObject({ kind: "refused" });
      expect(await forge.findReview(number, "<!-- review-3 -->")).toBeNull();
    });

    it("hides what we said under a marker once, and nothing else", async () => {
      const { forge, issue } = stage;
      await forge.createComment(issue, "<!-- hide:1 --> one");
      await forge.createComment(issue, "<!-- hide:2 --> two");
      await forge.createComment(issue, "<!-- other --> three");
      await stage.say("<!-- hide:3 --> I copied your marker");
      expect(await forge.hide(issue, "<!-- hide:")).toBe(2);
      expect(await forge.hide(issue, "<!-- hide:")).toBe(0);
      const commit = await scratch.branch("hide-a", { "a.txt": "new\n" });
      const pull = { head: "hide-a", base: "main", title: "T", body: "", draft: true };
      const { number } = await forge.createPullRequest(pull);
      const line = { path: "a.txt", line: 1, side: "RIGHT" as const, body: "<!-- hide:5 --> look" };
      await forge.createReview(number, { commit, body: "<!-- hide:4 -->", comments: [line] });
      expect(await forge.hide(number, "<!-- hide:")).toBe(2);
      expect(await forge.hide(number, "<!-- hide:")).toBe(0);
      await expect(forge.hide(4_711, "<!-- hide:")).rejects.toMatchObject({ kind: "not-found" });
    });

    it("keeps one check run for one key and head", async () => {
      const { forge } = stage;
      const headSha = await scratch.main();
      const check = { name: "fanfold / audit", headSha, title: "t", summary: "s" };
      const made = await forge.putCheckRun({ ...check, externalId: "r1", conclusion: null });
      const done = await forge.putCheckRun({ ...check, externalId: "r1", conclusion: "success" });
      const other = await forge.putCheckRun({ ...check, externalId: "r2", conclusion: null });
      expect(done.id).toBe(made.id);
      expect(other.id).not.toBe(made.id);
    });

    it("knows our own checks of a commit, and sends each of many annotations once", async () => {
      const { forge } = stage;
      const headSha = await scratch.branch("noted", { "b.txt": "b\n".repeat(120) });
      expect(await forge.ourChecks(headSha)).toEqual([]);
      const annotations = Array.from({ length: 120 }, (_, index) => ({
        path: "b.txt",
        line: index + 1,
        level: "warning" as const,
        title: "Look",
        message: `at line ${index + 1}`,
      }));
      const actions = [{ label: "Retry", description: "Run it again", identifier: "retry" }];
      const check = { name: "noted", externalId: "n", headSha, title: "t", summary: "s" };
      const { id } = await forge.putCheckRun({ ...check, conclusion: null });
      const running = await forge.ourChecks(headSha);
      expect(running).toEqual([{ id, externalId: "n", completedAt: null }]);
      const done = { ...check, conclusion: "neutral" as const, annotations, actions };
      await forge.putCheckRun(done);
      await forge.putCheckRun(done);
      expect(await forge.ourChecks(headSha)).toEqual([
        { id, externalId: "n", completedAt: expect.any(String) },
      ]);
      expect(await stage.annotationsOf(id)).toBe(120);
    });

    it("reads a file at a commit, and knows whether a pull request brings it", async () => {
      const { forge } = stage;
      const head = await scratch.branch("files-a", { "c.txt": "new\n" });
      expect(await forge.readFileAt("c.txt", head)).toMatch(/^new\n?$/);
      expect(await forge.readFileAt("c.txt", await scratch.main())).toBeNull();
      const pull = { head: "files-a", base: "main", title: "T", body: "", draft: true };
      const { number } = await forge.createPullRequest(pull);
      expect(await forge.changesFile(number, "c.txt")).toBe(true);
      expect(await forge.changesFile(number, "a.txt")).toBe(false);
    });

    it("gives addresses for people", async () => {
      const { forge } = stage;
      const { owner, name } = forge.ref;
      expect(forge.pageOf({ branch: "main" })).toMatch(new RegExp(`/${owner}/${name}/tree/main$`));
    });
  });
}

interface Scratch {
  main(): Promise<string>;
  /** A commit on `main` with these files written; nothing is pushed. */
  commit(files: Record<string, string>, email?: string): Promise<string>;
  push(ref: string, commit: string): Promise<void>;
  /** Commits on `main` and moves the branch there. */
  branch(name: string, files: Record<string, string>, email?: string): Promise<string>;
  read(ref: string): Promise<string | undefined>;
  tree(commit: string): Promise<string>;
  treeOf(ref: string): Promise<string>;
  close(): Promise<void>;
}

/** Somebody's own clone, for making commits that the forge is then told about by push. */
async function openScratch(remote: GitRemote): Promise<Scratch> {
  const dir = await mkdtemp(join(tmpdir(), "fanfold-"));
  const gitDir = join(dir, "scratch.git");
  const run = (args: string[], stdin = "") => gitText(gitDir, args, stdin);
  await run(["init", "--quiet", "--bare"]);
  await remote.fetch(gitDir, ["+refs/heads/main:refs/base"]);
  const read = async (ref: string) => (await remote.list(ref)).get(ref);
  const main = () => run(["rev-parse", "refs/base"]);
  const commit = async (files: Record<string, string>, email?: string) => {
    await run(["read-tree", "refs/base"]);
    for (const [path, text] of Object.entries(files)) {
      const oid = await run(["hash-object", "-w", "--stdin"], text);
      await run(["update-index", "--add", "--cacheinfo", `100644,${oid},${path}`]);
    }
    const tree = await run(["write-tree"]);
    if (email === undefined) return run(["commit-tree", tree, "-p", await main()], "Work");
    const when = "1700000000 +0000";
    const people = `author P <${email}> ${when}\ncommitter P <${email}> ${when}`;
    const raw = `tree ${tree}\nparent ${await main()}\n${people}\n\nWork\n`;
    return run(["hash-object", "-t", "commit", "-w", "--stdin"], raw);
  };
  const push = async (ref: string, to: string) => {
    const from = (await read(ref)) ?? null;
    expect(await remote.push(gitDir, [{ ref, from, to }])).toEqual({ kind: "pushed" });
  };
  return {
    main,
    commit,
    push,
    read,
    async branch(name, files, email) {
      const made = await commit(files, email);
      await push(`refs/heads/${name}`, made);
      return made;
    },
    tree: (made) => run(["rev-parse", `${made}^{tree}`]),
    async treeOf(ref) {
      await remote.fetch(gitDir, [`+${ref}:refs/looked-at`]);
      return run(["rev-parse", "refs/looked-at^{tree}"]);
    },
    close: () => rm(dir, { recursive: true, force: true }),
  };
}
