// Finds a Chromium of this machine; none is downloaded.

import { existsSync } from "node:fs";

import { type Browser, chromium } from "playwright-core";

const USUAL = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Where it is; null when this machine has none where they usually are, and `CHROMIUM_PATH` names none. */
export function chromiumPath(): string | null {
  const named = process.env["CHROMIUM_PATH"] ?? "";
  return [named, ...USUAL].find((path) => path !== "" && existsSync(path)) ?? null;
}

/** The Chromium of a test; null, and said so, where there is none: CI installs one, elsewhere everything else still runs. */
export function chromiumOrSkip(): string | null {
  const found = chromiumPath();
  if (found !== null) return found;
  const message =
    "test/browser needs Chromium, and there is none here. Install it (apt-get install chromium) or set CHROMIUM_PATH.";
  if (process.env["CI"] !== undefined) throw new Error(message);
  process.stderr.write(`SKIPPED: ${message}\n`);
  return null;
}

/** Everything it loads comes from this machine, so it needs no sandbox of its own, which containers seldom allow. */
export function openChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}
