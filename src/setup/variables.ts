// The variables of a new App as the file that holds them, and what they still lack. Pure.

import { EnvError, type Places, readEnv } from "../config/env.ts";
import { publicGitHub, usualWebhookPath } from "../config/env-variables.ts";
import { readProvider } from "../config/provider.ts";
import type { NewApp } from "../world/new-app.ts";

type Variables = Readonly<Record<string, string | undefined>>;

export interface Given {
  app: NewApp;
  places: Places;
  /** At least 32 characters of chance. */
  checkpointKey: string;
}

/** What the set-up found out; the rest is the operator's. */
function foundOut({ app, places, checkpointKey }: Given): Record<string, string> {
  const { githubApiUrl, githubWebUrl, webhookPath } = places;
  return {
    APP_ID: String(app.id),
    // In one line and without quotes: Node, Docker and Compose read that alike.
    PRIVATE_KEY: app.privateKey.trim().replaceAll("\n", "\\n"),
    ...(app.webhookSecret === null ? {} : { WEBHOOK_SECRET: app.webhookSecret }),
    FANFOLD_CHECKPOINT_KEY: checkpointKey,
    ...(githubApiUrl === publicGitHub.api ? {} : { GITHUB_API_URL: githubApiUrl }),
    ...(githubWebUrl === publicGitHub.web ? {} : { GITHUB_WEB_URL: githubWebUrl }),
    ...(webhookPath === usualWebhookPath ? {} : { WEBHOOK_PATH: webhookPath }),
  };
}

/** The whole file. `shell`: what is set where the set-up runs. */
export function fileOf(given: Given, shell: Variables): string {
  const { app } = given;
  const lines = Object.entries(foundOut(given)).map(([name, value]) => `${name}=${value}`);
  return [
    `# Variables of the GitHub App ${app.slug} (${app.page}), written by \`fanfold setup\`.`,
    "# Keep this file to yourself: whoever reads it can act as the App.",
    ...lines,
    ...(hasModel(shell)
      ? []
      : [
          "# Put your key of the Claude API behind the sign. The README names other ways to Claude.",
          "ANTHROPIC_API_KEY=",
        ]),
    "",
  ].join("\n");
}

const hasModel = (shell: Variables): boolean =>
  readProvider(
    Object.fromEntries(
      Object.entries(shell).flatMap(([name, value]) => (value?.trim() ? [[name, value]] : [])),
    ),
  ).ok;

/** Sentences about what keeps a bot with these variables from starting; none when nothing does. */
export function missing(given: Given, shell: Variables): string[] {
  const { PRIVATE_KEY_PATH: _, ...rest } = shell;
  try {
    readEnv({ ...rest, ...foundOut(given) });
    return [];
  } catch (error) {
    if (error instanceof EnvError) return error.message.split("\n");
    throw error;
  }
}

/** Set where the set-up runs, these would win over what it writes. */
export const winners = (shell: Variables): string[] =>
  ["APP_ID", "PRIVATE_KEY", "PRIVATE_KEY_PATH", "WEBHOOK_SECRET", "FANFOLD_CHECKPOINT_KEY"].filter(
    (name) => (shell[name] ?? "").trim() !== "",
  );
