// A person at the pages, in a real browser: writes the command there, watches it, and reads what came of it.

import { expect, it, vi } from "vitest";

import { chromiumOrSkip } from "./chromium.ts";
import { visit } from "./visit.ts";

/** One worker, so that it is over soon. */
const COMMAND = "/workflow fix the calls of parseInt without a radix in src";

const chromium = chromiumOrSkip();

it.skipIf(chromium === null)(
  "comments, watches, and reads the final pull request and what reviewers said",
  { timeout: 240_000 },
  async () => {
    // The demo's model follows rules; a key of whoever runs this is not to be spent.
    vi.stubEnv("ANTHROPIC_API_KEY", "");
    vi.stubEnv("ANTHROPIC_BASE_URL", "");
    const { progress, final, threads, complaints } = await visit({
      chromium: chromium ?? "",
      command: COMMAND,
    });
    expect(complaints).toEqual([]);
    // The page showed one comment in several states, by itself. Which ones depends on how fast the
    // workers are: a quick one is at publishing before the comment may be edited again.
    const before = progress.slice(0, -1);
    expect(before.length).toBeGreaterThan(1);
    expect(before.join()).not.toMatch(/Completed/);
    expect(before.join()).toMatch(/(Running|Publishing)[^]*\d+ of \d+ done/);
    expect(progress.at(-1)).toMatch(/Completed[^]*Final pull request: #\d+[^]*\$\d/);
    const headings = [
      "What & why",
      "Changes",
      "How it was verified",
      "Reviews",
      "Not done",
      "Risk & undo",
    ];
    for (const heading of headings) expect(final).toContain(heading);
    expect(final).toMatch(/Draft[^]*wants to merge into\s+main/i);
    expect(threads.length).toBeGreaterThan(0);
    for (const thread of threads) expect(thread).toMatch(/fanfold/);
    expect(threads.join()).toMatch(/🔴|🟡/u);
    vi.unstubAllEnvs();
  },
);
