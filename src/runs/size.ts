// How large a run should be and when it is called large: the repository's guideline in numbers. Pure.

import { limits } from "../config/limits.ts";
import type { Settings } from "../settings/keys.ts";

const AGENTS = { small: 5, medium: 10, large: 50, unrestricted: null } as const;

/** Fewer agents than this is the advice to whoever writes a script; null gives none. */
export const advisedAgents = (size: Settings["size"]): number | null => AGENTS[size ?? "medium"];

/** More agents than this make a plan large; null: their number does not. */
export const mostAgents = (size: Settings["size"]): number | null =>
  size === null ? limits.run.largeAgents : AGENTS[size];
