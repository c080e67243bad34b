// The set-up in a real browser, which keeps to the pages' policies and runs no script.

import { expect, it } from "vitest";

import { chromiumOrSkip } from "./chromium.ts";
import { visitSetup } from "./setup-visit.ts";

const chromium = chromiumOrSkip();

it.skipIf(chromium === null)(
  "leads from a name to an installed App by forms and links alone",
  { timeout: 120_000 },
  async () => {
    const { status, last, text, complaints } = await visitSetup({ chromium: chromium ?? "" });
    expect(complaints).toEqual([]);
    expect(status).toBe(0);
    expect(last).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/installed\?/);
    expect(text).toMatch(/Start the bot[^]*On acme\.[^]*fanfold doctor/);
  },
);
