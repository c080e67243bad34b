// Pictures of `fanfold setup`: its first page, and its last.

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { visitSetup } from "./setup-visit.ts";

/** The folder a person would be in, so that pages and commands read as theirs would. */
const FOLDER_NAME = "fanfold";

/** Writes them to `folder` (which ends in a slash), and names each. */
export async function takeSetupPictures(
  chromium: string,
  folder: string,
  onTaken: (file: string) => void,
): Promise<void> {
  const before = process.cwd();
  const dir = await mkdtemp(join(tmpdir(), "fanfold-"));
  await mkdir(join(dir, FOLDER_NAME));
  process.chdir(join(dir, FOLDER_NAME));
  const { HOME: home } = process.env;
  process.env["HOME"] = dir;
  try {
    await visitSetup({
      chromium,
      envFile: ".env",
      at: async (moment, page) => {
        if (moment !== "setup" && moment !== "installed") return;
        const file = moment === "setup" ? "setup.png" : "setup-installed.png";
        await page.screenshot({ path: `${folder}${file}`, fullPage: true });
        onTaken(file);
      },
    });
  } finally {
    process.chdir(before);
    process.env["HOME"] = home;
    await rm(dir, { recursive: true, force: true });
  }
}
