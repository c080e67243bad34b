// What a repository is at this moment, as far as schedules ask: rules, the default branch, its files and workflows.

import { createHash } from "node:crypto";

import type { Mirror, Snapshot } from "../repo/contract.ts";
import { matcherOf } from "../repo/paths.ts";
import { branchRef } from "../repo/refs.ts";
import type { House } from "../runs/house.ts";
import { chooseWorkflow } from "../script/choose.ts";
import { findWorkflows, type SavedWorkflow } from "../script/saved.ts";
import { SETTINGS_PATH } from "../settings/found.ts";
import type { RulesNow } from "../settings/rules.ts";
import type { Schedule } from "../settings/schedule.ts";
import { scheduleLines } from "../settings/schedule-lines.ts";
import { taskOf } from "./task.ts";
import type { Account, Forge, RepositoryRef } from "../world/forge.ts";

export interface Ground {
  ref: RepositoryRef;
  forge: Forge;
  mirror: Mirror;
  rules: RulesNow;
  branch: string;
  /** The tip of the default branch. */
  snapshot: Snapshot;
}

/** Null when the repository has no commit. */
export async function findGround(
  house: House,
  ref: RepositoryRef,
  rules: RulesNow,
): Promise<Ground | null> {
  const forge = await house.world.openForge(ref);
  const { defaultBranch: branch } = await forge.repository();
  const { mirror } = await house.site(ref);
  const commit = await mirror.fetch(branchRef(branch));
  if (commit === null) return null;
  return { ref, forge, mirror, rules, branch, snapshot: await mirror.snapshot(commit) };
}

/** The workflow that it starts; null when there is none of that name. */
export async function workflowOf(
  house: House,
  { snapshot }: Ground,
  schedule: Schedule,
): Promise<SavedWorkflow | null> {
  const { workflows } = await findWorkflows(snapshot, house.settings.workflowsDir);
  const choice = chooseWorkflow(taskOf(schedule), workflows);
  return choice.kind === "saved" ? choice.workflow : null;
}

/** The same as long as no file in scope is another one. */
export async function scopeDigest({ snapshot }: Ground, { when }: Schedule): Promise<string> {
  const globs = when === "always" ? ["**"] : when.changed;
  const matchers = globs.map((glob) => matcherOf(glob));
  const entries = await snapshot.entries();
  const wanted = entries.filter(({ path }) => matchers.some((matches) => matches(path)));
  const lines = wanted.map(({ mode, oid, path }) => `${mode} ${oid} ${path}`);
  return sha256(lines.join("\n"));
}

/** The same as long as nobody changes what it says. */
export const definitionOf = (schedule: Schedule): string =>
  sha256(JSON.stringify(Object.entries(schedule).toSorted(([a], [b]) => (a < b ? -1 : 1))));

/** Who changed its lines last, by git's blame and GitHub's word on whose commit that is. */
export async function writerOf(ground: Ground, index: number): Promise<Account | null> {
  const { forge, mirror, snapshot } = ground;
  const file = await snapshot.read(SETTINGS_PATH);
  const lines = file?.kind === "text" ? scheduleLines(file.text)[index] : undefined;
  if (lines === undefined) return null;
  const commit = await mirror.lastChange(snapshot.commit, { path: SETTINGS_PATH, ...lines });
  return commit === null ? null : await forge.authorOf(commit);
}

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
