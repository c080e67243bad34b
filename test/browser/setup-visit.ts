// A person at the pages of `fanfold setup` and of the local GitHub, with a browser that runs no script.

import type { Page } from "playwright-core";

import { openSetupTown } from "../setup/town.ts";
import { openChromium } from "./chromium.ts";

/** What there is to see, in its order. */
export type SetupMoment = "setup" | "mistakes" | "review" | "github" | "made" | "installed";

export interface SetupSeen {
  status: number;
  /** Where the browser ended. */
  last: string;
  /** Text of the last page. */
  text: string;
  complaints: string[];
}

export interface SetupVisit {
  chromium: string;
  /** Told at each moment, while the page shows it. */
  at?: (moment: SetupMoment, page: Page) => Promise<void>;
  /** Where the variables are written; left out: a folder that is removed afterwards. */
  envFile?: string;
}

export async function visitSetup({
  chromium,
  at = async () => {},
  envFile,
}: SetupVisit): Promise<SetupSeen> {
  await using stage = new AsyncDisposableStack();
  const town = stage.use(await openSetupTown());
  await town.github.createUser({ login: "ada" });
  await town.github.createRepository({ owner: "acme", name: "site" });
  const browser = await openChromium(chromium);
  stage.defer(() => browser.close());
  const context = await browser.newContext({
    viewport: { width: 960, height: 1000 },
    javaScriptEnabled: false,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (line) => line.type() === "error" && complaints.push(line.text()));
  const setup = await town.start(envFile === undefined ? {} : { envFile });

  await page.goto(setup.address);
  await at("setup", page);
  await page.getByLabel("Name of the App").fill("acme-fanfold");
  await page.getByLabel("An organization").check();
  await page.getByLabel("Login of the organization").fill("acme corp");
  await page.getByLabel("Address at which").fill("http://fanfold.acme.example");
  await page.getByRole("button", { name: "Show what" }).click();
  await page.getByRole("alert").waitFor();
  await at("mistakes", page);
  await page.getByLabel("Login of the organization").fill("acme");
  await page.getByRole("button", { name: "Show what" }).click();
  await page.getByRole("button", { name: "Go on at" }).waitFor();
  await at("review", page);
  await page.getByRole("button", { name: "Go on at" }).click();
  await page.getByLabel("GitHub App name").waitFor();
  await at("github", page);
  await page.getByRole("button", { name: "Create GitHub App" }).click();
  await page.getByText("acme-fanfold is yours").waitFor();
  await at("made", page);
  await page.getByRole("link", { name: "Install it" }).click();
  await page.getByRole("button", { name: "Install" }).click();
  await page.getByText("acme-fanfold is installed").waitFor();
  await at("installed", page);
  const status = await setup.ended;
  // The refused form is an error of the console's, and none of the page's.
  const own = complaints.filter((line) => !line.includes("422"));
  return {
    status,
    last: page.url(),
    text: await page.locator("body").innerText(),
    complaints: own,
  };
}
