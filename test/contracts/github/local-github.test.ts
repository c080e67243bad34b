// Asks the local GitHub for everything it serves, with GitHub's own client, and holds each answer and webhook against
// GitHub's published description.

import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";

import { operations } from "../../../scripts/github-contract/operations.ts";
import { defaultPermissions } from "../../../src/local/github/app.ts";
import { type LocalGitHub, startLocalGitHub } from "../../../src/local/github/server.ts";
import { makeApp, manifestOf } from "../../local/github/new-app.ts";
import { startRecorder } from "./recorder.ts";
import { byName, routesOf } from "./routes.ts";

const recorder = startRecorder();
const repo = { owner: "octo-org", repo: "wares" };
const manyLines = (changed?: number) =>
  Array.from({ length: 30 }, (_, index) =>
    index + 1 === changed ? "safe();\n" : `line(${index + 1});\n`,
  ).join("");

let folder: string;
let github: LocalGitHub;
let hooks: Server;
/** As the App itself, as its installation, and as a person who may write. */
let app: Octokit;
let bot: Octokit;
let ada: Octokit;
let base = "";
const arrived: string[] = [];

const HookBody = z.looseObject({ action: z.string().optional() });

async function listen(): Promise<string> {
  hooks = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const event = String(request.headers["x-github-event"]);
      const payload = HookBody.parse(JSON.parse(Buffer.concat(chunks).toString("utf8")));
      arrived.push(payload.action === undefined ? event : `${event}.${payload.action}`);
      recorder.webhook(event, payload);
      response.end("ok");
    });
  });
  await new Promise<void>((resolve) => hooks.listen(0, "127.0.0.1", resolve));
  const address = hooks.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return `http://127.0.0.1:${port}/api/github/webhooks`;
}

async function sampleRepository(): Promise<string> {
  const path = join(folder, "sample");
  const git = (...args: string[]) => execFileSync("git", ["-C", path, ...args], { stdio: "pipe" });
  execFileSync("git", ["init", "--quiet", "--initial-branch", "main", path]);
  git("config", "user.name", "Ada");
  git("config", "user.email", "ada@example.com");
  await writeFile(join(path, "a.js"), manyLines());
  await writeFile(join(path, "b c.js"), "short();\n");
  git("add", "--all");
  git("commit", "--quiet", "--message", "Begin");
  return path;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanfold-"));
  const webhookUrl = await listen();
  github = await startLocalGitHub({
    port: 0,
    dataDir: join(folder, "data"),
    app: {
      id: 77,
      slug: "fanfold",
      webhookSecret: "a secret of the test",
      webhookUrl,
      permissions: { ...defaultPermissions, security_events: "write" },
    },
    onExchange: recorder.onExchange,
  });
  const person = await github.createUser({ login: "ada" });
  await github.createRepository({ owner: repo.owner, name: repo.repo, private: true });
  await github.setRole({ owner: repo.owner, name: repo.repo }, "ada", "write");
  await github.importRepository({ owner: repo.owner, name: repo.repo }, await sampleRepository());
  const common = { baseUrl: github.url, log: quiet };
  const auth = { appId: 77, privateKey: github.app.privateKey };
  app = new Octokit({ ...common, authStrategy: createAppAuth, auth });
  const { data: installation } = await app.rest.apps.getRepoInstallation(repo);
  bot = new Octokit({
    ...common,
    authStrategy: createAppAuth,
    auth: { ...auth, installationId: installation.id },
  });
  ada = new Octokit({ ...common, auth: person.token });
  const main = await bot.rest.git.getRef({ ...repo, ref: "heads/main" });
  base = main.data.object.sha;
});

afterAll(async () => {
  await github.close();
  hooks.closeAllConnections();
  hooks.close();
  await rm(folder, { recursive: true, force: true });
});

