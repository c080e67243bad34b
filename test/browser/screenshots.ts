// `npm run screenshots`: takes the pictures of the README and of docs, from a run of the demo, from weeks in memory and from a set-up, in a browser of this machine.

import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { chromiumPath } from "./chromium.ts";
import { takeIssuePictures } from "./issue-pictures.ts";
import { takeSetupPictures } from "./setup-pictures.ts";
import { type Moment, visit } from "./visit.ts";

const FOLDER = fileURLToPath(new URL("../../docs/images/", import.meta.url));

/** Where the picture begins, when it is not the top of the page. */
const FROM: Partial<Record<Moment, { what: string; above: number }>> = {
  running: { what: ".comment:nth-of-type(2)", above: 16 },
  ended: { what: ".comment:nth-of-type(2)", above: 16 },
  threads: { what: ".thread", above: 330 },
};

const chromium = chromiumPath();
if (chromium === null) {
  process.stderr.write("There is no Chromium here. Install one, or name it by CHROMIUM_PATH.\n");
  process.exit(1);
}
await mkdir(FOLDER, { recursive: true });
const tell = (file: string): void => void process.stdout.write(`${file}\n`);
await takeIssuePictures(chromium, FOLDER, tell);
await takeSetupPictures(chromium, FOLDER, tell);
await visit({
  chromium,
  command: "/workflow audit and fix unsafe string handling in src",
  at: async (moment: Moment, page) => {
    const from = FROM[moment];
    if (from !== undefined) {
      const place = await page.locator(from.what).first().boundingBox();
      await page.mouse.wheel(0, (place?.y ?? 0) - from.above);
      await page.waitForTimeout(300);
    }
    if (moment === "asked" || moment === "ended") return;
    await page.screenshot({ path: `${FOLDER}${moment}.png` });
    tell(`${moment}.png`);
  },
});
