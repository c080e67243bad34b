// The set-up in a real browser, which keeps to the pages' policies and runs no script.

import { expect, it } from "vitest";

import { chromiumPath } from "./chromium.ts";
import { visitSetup } from "./setup-visit.ts";

const chromium = chromiumPath();
// CI installs one; on a machine without, everything else still runs.
const isSkipped = chromium === null && process.env["CI"] === undefined;
if (isSkipped) {
  process.stderr.write(
    "SKIPPED: test/browser needs Chromium, and there is none here. Install it (apt-get install chromium) or set CHROMIUM_PATH.\n",
  );
}

it.skipIf(isSkipped)(
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