/** Waits for webhooks on their way, then says what was wrong so far. */
async function expectContract(...events: string[]): Promise<void> {
  await vi.waitFor(() => expect(arrived).toEqual(expect.arrayContaining(events)), 60_000);
  recorder.expectNoViolations();
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** A GitHub with a person and no App. */
async function openBare() {
  const { onExchange } = recorder;
  const bare = await startLocalGitHub({ dataDir: join(folder, "bare"), onExchange });
  await bare.createUser({ login: "ada" });
  return { github: bare, [Symbol.asyncDispose]: () => bare.close() };
}

/** A commit on a new branch in which the sixth line of `a.js` changed. */
async function newBranch(name: string): Promise<string> {
  const { data: parent } = await bot.rest.git.getCommit({ ...repo, commit_sha: base });
  const { data: blob } = await bot.rest.git.createBlob({
    ...repo,
    content: manyLines(6),
    encoding: "utf-8",
  });
  const { data: tree } = await bot.rest.git.createTree({
    ...repo,
    base_tree: parent.tree.sha,
    tree: [{ path: "a.js", mode: "100644", type: "blob", sha: blob.sha }],
  });
  const { data: commit } = await bot.rest.git.createCommit({
    ...repo,
    message: `Change on ${name}`,
    tree: tree.sha,
    parents: [base],
  });
  await bot.rest.git.createRef({ ...repo, ref: `refs/heads/${name}`, sha: commit.sha });
  return commit.sha;
}

async function newPull(name: string) {
  const sha = await newBranch(name);
  const { data } = await bot.rest.pulls.create({
    ...repo,
    title: `Pull ${name}`,
    head: name,
    base: "main",
    body: "Text",
    draft: true,
  });
  return { sha, number: data.number, node: data.node_id };
}

describe("every answer of the local GitHub is one that GitHub could give", () => {
  it("about the App, its installations and tokens", async () => {
    await app.rest.apps.getAuthenticated();
    const { data: installations } = await app.rest.apps.listInstallations();
    const installation_id = installations[0]?.id ?? 0;
    await app.rest.apps.getInstallation({ installation_id });
    await app.rest.apps.getWebhookConfigForApp();
    const { data: repository } = await bot.rest.repos.get(repo);
    const { data: narrow } = await app.rest.apps.createInstallationAccessToken({
      installation_id,
      repository_ids: [repository.id],
      permissions: { contents: "read" },
    });
    const narrowed = new Octokit({ baseUrl: github.url, auth: narrow.token });
    await narrowed.request("GET /repositories/{repository_id}", { repository_id: repository.id });
    await narrowed.rest.apps.listReposAccessibleToInstallation();
    await narrowed.rest.apps.revokeInstallationAccessToken();
    await bot.rest.rateLimit.get();
    await bot.rest.users.getByUsername({ username: "ada" });
    await bot.rest.users.getByUsername({ username: "fanfold[bot]" });
    await bot.rest.repos.getCollaboratorPermissionLevel({ ...repo, username: "ada" });
    await expectContract("installation.created");
  });

  it("about an App that a person makes from a manifest", async () => {
    await using bare = await openBare();
    const { code } = await makeApp(bare.github.url, manifestOf("Wares Bot"));
    const client = new Octokit({ baseUrl: bare.github.url, log: quiet });
    const { data } = await client.rest.apps.createFromManifest({ code });
    expect(data).toMatchObject({ name: "Wares Bot", slug: "wares-bot", owner: { login: "ada" } });
    await expect(client.rest.apps.createFromManifest({ code })).rejects.toMatchObject({
      status: 404,
    });
    const auth = { appId: data.id, privateKey: data.pem };
    const made = new Octokit({ baseUrl: bare.github.url, authStrategy: createAppAuth, auth });
    const { data: asked } = await made.rest.apps.getAuthenticated();
    expect(asked).toMatchObject({
      id: data.id,
      permissions: { metadata: "read", issues: "write" },
    });
    recorder.expectNoViolations();
  });

  it("about issues, comments and reactions", async () => {
    const { data: issue } = await ada.rest.issues.create({ ...repo, title: "One", body: "Text" });
    const issue_number = issue.number;
    await bot.rest.issues.get({ ...repo, issue_number });
    await bot.rest.issues.listForRepo({ ...repo, state: "all", per_page: 5 });
    await bot.rest.issues.update({ ...repo, issue_number, title: "Two" });
    const { data: said } = await ada.rest.issues.createComment({
      ...repo,
      issue_number,
      body: "Hi",
    });
    const comment_id = said.id;
    await github.comment({ owner: repo.owner, name: repo.repo }, issue_number, {
      as: "ada",
      body: "Typed",
    });
    await bot.rest.issues.listComments({ ...repo, issue_number, per_page: 1 });
    await bot.rest.issues.listCommentsForRepo(repo);
    await bot.rest.issues.getComment({ ...repo, comment_id });
    const { data: reaction } = await bot.rest.reactions.createForIssueComment({
      ...repo,
      comment_id,
      content: "eyes",
    });
    await bot.rest.reactions.listForIssueComment({ ...repo, comment_id });
    await bot.rest.reactions.deleteForIssueComment({
      ...repo,
      comment_id,
      reaction_id: reaction.id,
    });
    const onIssue = { ...repo, issue_number };
    const rocket = await bot.rest.reactions.createForIssue({ ...onIssue, content: "rocket" });
    await bot.rest.reactions.listForIssue(onIssue);
    await bot.rest.reactions.deleteForIssue({ ...onIssue, reaction_id: rocket.data.id });
    const { data: own } = await bot.rest.issues.createComment({
      ...repo,
      issue_number,
      body: "Mine",
    });
    await bot.rest.issues.updateComment({ ...repo, comment_id: own.id, body: "Edited" });
    await bot.rest.issues.deleteComment({ ...repo, comment_id: own.id });
    await ada.rest.issues.update({
      ...repo,
      issue_number,
      state: "closed",
      state_reason: "completed",
    });
    await ada.rest.issues.update({ ...repo, issue_number, state: "open" });
    await expectContract(
      ...["opened", "edited", "closed", "reopened"].map((action) => `issues.${action}`),
      ...["created", "edited", "deleted"].map((action) => `issue_comment.${action}`),
    );
  });

  it("about pull requests, reviews and threads", async () => {
    const { number: pull_number, sha, node } = await newPull("fanfold/r1/one");
    const at = { ...repo, pull_number };
    await bot.rest.pulls.get(at);
    await vi.waitFor(async () => {
      const { data } = await bot.rest.pulls.get(at);
      expect(data.mergeable).toBe(true);
    }, 60_000);
    await bot.rest.pulls.get({ ...at, mediaType: { format: "diff" } });
    await expect(bot.rest.pulls.checkIfMerged(at)).rejects.toMatchObject({ status: 404 });
    await bot.rest.pulls.list({ ...repo, state: "all", head: `${repo.owner}:fanfold/r1/one` });
    await bot.rest.pulls.update({ ...at, title: "Better", body: "Said better" });
    await bot.rest.pulls.listFiles(at);
    await bot.rest.pulls.listCommits(at);
    await bot.rest.issues.get({ ...repo, issue_number: pull_number });
    const { data: review } = await bot.rest.pulls.createReview({
      ...at,
      commit_id: sha,
      event: "COMMENT",
      body: "Verdict: rejected",
      comments: [{ path: "a.js", line: 6, side: "RIGHT", body: "Not safe yet." }],
    });
    await bot.rest.pulls.listReviews(at);
    await bot.rest.pulls.getReview({ ...at, review_id: review.id });
    const { data: own } = await bot.rest.pulls.listCommentsForReview({
      ...at,
      review_id: review.id,
    });
    const { data: comment } = await ada.rest.pulls.createReviewComment({
      ...at,
      commit_id: sha,
      path: "a.js",
      line: 6,
      side: "LEFT",
      body: "Why?",
    });
    await ada.rest.pulls.createReplyForReviewComment({
      ...at,
      comment_id: own[0]?.id ?? 0,
      body: "Right.",
    });
    await bot.rest.pulls.listReviewComments(at);
    await bot.rest.pulls.getReviewComment({ ...repo, comment_id: comment.id });
    const outside = { path: "a.js", line: 29, side: "RIGHT", body: "Too far" };
    const refused = bot.rest.pulls.createReview({ ...at, event: "COMMENT", comments: [outside] });
    await expect(refused).rejects.toMatchObject({ status: 422 });
    await bot.graphql(
      `mutation ($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } } }`,
      { id: node },
    );
    await bot.graphql(
      `mutation ($id: ID!) { convertPullRequestToDraft(input: { pullRequestId: $id }) { pullRequest { isDraft } } }`,
      { id: node },
    );
    const Threads = z.object({
      repository: z.object({
        pullRequest: z.object({
          reviewThreads: z.object({
            nodes: z.array(z.object({ id: z.string(), isResolved: z.boolean() })),
          }),
        }),
      }),
    });
    const { repository } = Threads.parse(
      await bot.graphql(
        `query ($owner: String!, $name: String!, $number: Int!) {
          repository(owner: $owner, name: $name) { pullRequest(number: $number) {
            reviewThreads(first: 10) { nodes { id isResolved comments(first: 1) { nodes {
              id databaseId body author { login __typename }
            } } } pageInfo { hasNextPage endCursor } }
          } }
        }`,
        { owner: repo.owner, name: repo.repo, number: pull_number },
      ),
    );
    const threads = repository.pullRequest.reviewThreads.nodes;
    expect(threads.map(({ isResolved }) => isResolved)).toEqual([false, false]);
    await bot.graphql(
      `mutation ($id: ID!) { resolveReviewThread(input: { threadId: $id }) { thread { isResolved } } }`,
      { id: threads[0]?.id },
    );
    await bot.graphql(
      `mutation ($id: ID!) { minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) {
        minimizedComment { isMinimized }
      } }`,
      { id: comment.node_id },
    );
    await ada.rest.pulls.update({ ...at, state: "closed" });
    await ada.rest.pulls.update({ ...at, state: "open" });
    await expectContract(
      ...["opened", "edited", "closed", "reopened"].map((action) => `pull_request.${action}`),
      "pull_request.ready_for_review",
      "pull_request.converted_to_draft",
      "pull_request_review.submitted",
      "pull_request_review_comment.created",
    );
  });

  it("about pending reviews, and review comments that change", async () => {
    const { number: pull_number } = await newPull("fanfold/r1/pending");
    const at = { ...repo, pull_number };
    const comments = [{ path: "a.js", line: 6, side: "RIGHT", body: "Not safe yet." }];
    const { data: begun } = await bot.rest.pulls.createReview({ ...at, comments });
    await bot.rest.pulls.updateReview({ ...at, review_id: begun.id, body: "Thought over" });
    await bot.rest.pulls.deletePendingReview({ ...at, review_id: begun.id });
    const { data: again } = await bot.rest.pulls.createReview({ ...at, comments });
    const review_id = again.id;
    const event = "COMMENT";
    await bot.rest.pulls.submitReview({ ...at, review_id, event, body: "Verdict: rejected" });
    await bot.rest.pulls.updateReview({ ...at, review_id, body: "Verdict: unverified" });
    const refused = bot.rest.pulls.deletePendingReview({ ...at, review_id });
    await expect(refused).rejects.toMatchObject({ status: 422 });
    const { data: said } = await bot.rest.pulls.listReviewComments(at);
    const comment_id = said[0]?.id ?? 0;
    await bot.rest.pulls.updateReviewComment({ ...repo, comment_id, body: "Safe now." });
    const reaction = { ...repo, comment_id, content: "eyes" as const };
    const { data: put } = await ada.rest.reactions.createForPullRequestReviewComment(reaction);
    await ada.rest.reactions.createForPullRequestReviewComment(reaction);
    await bot.rest.reactions.listForPullRequestReviewComment({ ...repo, comment_id });
    const taken = { ...repo, comment_id, reaction_id: put.id };
    await ada.rest.reactions.deleteForPullRequestComment(taken);
    await bot.rest.pulls.deleteReviewComment({ ...repo, comment_id });
    await expectContract("pull_request_review.submitted", "pull_request_review_comment.created");
  });

  it("about pull requests whose head moves and is merged", async () => {
    const { number: pull_number, sha } = await newPull("fanfold/r1/merged");
    const { data: commit } = await bot.rest.git.getCommit({ ...repo, commit_sha: sha });
    const { data: next } = await bot.rest.git.createCommit({
      ...repo,
      message: "Go on",
      tree: commit.tree.sha,
      parents: [sha],
    });
    await bot.rest.git.updateRef({ ...repo, ref: "heads/fanfold/r1/merged", sha: next.sha });
    await expectContract("pull_request.synchronize");
    await ada.rest.git.updateRef({ ...repo, ref: "heads/main", sha: next.sha });
    const { data: merged } = await bot.rest.pulls.get({ ...repo, pull_number });
    expect(merged).toMatchObject({ state: "closed", merged: true });
    await bot.rest.pulls.checkIfMerged({ ...repo, pull_number });
    await bot.rest.pulls.list({ ...repo, state: "closed" });
    await expectContract();
  });

  it("about a repository that is added to an installation", async () => {
    await github.createRepository({ owner: repo.owner, name: "second" });
    await bot.rest.repos.get({ ...repo, repo: "second" });
    await expectContract("installation_repositories.added");
  });

  it("about checks", async () => {
    const { sha } = await newPull("fanfold/r1/checked");
    const { data: check } = await bot.rest.checks.create({
      ...repo,
      name: "Fanfold",
      head_sha: sha,
      external_id: "r1",
      status: "in_progress",
      output: { title: "Running", summary: "2 of 3" },
    });
    await bot.rest.checks.get({ ...repo, check_run_id: check.id });
    await bot.rest.checks.update({
      ...repo,
      check_run_id: check.id,
      status: "completed",
      conclusion: "success",
      output: { title: "Done", summary: "3 of 3" },
    });
    await bot.rest.checks.listForRef({ ...repo, ref: sha, check_name: "Fanfold" });
    const note = { path: "a.js", start_line: 1, end_line: 1, message: "Look here" };
    const annotations = [{ ...note, annotation_level: "notice" as const }];
    const output = { title: "Done", summary: "3 of 3", annotations };
    await bot.rest.checks.update({ ...repo, check_run_id: check.id, output });
    await bot.rest.checks.listAnnotations({ ...repo, check_run_id: check.id });
    const kept = [...github.state.repositories.values()].find(({ name }) => name === repo.repo);
    const run = kept?.checkRuns.get(check.id);
    if (run !== undefined) run.log = "what a job wrote";
    const job = { ...repo, job_id: check.id, request: { redirect: "manual" as const } };
    await bot.rest.actions.downloadJobLogsForWorkflowRun(job);
    const when = "2026-01-01T00:00:00Z";
    kept?.statuses.push({ id: 7, sha, context: "ci/other", state: "success", at: when });
    await bot.rest.repos.getCombinedStatusForRef({ ...repo, ref: sha });
    const at = { owner: repo.owner, name: repo.repo };
    const button = { label: "Retry", description: "Run it again", identifier: "retry" };
    await bot.rest.checks.update({ ...repo, check_run_id: check.id, actions: [button] });
    await github.gestures.click(at, check.id, { as: "ada", identifier: "retry" });
    await github.gestures.rerun(at, check.id, { as: "ada" });
    await github.gestures.rerunAll(at, sha, { as: "ada" });
    await expectContract("check_run.created", "check_run.completed", "check_run.rerequested");
    await expectContract("check_run.requested_action", "check_suite.rerequested");
  });

  it("about labels, which people put on and the App takes off", async () => {
    const at = { owner: repo.owner, name: repo.repo };
    const { data: issue } = await ada.rest.issues.create({ ...repo, title: "Labeled" });
    const pull = await newPull("fanfold/r1/labeled");
    for (const number of [issue.number, pull.number]) {
      await github.gestures.label(at, number, { as: "ada", name: "fanfold:audit" });
      const labels = { ...repo, issue_number: number };
      await bot.rest.issues.addLabels({ ...labels, labels: ["other"] });
      await bot.rest.issues.listLabelsOnIssue(labels);
      await bot.rest.issues.removeLabel({ ...labels, name: "fanfold:audit" });
    }
    await expectContract("issues.labeled", "pull_request.labeled");
  });

  it("about commits, branches, files and comparisons", async () => {
    const sha = await newBranch("fanfold/r1/read");
    const { data: commit } = await bot.rest.git.getCommit({ ...repo, commit_sha: sha });
    expect(commit.verification.verified).toBe(true);
    await bot.rest.repos.getCommit({ ...repo, ref: "fanfold/r1/read" });
    await bot.rest.repos.listCommits({ ...repo, sha: "fanfold/r1/read" });
    await bot.rest.repos.compareCommitsWithBasehead({
      ...repo,
      basehead: "main...fanfold/r1/read",
    });
    await bot.rest.repos.listBranches(repo);
    await bot.rest.repos.getBranch({ ...repo, branch: "fanfold/r1/read" });
    for (const { rules } of github.state.repositories.values()) rules.push("creation");
    await bot.rest.repos.getBranchRules({ ...repo, branch: "fanfold/r1/read" });
    await bot.rest.repos.getContent({ ...repo, path: "a.js" });
    await bot.rest.repos.getContent({ ...repo, path: "b c.js", ref: base });
    await bot.rest.repos.getContent({ ...repo, path: "" });
    const missing = bot.rest.repos.getContent({ ...repo, path: "none.js" });
    await expect(missing).rejects.toMatchObject({ status: 404 });
    const { data: tree } = await bot.rest.git.getTree({ ...repo, tree_sha: sha, recursive: "1" });
    await bot.rest.git.getBlob({ ...repo, file_sha: tree.tree[0]?.sha ?? "" });
    await expectContract();
  });

  it("about findings for code scanning", async () => {
    const sarif = gzipSync(JSON.stringify({ version: "2.1.0", runs: [] })).toString("base64");
    const upload = { ...repo, commit_sha: base, ref: "refs/heads/main", sarif };
    const { status } = await bot.rest.codeScanning.uploadSarif(upload);
    expect(status).toBe(202);
    const unpacked = bot.rest.codeScanning.uploadSarif({ ...upload, sarif: "{}" });
    await expect(unpacked).rejects.toMatchObject({ status: 400 });
    await expectContract();
  });

  it("about refs, those outside branches too", async () => {
    const sha = await newBranch("fanfold/r1/moved");
    await bot.rest.git.createRef({ ...repo, ref: "refs/fanfold/runs/r1/state", sha });
    await bot.rest.git.getRef({ ...repo, ref: "fanfold/runs/r1/state" });
    await bot.rest.git.listMatchingRefs({ ...repo, ref: "fanfold/runs/" });
    await bot.rest.git.updateRef({
      ...repo,
      ref: "heads/fanfold/r1/moved",
      sha: base,
      force: true,
    });
    await bot.rest.git.deleteRef({ ...repo, ref: "heads/fanfold/r1/moved" });
    const { data: repository } = await bot.rest.repos.get(repo);
    const update = {
      name: "refs/fanfold/runs/r1/state",
      beforeOid: sha,
      afterOid: base,
      force: true,
    };
    const move = `mutation ($repositoryId: ID!, $refUpdates: [RefUpdate!]!) {
      updateRefs(input: { repositoryId: $repositoryId, refUpdates: $refUpdates }) { clientMutationId }
    }`;
    const variables = { repositoryId: repository.node_id, refUpdates: [update] };
    await bot.graphql(move, variables);
    await expect(bot.graphql(move, variables)).rejects.toThrow("Something went wrong");
    const taken = bot.rest.git.createRef({ ...repo, ref: "refs/heads/main", sha });
    await expect(taken).rejects.toMatchObject({ status: 422 });
    await expectContract();
  });

  it("about its own deliveries", async () => {
    const { data: deliveries } = await app.rest.apps.listWebhookDeliveries({ per_page: 5 });
    const delivery_id = deliveries[0]?.id ?? 0;
    await app.rest.apps.getWebhookDelivery({ delivery_id });
    await app.rest.apps.redeliverWebhookDelivery({ delivery_id });
    await expectContract();
  });

  it("when it refuses", async () => {
    const stranger = new Octokit({ baseUrl: github.url, auth: "nobody" });
    await expect(stranger.rest.repos.get(repo)).rejects.toMatchObject({ status: 401 });
    const absent = bot.rest.repos.get({ ...repo, repo: "absent" });
    await expect(absent).rejects.toMatchObject({ status: 404 });
    const empty = ada.rest.issues.create({ ...repo, title: "" });
    await expect(empty).rejects.toMatchObject({ status: 422 });
    await expectContract();
  });

  it("leaves no operation of the slice unasked but those it does not play", () => {
    const routes = routesOf(Object.keys(operations));
    const asked = new Set(
      recorder.seen().map((line) => {
        const [method = "", path = ""] = line.split(" ");
        const matching = routes.filter(
          (route) =>
            route.matches(byName(path)) &&
            operations[route.template]?.includes(method.toLowerCase()),
        );
        return `${method} ${matching[0]?.template ?? path}`;
      }),
    );
    const unasked = Object.entries(operations)
      .flatMap(([path, methods]) => methods.map((method) => `${method.toUpperCase()} ${path}`))
      .filter((operation) => !asked.has(operation));
    expect(unasked.map((one) => one.replace("/repos/{owner}/{repo}", "…"))).toMatchInlineSnapshot(`
      [
        "GET /user",
        "GET /users/{username}/installation",
        "PUT …/pulls/{pull_number}/merge",
      ]
    `);
  });
});
