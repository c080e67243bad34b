// The pages on the real local GitHub: what a person types in them arrives as if typed on GitHub.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { type LocalGitHub, startLocalGitHub } from "../../../src/local/github/server.ts";
import { openVillage, type Village } from "./village.ts";

const name = { owner: "octo-org", name: "wares" };
const home = "/octo-org/wares";

let folder: string;
let village: Village;
let github: LocalGitHub;

const page = async (path: string): Promise<string> => (await fetch(github.url + path)).text();

function post(path: string, fields: Record<string, string>): Promise<Response> {
  return fetch(github.url + path, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { origin: github.url },
    redirect: "manual",
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanfold-"));
  village = await openVillage();
  await village.commit("main", { message: "Begin", files: { "README.md": "# Wares\n" } });
  github = await startLocalGitHub({
    dataDir: folder,
    // Nobody listens there: the log then shows a delivery without an answer.
    app: {
      id: 5,
      slug: "fanfold",
      webhookSecret: "of the test",
      webhookUrl: "http://127.0.0.1:9/",
    },
  });
  await github.createUser({ login: "grace" });
  await github.createUser({ login: "mallory" });
  await github.createRepository({ ...name, private: true });
  await github.setRole(name, "grace", "write");
  await github.importRepository(name, join(village.repository.gitDir, ".."));
});

afterAll(async () => {
  await github.close();
  await village[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

it("shows the imported files, and who may speak with which right", async () => {
  expect(await page(home)).toMatch(/<h1[^>]*>Wares<\/h1>/);
  const form = await page(`${home}/issues/new`);
  expect(form).toContain("grace (write)");
  expect(form).toContain("mallory (none)");
  expect(form).not.toContain("fanfold[bot]");
});

it("opens an issue, takes a comment, and sends both as webhooks", async () => {
  const opened = await post(`${home}/issues`, {
    as: "grace",
    title: "Unsafe strings",
    body: "See src",
  });
  expect(opened.status).toBe(303);
  const issue = opened.headers.get("location") ?? "";
  const said = await post(`${issue}/comments`, { as: "mallory", body: "/workflow audit src" });
  expect(said.headers.get("location")).toBe(issue);
  expect(await page(issue)).toMatch(/mallory[^]*\/workflow audit src/);
  await github.settled();
  expect(github.state.deliveries.map(({ event, action }) => [event, action])).toEqual(
    expect.arrayContaining([
      ["issues", "opened"],
      ["issue_comment", "created"],
    ]),
  );
});

it("lists the repositories of an owner and of the App, and says in style what is not there", async () => {
  expect(await page("/OCTO-org")).toMatch(/<h1>octo-org<\/h1>[^]*href="\/octo-org\/wares"/);
  expect(await page("/apps/fanfold")).toMatch(/<h1>fanfold\[bot\]<\/h1>[^]*octo-org\/wares/);
  expect(await page("/grace")).toMatch(/<h1>grace<\/h1>[^]*No repository yet/);
  for (const path of ["/nobody", "/apps/nothing", "/fanfold[bot]", `${home}/none`, "/a/b/c/d"]) {
    const answer = await fetch(github.url + path);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toMatch(/page\.css[^]*There is nothing here/);
  }
});

it("shows the log of webhooks and sends one again", async () => {
  await github.settled();
  const before = github.state.deliveries.length;
  expect(await page(`${home}/deliveries`)).toContain("issue_comment.created");
  const id = github.state.deliveries.at(-1)?.id;
  expect((await post(`/_/deliveries/${id}/redeliver`, {})).status).toBe(303);
  await github.settled();
  expect(github.state.deliveries).toHaveLength(before + 1);
  expect(await page("/_/deliveries")).toMatch(/redelivery[^]*no answer/);
});

it("takes nothing from another site", async () => {
  const answer = await fetch(`${github.url}${home}/issues/1/comments`, {
    method: "POST",
    body: new URLSearchParams({ as: "grace", body: "/workflow fix" }),
    headers: { origin: "http://evil.example" },
  });
  expect(answer.status).toBe(403);
  expect(await page(`${home}/issues/1`)).not.toContain("/workflow fix");
});
