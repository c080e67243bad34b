// A person at the pages of the local GitHub: writes the command, watches, and reads what came of it, with a browser alone.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Locator, Page } from "playwright-core";

import { buildTown } from "../../src/demo/town.ts";
import { openChromium } from "./chromium.ts";

const RUN_MS = 240_000;
const LOOK_MS = 500;

/** What there is to see, in its order. */
export type Moment = "asked" | "running" | "ended" | "final" | "threads" | "run";

export interface Seen {
  /** Every state of the progress comment that could be read, without a reload of the page. */
  progress: string[];
  /** Text of the final pull request's page. */
  final: string;
  /** Text of each review thread on one worker's pull request. */
  threads: string[];
  /** Messages of the browser's console, and errors of scripts in the page. */
  complaints: string[];
}

export interface VisitOptions {
  chromium: string;
  command: string;
  /** Told at each moment, while the page shows it. */
  at?: (moment: Moment, page: Page) => Promise<void>;
}

export async function visit({
  chromium,
  command,
  at = async () => {},
}: VisitOptions): Promise<Seen> {
  await using stage = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), "fanfold-"));
  stage.defer(() => rm(dataDir, { recursive: true, force: true }));
  const display = { say: () => {}, show: () => {}, done: () => {} };
  const scene = { display, dataDir, stage, interrupted: new AbortController() };
  const town = await buildTown({ comment: command, once: true, json: true, port: 0 }, scene);
  const browser = await openChromium(chromium);
  stage.defer(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1180, height: 900 } });
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (line) => line.type() === "error" && complaints.push(line.text()));

  await page.goto(town.pageUrl);
  await page.getByLabel("Text").fill(command);
  await page.getByLabel("Comment as").selectOption("ada");
  await page.getByRole("button", { name: "Comment", exact: true }).click();
  await page.getByText(command).last().waitFor();
  await at("asked", page);
  const progress = await watch(page, () => at("running", page));
  await at("ended", page);

  const comment = progressComment(page);
  const rows = comment.getByRole("row").filter({ has: page.locator("a[href*='/pull/']") });
  const revised = rows.filter({ hasText: "round" }).or(rows).first();
  const worker = await revised.locator("a[href*='/pull/']").first().getAttribute("href");
  await comment.getByText("Final pull request").getByRole("link").click();
  await page.waitForURL(/\/pull\/\d+$/);
  const final = await page.locator("main").innerText();
  await at("final", page);

  await page.goto(new URL(worker ?? "", page.url()).href);
  const threads = page.locator(".thread");
  await threads.first().waitFor();

  const read = await threads.allInnerTexts();
  await at("threads", page);
  const [run] = /wf-\w+/.exec(progress.join()) ?? [];
  await page.goto(`${town.botUrl}/runs/${run}`);
  await at("run", page);
  return { progress, final, threads: read, complaints };
}

const progressComment = (page: Page): Locator =>
  page.locator(".conversation .comment:has(> .avatar.bot)").first();

/** Reads along until the run has ended; the page refreshes itself. */
async function watch(page: Page, onHalf: () => Promise<void>): Promise<string[]> {
  const seen: string[] = [];
  let isHalf = false;
  const until = Date.now() + RUN_MS;
  while (Date.now() < until) {
    const found = progressComment(page);
    const text = (await found.count()) === 0 ? "" : await found.innerText();
    if (text !== "" && text !== seen.at(-1)) seen.push(text);
    if (!isHalf && /\b1?\d of 1\d/.test(text)) {
      isHalf = true;
      await onHalf();
    }
    if (/Completed/.test(text)) return seen;
    await page.waitForTimeout(LOOK_MS);
  }
  throw new Error(`The run did not end. The comment said at last:\n${seen.at(-1)}`);
}
