// What a check run says of a settings file that a pull request brings. Pure: data in, words out.

import { shorten } from "../command/text.ts";
import type { CheckRun } from "../world/checks.ts";
import { SETTINGS_PATH } from "./found.ts";
import type { Mistake, readSettings } from "./read-settings.ts";

/** One request takes so many. */
const ANNOTATIONS_MAX = 50;
const MESSAGE_CHARS_MAX = 1_000;

type Check = Omit<CheckRun, "headSha">;

/** Red with a note on each line that has a mistake, green when there is none. */
export function renderSettingsCheck(reading: ReturnType<typeof readSettings>): Check {
  const check = { name: "fanfold / settings", externalId: "settings" };
  if (reading.ok) {
    const summary = `\`${SETTINGS_PATH}\` can be used as it stands here. It holds once it is merged into the default branch.`;
    return { ...check, title: "The settings can be used", summary, conclusion: "success" };
  }
  const { mistakes } = reading;
  const count = mistakes.length === 1 ? "One mistake" : `${mistakes.length} mistakes`;
  return {
    ...check,
    title: `${count} in the settings`,
    summary: `${count} in \`${SETTINGS_PATH}\`. Once merged, **nothing would be started** in this repository until it is mended.\n\n${listed(mistakes)}`,
    conclusion: "failure",
    annotations: mistakes.slice(0, ANNOTATIONS_MAX).map(({ line, sentence }) => ({
      path: SETTINGS_PATH,
      line,
      level: "failure",
      title: "This cannot be used",
      message: shorten(sentence, MESSAGE_CHARS_MAX),
    })),
  };
}

function listed(mistakes: readonly Mistake[]): string {
  const shown = mistakes.slice(0, ANNOTATIONS_MAX);
  return shown.map(({ line, sentence }) => `- Line ${line}: ${sentence}`).join("\n");
}
