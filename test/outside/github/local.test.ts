// The forge over Octokit against a GitHub on this machine: real HTTP, real git, GitHub's own rules.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type LocalGitHub, startLocalGitHub } from "../../../src/local/github/server.ts";
import { createOpenForge } from "../../../src/outside/github/forge.ts";
import { type Clients, openClients } from "../../../src/outside/github/octokit.ts";
import { createOpenAccess } from "../../../src/outside/github/remote.ts";
import { installedRepositories } from "../../../src/outside/github/repositories.ts";
import { createMemoryLog } from "../../../src/outside/memory/log.ts";
import { openMemoryWorld } from "../../../src/outside/memory/world.ts";
import { openGitRemote } from "../../../src/repo/git-remote.ts";
import type { GitRemote } from "../../../src/repo/remote.ts";
import type { Forge, RepositoryRef } from "../../../src/world/forge.ts";
import { firstFiles, forgeContract } from "../../contracts/forge.contract.ts";
import { createHastyClock } from "./fixture.ts";
import { requestProblems } from "./requests.ts";

const repository = { owner: "acme", name: "site" };
const silent = { turn: () => Promise.reject(new Error("No model is needed here.")) };
const spoken = { requests: 0, problems: new Set<string>() };

interface Village {
  dir: string;
  github: LocalGitHub;
  clients: Clients;
  ref: RepositoryRef;
  forge: Forge;
  remote: GitRemote;
  issue: number;
  /** Null: CI passes everything. */
  judge: { of: ((text: string) => boolean) | null };
}

async function openVillage(): Promise<Village> {
  const dir = await mkdtemp(join(tmpdir(), "fanfold-"));
  const judge: Village["judge"] = { of: null };
  const github = await startLocalGitHub({
    dataDir: join(dir, "github"),
    app: { id: 1_000, slug: "fanfold", webhookSecret: "a secret of this test only" },
    ci: {
      takesMs: 1,
      rule: async ({ paths, read }) => {
        if (judge.of === null || !paths.includes("ci.txt")) return [];
        const log = await read("ci.txt");
        return [{ name: "tests", passed: judge.of(log), log }];
      },
    },
    onExchange({ request }) {
      spoken.requests += 1;
      for (const problem of requestProblems(request)) spoken.problems.add(problem);
    },
  });
  const { id, installationId } = await github.createRepository({ ...repository, private: true });
  for (const login of ["wanda", "rita"]) await github.createUser({ login });
  await github.setRole(repository, "wanda", "write");
  await github.setRole(repository, "rita", "read");
  await openMemoryWorld({ dir, model: silent, files: firstFiles });
  await github.importRepository(repository, join(dir, "remote.git"));
  const { number } = await github.createIssue(repository, { as: "wanda", title: "T", body: "B" });
  const ref = { installationId, repositoryId: id, ...repository };
  return { dir, github, ref, issue: number, judge, ...(await connect(github, ref)) };
}

/** As a bot that just started: its own clients, tokens and pace. */
async function connect(github: LocalGitHub, ref: RepositoryRef) {
  const clock = createHastyClock();
  const { id: appId, privateKey } = github.app;
  const log = createMemoryLog();
  const clients = openClients({ board: null, appId, privateKey, apiUrl: github.url, clock, log });
  const openForge = createOpenForge({ clients, webUrl: github.url });
  const openAccess = createOpenAccess({ tokens: clients.tokens, webUrl: github.url });
  const remote = openGitRemote(openAccess(ref), { sleep: clock.sleep, random: Math.random });
  return { clients, forge: await openForge(ref), remote };
}

async function closeVillage({ github, dir }: Village): Promise<void> {
  await github.close();
  await rm(dir, { recursive: true, force: true });
}

forgeContract("Octokit on a local GitHub", async () => {
  const village = await openVillage();
  const { github, forge, remote, issue } = village;
  return {
    forge,
    remote,
    issue,
    say: async (body) => (await github.comment(repository, issue, { as: "wanda", body })).id,
    annotationsOf: async (check) =>
      github.state.repositories.get(forge.ref.repositoryId)?.checkRuns.get(check)?.annotations
        .length ?? 0,
    startCi: (of) => {
      village.judge.of = of;
    },
    people: { writer: "wanda", reader: "rita", stranger: "nobody" },
    close: () => closeVillage(village),
  };
});

