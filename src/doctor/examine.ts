// Looks at the bot itself: its environment, its machine, the App at GitHub, the model. Changes nothing and costs nothing.

import type { Env } from "../config/env.ts";
import { limits } from "../config/limits.ts";
import { resolveModel } from "../config/models.ts";
import type { World } from "../world.ts";
import type { Attempt } from "../world/deliveries.ts";
import type { Installation } from "../world/registration.ts";
import { attempt } from "./attempt.ts";
import { type Finding, ok } from "./finding.ts";
import { judgeApp, judgeClock, judgeInstallations } from "./judge-app.ts";
import { judgeData, judgeGit, judgeNode, judgeSandbox } from "./judge-machine.ts";
import { judgeModel } from "./judge-model.ts";
import { judgeDeliveries, judgeWebhook } from "./judge-webhook.ts";
import type { Machine } from "./machine.ts";

export interface Doctor {
  /** Finds out about the process. Never rejects. */
  examine(): Promise<readonly Finding[]>;
  /** Takes secrets out of a text. */
  conceal: (text: string) => string;
}

export interface Patient {
  env: Pick<Env, "webhookPath" | "githubApiUrl" | "model" | "dataDir">;
  world: Pick<World, "clock" | "registration" | "deliveries" | "checkModel">;
  machine: Machine;
  /** Takes secrets out of a text. */
  conceal: (text: string) => string;
}

/** Who asks while somebody is being answered gets the same answer: many comments are one look. */
export function createDoctor(patient: Patient): Doctor {
  let looking: Promise<readonly Finding[]> | null = null;
  return {
    conceal: patient.conceal,
    examine() {
      looking ??= examine(patient).finally(() => (looking = null));
      return looking;
    },
  };
}

async function examine({ env, world, machine, conceal }: Patient): Promise<readonly Finding[]> {
  const groups = await Promise.all([
    ...lookAtMachine(machine, env.dataDir),
    lookAtClock(world),
    lookAtApp(world),
    lookAtWebhook(world, env),
    lookAtDeliveries(world),
    lookAtInstallations(world),
    lookAtModel(world, env),
  ]);
  const environment = ok("environment", "Every variable can be used.");
  return concealed([environment, ...groups.flat()], conceal);
}

export function concealed(
  findings: readonly Finding[],
  conceal: (text: string) => string,
): Finding[] {
  return findings.map(({ found, fix, ...rest }) => ({
    ...rest,
    found: conceal(found),
    ...(fix === undefined ? {} : { fix: conceal(fix) }),
  }));
}

/** What can be looked at whatever the environment says. */
export function lookAtMachine(machine: Machine, dataDir: string): Promise<readonly Finding[]>[] {
  const isWindows = process.platform === "win32";
  const installGit = "Install git, and see that it is in the PATH of the bot.";
  const sandboxFix =
    "Type `npm ci` again; in a container, see that the bot may start processes and has 384 MiB for each.";
  return [
    attempt({ id: "node", level: "failure", fix: "" }, async () => judgeNode(machine.node)),
    attempt({ id: "git", level: "failure", fix: installGit }, async () =>
      judgeGit(await machine.gitVersion()),
    ),
    attempt({ id: "data", level: "failure", fix: "Check FANFOLD_DATA." }, async () =>
      judgeData(await machine.dataFolder(dataDir), { isWindows }),
    ),
    attempt({ id: "sandbox", level: "failure", fix: sandboxFix }, async () =>
      judgeSandbox(await machine.trySandbox()),
    ),
  ];
}

type Outside = Patient["world"];

function lookAtClock({ clock, registration }: Outside): Promise<readonly Finding[]> {
  const fix = "See whether GITHUB_API_URL is right and the network lets the bot reach it.";
  return attempt({ id: "clock", level: "warning", fix }, async () => {
    const github = await registration.time();
    return judgeClock({ github, ours: clock.now() });
  });
}

function lookAtApp({ registration }: Outside): Promise<readonly Finding[]> {
  const fix =
    "Check APP_ID, PRIVATE_KEY and GITHUB_API_URL: the number and a key of the same App, from its settings page, on the same GitHub. `npx fanfold setup` makes a new App with all of it.";
  return attempt({ id: "github", level: "failure", fix }, async () =>
    judgeApp(await registration.app()),
  );
}

const AFTER_GITHUB = "Put the App at GitHub in order first, then look again.";

function lookAtWebhook(
  { registration }: Outside,
  env: Patient["env"],
): Promise<readonly Finding[]> {
  return attempt({ id: "webhook", level: "failure", fix: AFTER_GITHUB }, async () =>
    judgeWebhook(await registration.webhook(), env),
  );
}

function lookAtDeliveries({ clock, deliveries }: Outside): Promise<readonly Finding[]> {
  const { deliveriesKeptMs } = limits.web;
  return attempt({ id: "deliveries", level: "warning", fix: AFTER_GITHUB }, async () => {
    const since = clock.now() - deliveriesKeptMs;
    const attempts: Attempt[] = [];
    for await (const each of deliveries.attempts()) {
      if (each.at < since || attempts.length >= limits.doctor.attempts) break;
      attempts.push(each);
    }
    return judgeDeliveries(attempts, deliveriesKeptMs / 86_400_000);
  });
}

function lookAtInstallations({ registration }: Outside): Promise<readonly Finding[]> {
  return attempt({ id: "installations", level: "warning", fix: AFTER_GITHUB }, async () => {
    const all: Installation[] = [];
    for await (const each of registration.installations()) {
      if (all.push(each) >= limits.doctor.installations) break;
    }
    return judgeInstallations(all, await registration.app());
  });
}

function lookAtModel(
  { checkModel }: Outside,
  { model }: Patient["env"],
): Promise<readonly Finding[]> {
  const fix =
    "Check the key and the address of the model's provider in the environment; FANFOLD_PROVIDER names which one is asked.";
  return attempt({ id: "model", level: "failure", fix }, async () => {
    const { id } = resolveModel(model);
    return judgeModel(id, await checkModel(id));
  });
}
