// From nothing to an installed App: a person follows the pages of `fanfold setup` and of GitHub, and a bot started on the
// file that is left answers.

import { execFile } from "node:child_process";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { freePort } from "../../src/demo/ports.ts";
import { addressOf, startBot } from "./bot-process.ts";
import { hiddenIn, send } from "../local/github/new-app.ts";
import { openSetupTown, type SetupTown } from "../setup/town.ts";

const site = { owner: "acme", name: "site" };
let town: SetupTown;

beforeEach(async () => {
  town = await openSetupTown();
  await town.github.createUser({ login: "ada" });
  await town.github.createRepository(site);
  await town.github.setRole(site, "ada", "admin");
});
afterEach(() => town[Symbol.asyncDispose]());

it("leads from nothing to a bot that answers", { timeout: 120_000 }, async () => {
  const port = await freePort();
  const setup = await town.start();
  const first = await (await fetch(setup.address)).text();
  expect(first).toContain("Four steps lead to it");

  const wish = {
    ...hiddenIn(first),
    name: "Acme Fanfold",
    owner: "organization",
    organization: "acme",
    address: `http://127.0.0.1:${port}`,
    visibility: "private",
  };
  const review = await (await send(setup.origin, wish)).text();
  expect(review).toContain(`http://127.0.0.1:${port}/api/github/webhooks`);
  const action = town.actionIn(review);
  expect(action.pathname).toBe("/organizations/acme/settings/apps/new");

  // At GitHub: the manifest is shown, and made an App of.
  const shown = await (await send(action.href, hiddenIn(review), setup.origin)).text();
  expect(shown).toContain("Create GitHub App for acme");
  const create = new URL("/organizations/acme/settings/apps", town.github.url).href;
  const created = await send(create, { ...hiddenIn(shown), as: "acme", name: "Acme Fanfold" });
  const made = await fetch(created.headers.get("location") ?? "");
  expect(new URL(made.url).pathname).toBe("/made");
  const install = town.linkIn(await made.text(), "Install it");
  expect(install).toBe(`${town.github.url}/apps/acme-fanfold/installations/new`);

  // Back from installing it.
  const installed = await send(install, { on: "acme" });
  const last = await (await fetch(installed.headers.get("location") ?? "")).text();
  expect(last).toContain("Acme Fanfold is installed");
  expect(last).toContain("ANTHROPIC_API_KEY is not set.");
  expect(await setup.ended).toBe(0);
  await expect(fetch(setup.address)).rejects.toThrow("fetch failed");

  const { mode } = await stat(town.envFile);
  expect(mode & 0o777).toBe(0o600);
  const text = await readFile(town.envFile, "utf8");
  expect(text).toMatch(/^FANFOLD_CHECKPOINT_KEY=[0-9a-f]{64}$/mu);
  const secrets = text.match(/(?<=^(?:PRIVATE_KEY|WEBHOOK_SECRET|FANFOLD_CHECKPOINT_KEY)=).+$/gmu);
  expect(secrets).toHaveLength(3);
  for (const secret of secrets ?? []) expect(setup.printed() + last).not.toContain(secret);
  expect(setup.printed()).toContain("Next: npx fanfold doctor --env-file");

  // The one thing that is missing, as the page says; then the bot on that file and nothing else.
  await writeFile(town.envFile, text.replace("ANTHROPIC_API_KEY=", "ANTHROPIC_API_KEY=a-key"));
  const around = {
    PATH: process.env["PATH"] ?? "",
    PORT: String(port),
    FANFOLD_DATA: join(town.dir, "data"),
  };
  const bot = startBot(around, [`--env-file=${town.envFile}`]);
  try {
    expect(await addressOf(bot)).toBe(`http://127.0.0.1:${port}`);
    const { number } = await town.github.createIssue(site, { as: "ada", title: "Hi", body: "" });
    await town.github.comment(site, number, { as: "ada", body: "/workflow version" });
    await vi.waitFor(
      async () => {
        const page = await fetch(`${town.github.url}/acme/site/issues/${number}`);
        expect(await page.text()).toMatch(/acme-fanfold[^]*This is Fanfold \d/u);
      },
      { timeout: 30_000, interval: 200 },
    );
    const cli = fileURLToPath(new URL("../../bin/fanfold.js", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [cli, "doctor", "--json"], {
      cwd: town.dir,
      env: around,
    }).catch((error: { stdout: string }) => error);
    expect(stdout).toMatch(/GitHub knows the App as acme-fanfold/);
    expect(stdout).toMatch(/The App asks for all that it needs/);
    expect(stdout).toMatch(/1 installation, all in use/);
  } finally {
    bot.child.kill("SIGTERM");
    await bot.ended;
  }
  town.recorder.expectNoViolations();
});