describe("files of the default branch", () => {
  let village: Village;
  beforeAll(async () => {
    village = await openVillage();
  });
  afterAll(() => closeVillage(village));

  it("reads the owner's file from the owner's own repository, and refuses what is no file", async () => {
    const { forge, github, dir } = village;
    const path = ".github/fanfold.yml";
    expect(await forge.readFile(path, "owner")).toBeNull();
    await github.createRepository({ owner: "acme", name: ".github", private: true });
    const owner = await mkdtemp(join(dir, "owner-"));
    await openMemoryWorld({ dir: owner, model: silent, files: { [path]: "model: opus\n" } });
    const place = { owner: "acme", name: ".github" };
    await github.importRepository(place, join(owner, "remote.git"));
    expect(await forge.readFile(path, "owner")).toBe("model: opus\n");
    expect(await forge.readFile(path, "repository")).toBeNull();
    await expect(forge.readFile(".github", "owner")).rejects.toMatchObject({ kind: "refused" });
  });
});

describe("when GitHub's answers go wrong", () => {
  let village: Village;
  beforeAll(async () => {
    village = await openVillage();
  });
  afterAll(() => closeVillage(village));

  it("leaves one comment when the answer is lost, and finds it by its marker", async () => {
    const { forge, github, issue } = village;
    github.faults.add({ kind: "answer-lost", request: /^POST .*\/comments$/, times: 1 });
    const said = forge.createComment(issue, "<!-- once -->");
    await expect(said).rejects.toMatchObject({ kind: "unreachable" });
    expect(await forge.findComment(issue, "<!-- once -->")).toMatchObject({ ours: true });
    const page = village.clients.repository(village.ref).rest.issues;
    const { data } = await page.listComments({
      owner: "acme",
      repo: "site",
      issue_number: issue,
    });
    expect(data.filter(({ body }) => body === "<!-- once -->")).toHaveLength(1);
  });

  it("says true for a move that landed although its answer was lost", async () => {
    const { forge, github, remote } = village;
    const main = (await remote.list("refs/heads/main")).get("refs/heads/main") ?? "";
    github.faults.add({ kind: "answer-lost", request: /^POST \/graphql$/, times: 1 });
    const move = { ref: "refs/heads/lost", from: null, to: main, force: false };
    expect(await forge.moveRefs([move])).toBe(true);
    expect((await remote.list("refs/heads/lost")).get("refs/heads/lost")).toBe(main);
  });

  it("reads again what is only read", async () => {
    const { forge, github } = village;
    github.faults.add({ kind: "answer-lost", request: /^GET \/repos\/acme\/site$/, times: 1 });
    expect(await forge.repository()).toMatchObject({ fullName: "acme/site", private: true });
  });

  it("waits for a token that is not known everywhere yet", async () => {
    const { github, ref } = village;
    github.faults.add({ kind: "token-unknown", request: /^GET \/repos\/acme\/site$/, times: 1 });
    const { forge } = await connect(github, ref);
    expect(await forge.repository()).toMatchObject({ fullName: "acme/site" });
  });

  it("stops at a secondary limit and hands on how long to wait", async () => {
    const { github, ref, issue } = village;
    const { forge } = await connect(github, ref);
    const request = /^POST .*\/issues\/\d+\/comments$/;
    const limit = { kind: "secondary-limit", request, times: 1, status: 403 } as const;
    github.faults.add({ ...limit, retryAfterSeconds: 300 });
    await expect(forge.createComment(issue, "<!-- no -->")).rejects.toMatchObject({
      kind: "limited",
      retryAfterMs: 300_000,
    });
    await expect(forge.createComment(issue, "<!-- no -->")).rejects.toThrow("Nothing was sent");
    expect(await forge.findComment(issue, "<!-- no -->")).toBeNull();
  });

  it("opens a ready pull request where drafts are not supported", async () => {
    const { forge, github, remote } = village;
    const main = (await remote.list("refs/heads/main")).get("refs/heads/main") ?? "";
    const tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
    const { sha } = await forge.createCommit({ message: "m", tree, parents: [main] });
    const move = { ref: "refs/heads/ready", from: null, to: sha, force: false };
    expect(await forge.moveRefs([move])).toBe(true);
    github.faults.add({ kind: "drafts-unsupported", times: 1 });
    const pull = { head: "ready", base: "main", title: "T", body: "", draft: true };
    expect(await forge.createPullRequest(pull)).toMatchObject({ draft: false, state: "open" });
  });

  it("finds every repository it is installed on", async () => {
    const found: RepositoryRef[] = [];
    for await (const each of installedRepositories(village.clients)) found.push(each);
    expect(found).toEqual([village.ref]);
  });

  it("says not-found for a repository out of reach, through the API and through git", async () => {
    const { github, ref } = village;
    const elsewhere = { ...ref, repositoryId: 999_999, name: "secret" };
    const { forge, remote } = await connect(github, elsewhere);
    await expect(forge.repository()).rejects.toMatchObject({ kind: "not-found" });
    await expect(remote.list("refs/")).rejects.toMatchObject({ name: "RemoteError" });
  });
});

it("spoke with GitHub only as GitHub's published description allows", () => {
  expect([...spoken.problems]).toEqual([]);
  expect(spoken.requests).toBeGreaterThan(100);
});
