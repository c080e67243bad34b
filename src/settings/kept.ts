// Settings as a run keeps them: it goes on with what held when it was planned.

import { z } from "zod";

import { defaultSettings } from "./effective.ts";
import { allKeys, asSettings, type Settings } from "./keys.ts";

/** A run of an earlier version has no value for a newer key: it goes on with what holds by default. */
export const KeptSettings = z
  .record(z.string(), z.unknown())
  .default({})
  // Written by us from settings that were checked, and sealed since.
  .transform((kept) => asSettings({ ...defaultSettings, ...kept }));

/** Without what is about no single run: a new schedule makes no plan void. */
export const settingsOfRun = (settings: Settings): Settings => ({
  ...settings,
  schedules: defaultSettings.schedules,
  dashboard: defaultSettings.dashboard,
  onboarding: defaultSettings.onboarding,
});

/** The keys in which two settings differ. */
export function changedKeys(before: Settings, after: Settings): string[] {
  return allKeys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}
