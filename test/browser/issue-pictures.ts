// Pictures of the issues that tell of weeks: the report of an audit, the dashboard, and a migration, as the local GitHub shows them.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createSampleRepository } from "../../src/local/sample-repository.ts";
import { startLocalGitHub } from "../../src/local/github/server.ts";
import { openChromium } from "./chromium.ts";
import { playWeeks } from "./weeks.ts";

const PICTURES = [
  { starts: "Fanfold: weekly-audit", file: "audit-issue.png" },
  { starts: "Fanfold dashboard", file: "dashboard.png" },
  { starts: "Migration:", file: "migration-issue.png" },
] as const;
const WIDTH = 1180;
/** Of the page below what was written. */
const BELOW = 12;

/** Writes them to `folder` (which ends in a slash), and names each. */
export async function takeIssuePictures(
  chromium: string,
  folder: string,
  onTaken: (file: string) => void,
): Promise<void> {
  await using stage = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), "fanfold-"));
  stage.defer(() => rm(dataDir, { recursive: true, force: true }));
  const issues = await playWeeks();
  const app = { id: 1, slug: "fanfold", webhookSecret: "nobody-is-told-of-anything-here" };
  const github = await startLocalGitHub({ dataDir: join(dataDir, "github"), app });
  stage.defer(() => github.close());
  const repository = { owner: "acme", name: "site" };
  await createSampleRepository(join(dataDir, "sample"));
  await github.createRepository(repository);
  await github.importRepository(repository, join(dataDir, "sample"));
  const browser = await openChromium(chromium);
  stage.defer(() => browser.close());
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 900 } });
  for (const { starts, file } of PICTURES) {
    const issue = issues.find(({ title }) => title.startsWith(starts));
    if (issue === undefined) throw new Error(`Nothing was written about "${starts}".`);
    const { url } = await github.createIssue(repository, { as: "fanfold[bot]", ...issue });
    await page.goto(url);
    const comment = await page.locator(".comment").first().boundingBox();
    if (comment === null) throw new Error(`${url} shows nothing.`);
    const height = comment.y + comment.height + BELOW;
    const clip = { x: 0, y: 0, width: WIDTH, height };
    await page.screenshot({ path: `${folder}${file}`, fullPage: true, clip });
    onTaken(file);
  }
}
