// A pull request that brings settings: its mistakes stand on their lines in a check run before anybody merges them.

import { SETTINGS_PATH } from "../settings/found.ts";
import { readSettings } from "../settings/read-settings.ts";
import { renderSettingsCheck } from "../settings/render-check.ts";
import { ForgeError } from "../world/forge-error.ts";
import type { CommentEvent } from "../world/inbox.ts";
import { type Parts, place } from "./talk.ts";

/** Nothing where the file is not touched: no check, no word. */
export async function checkSettings({ world }: Parts, event: CommentEvent): Promise<void> {
  const forge = await world.openForge(event.repository);
  const head = event.comment.body;
  const text = await textOf(() => forge.readFileAt(SETTINGS_PATH, head));
  if (text === null || !(await forge.changesFile(event.thread, SETTINGS_PATH))) return;
  try {
    await forge.putCheckRun({ ...renderSettingsCheck(readSettings(text)), headSha: head });
  } catch (error) {
    // A commit of a fork that GitHub does not count as ours: its mistakes are told once it is merged.
    if (!(error instanceof ForgeError) || error.kind !== "refused") throw error;
    world.log.warn({ ...place(event), err: error }, "Settings could not be checked.");
  }
}

/** What is no text file is none of ours to judge. */
async function textOf(read: () => Promise<string | null>): Promise<string | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ForgeError && error.kind === "refused") return null;
    throw error;
  }
}
