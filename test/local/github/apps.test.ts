// An App that is made while the local GitHub runs: shown first, made once, and installed by whoever may.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type LocalGitHub, startLocalGitHub } from "../../../src/local/github/server.ts";
import { clientOf, refusalOf } from "./town.ts";
import { hiddenIn, makeApp, manifestOf, send } from "./new-app.ts";

const wares = { owner: "acme", name: "wares" };
let dir: string;
let github: LocalGitHub;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "fanfold-"));
  github = await startLocalGitHub({ dataDir: dir });
  await github.createUser({ login: "ada" });
  await github.createRepository(wares);
});
afterEach(async () => {
  await github.close();
  await rm(dir, { recursive: true, force: true });
});

const install = (on: string, slug = "wares-bot"): Promise<Response> =>
  send(`${github.url}/apps/${slug}/installations/new`, { on });

describe("a GitHub without an App", () => {
  it("tells nobody of anything, and knows no App's key", async () => {
    await github.createIssue(wares, { as: "ada", title: "One", body: "" });
    await github.settled();
    expect(github.state.deliveries).toEqual([]);
    expect(github.state.installations.size).toBe(0);
    const app = await fetch(`${github.url}/app`);
    expect(app.status).toBe(401);
    const page = await fetch(`${github.url}/apps/wares-bot/installations/new`);
    expect(page.status).toBe(404);
  });
});

describe("an App from a manifest", () => {
  it("is shown with what it asks for, whatever its name holds, and made by a click", async () => {
    const name = `Wares <i>"Bot"`;
    const { shown, back } = await makeApp(github.url, manifestOf(name), { org: "acme" });
    expect(shown).toContain("Wares &lt;i&gt;&quot;Bot&quot;");
    expect(shown).not.toContain("<i>");
    expect(shown).toMatch(/issues[^]*write[^]*issue_comment/);
    expect(back.href).toMatch(/^http:\/\/127\.0\.0\.1:9\/created\?code=[0-9a-f]{40}&state=s1$/);
    expect(github.app).toMatchObject({ slug: "wares-i-bot" });
  });

  it("comes to whom it may, is told of it, and hears from then on", async () => {
    const setup_url = "http://127.0.0.1:9/installed";
    await makeApp(github.url, manifestOf("Wares Bot", { setup_url }), { org: "acme" });
    expect((await install("ada")).status).toBe(404);
    const { headers } = await install("acme");
    const [installation] = github.state.installations.values();
    expect(headers.get("location")).toBe(
      `${setup_url}?installation_id=${installation?.id}&setup_action=install`,
    );
    await install("acme");
    await github.createIssue(wares, { as: "ada", title: "One", body: "" });
    await github.settled();
    expect(github.state.deliveries.map(({ event }) => event)).toEqual(["installation", "issues"]);
  });

  it("may come to anybody when it is public, and leads to its own page without another", async () => {
    await makeApp(github.url, manifestOf("Wares Bot", { public: true }));
    const { headers } = await install("acme");
    expect(headers.get("location")).toMatch(/\/apps\/wares-bot\?installation_id=/);
  });

  it("takes the place of one that is installed nowhere, whose code is worth nothing then", async () => {
    const { code } = await makeApp(github.url, manifestOf("First"));
    const second = await makeApp(github.url, manifestOf("Second"));
    expect(github.app.slug).toBe("second");
    const { rest } = clientOf(github, {});
    expect(await refusalOf(rest.apps.createFromManifest({ code }))).toMatchObject({ status: 404 });
    await rest.apps.createFromManifest({ code: second.code });
    await install("ada", "second");
    await expect(makeApp(github.url, manifestOf("Third"))).rejects.toThrow(/one App at a time/);
  });

  it("is refused a code after an hour", async () => {
    const { code } = await makeApp(github.url, manifestOf("Wares Bot"));
    github.state.manifestCodes.set(code, Date.now() - 1);
    const { rest } = clientOf(github, {});
    expect(await refusalOf(rest.apps.createFromManifest({ code }))).toMatchObject({ status: 404 });
  });

  it.each([
    ["acme", "Name is already in use."],
    ["ada", "Name is already in use."],
    ["!!!", "Name needs a letter or a digit."],
    ["x".repeat(35), "Name is too long"],
  ])("cannot be called %s", async (name, why) => {
    await expect(makeApp(github.url, manifestOf(name))).rejects.toThrow(why);
    expect(github.app.slug).toBe("");
  });

  it.each([
    ["no JSON", "{", "not JSON"],
    ["no webhook", JSON.stringify({ ...manifestOf("x"), hook_attributes: {} }), "hook_attributes"],
    ["a word GitHub does not know", JSON.stringify(manifestOf("x", { webhook: 1 })), "webhook"],
  ])("says what is wrong with a manifest: %s", async (_, manifest, why) => {
    const page = await send(`${github.url}/settings/apps/new`, { manifest });
    expect(await page.text()).toContain(why);
  });

  it("is not made by a page elsewhere, nor installed by one", async () => {
    const elsewhere = "http://evil.example";
    const page = await send(`${github.url}/settings/apps/new`, {
      manifest: JSON.stringify(manifestOf("Wares Bot")),
    });
    const fields = { ...hiddenIn(await page.text()), as: "ada", name: "Wares Bot" };
    const made = await send(`${github.url}/settings/apps`, fields, elsewhere);
    expect(made.status).toBe(403);
    expect(github.app.slug).toBe("");
    await makeApp(github.url, manifestOf("Wares Bot"));
    const path = `${github.url}/apps/wares-bot/installations/new`;
    expect((await send(path, { on: "ada" }, elsewhere)).status).toBe(403);
    expect(github.state.installations.size).toBe(0);
  });

  it("leads back to the page that asked, and to no other", async () => {
    const page = await send(`${github.url}/settings/apps/new`, {
      manifest: JSON.stringify(manifestOf("Wares Bot")),
    });
    const policy = page.headers.get("content-security-policy");
    expect(policy).toContain("form-action 'self' http://127.0.0.1:9;");
    const other = await fetch(`${github.url}/settings/apps/new`);
    expect(other.headers.get("content-security-policy")).toContain("form-action 'self';");
  });
});
