// The environment: everything an operator sets, checked at once before anything starts.

import { z } from "zod";

import { Variables } from "./env-variables.ts";
import { privateKeyOf } from "./private-key.ts";
import { type Provider, readProvider } from "./provider.ts";

/** What the process was told, with defaults filled in. Secrets are here and nowhere else. */
export interface Env {
  appId: number;
  /** PEM, line breaks restored. */
  privateKey: string;
  webhookSecret: string;
  webhookPath: string;
  host: string;
  port: number;
  logLevel: "trace" | "debug" | "info" | "warn" | "error" | "fatal";
  provider: Provider;
  /** Alias or full id of the model agents use. */
  model: string;
  /** Folder for mirrors, journals and logs. */
  dataDir: string;
  githubApiUrl: string;
  githubWebUrl: string;
  /** The newest first; none: derived from the App's key. */
  checkpointKeys: string[];
  dashboard: "off" | "loopback";
  /** The operator's off switch: nothing is started and nothing goes on. */
  disableWorkflows: boolean;
  /** What all runs of one installation may spend in a day (UTC), in US dollars; null for no cap. */
  dayBudgetUsd: number | null;
  /** How large all mirrors together may be, in gigabytes. */
  mirrorsGb: number;
  /** How long a driver that went silent keeps its runs from other machines, in milliseconds. */
  leaseMs: number;
  /** Which plans wait for a person in repositories that do not say it. */
  approval: "never" | "large" | "always";
  /** `owner/name` or `owner/*`, in small letters: the only repositories that are served; null for all. */
  repositories: readonly string[] | null;
  /** Database of the queue that several processes share; null: this process is alone. */
  queueUrl: string | null;
  /** Where Prometheus fetches numbers; null: nowhere. */
  metrics: { host: string; port: number } | null;
  /** Whether traces are sent; where to is OpenTelemetry's own `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  traces: boolean;
}

export type Places = Pick<Env, "webhookPath" | "githubApiUrl" | "githubWebUrl">;

/** The environment cannot be used. The message lists every mistake, one a line, with what to do. */
export class EnvError extends Error {
  override readonly name = "EnvError";
}

const PlaceVariables = Variables.pick({
  WEBHOOK_PATH: true,
  GITHUB_API_URL: true,
  GITHUB_WEB_URL: true,
});

/**
 * Reads the environment. Empty variables count as unset.
 * @throws {EnvError} with every mistake at once.
 */
export function readEnv(variables: Readonly<Record<string, string | undefined>>): Env {
  const given = withoutEmpty(variables);
  const parsed = Variables.safeParse(given);
  const provider = readProvider(given);
  const key = privateKeyOf(given);
  const mistakes = [
    ...(parsed.error?.issues.map(({ message }) => message) ?? []),
    ...(provider.ok ? [] : provider.mistakes),
    ...(key.ok ? [] : [key.mistake]),
  ];
  if (!parsed.success || !provider.ok || !key.ok) throw new EnvError(mistakes.join("\n"));
  return { ...named(parsed.data, key.pem), provider: provider.provider };
}

/**
 * What can be read before there is an App: where GitHub is, and the path of webhooks.
 * @throws {EnvError} with every mistake at once.
 */
export function readPlaces(variables: Readonly<Record<string, string | undefined>>): Places {
  const parsed = PlaceVariables.safeParse(withoutEmpty(variables));
  if (!parsed.success) {
    throw new EnvError(parsed.error.issues.map(({ message }) => message).join("\n"));
  }
  const { WEBHOOK_PATH, GITHUB_API_URL, GITHUB_WEB_URL } = parsed.data;
  return { webhookPath: WEBHOOK_PATH, githubApiUrl: GITHUB_API_URL, githubWebUrl: GITHUB_WEB_URL };
}

function withoutEmpty(
  variables: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const entries = Object.entries(variables).flatMap(([name, value]) => {
    const trimmed = value?.trim() ?? "";
    return trimmed === "" ? [] : [[name, trimmed] as const];
  });
  return Object.fromEntries(entries);
}

function named(data: z.infer<typeof Variables>, privateKey: string): Omit<Env, "provider"> {
  return {
    appId: data.APP_ID,
    privateKey,
    webhookSecret: data.WEBHOOK_SECRET,
    webhookPath: data.WEBHOOK_PATH,
    host: data.HOST,
    port: data.PORT,
    logLevel: data.LOG_LEVEL,
    model: data.FANFOLD_MODEL,
    dataDir: data.FANFOLD_DATA,
    githubApiUrl: data.GITHUB_API_URL,
    githubWebUrl: data.GITHUB_WEB_URL,
    checkpointKeys: data.FANFOLD_CHECKPOINT_KEY,
    dashboard: data.FANFOLD_DASHBOARD,
    disableWorkflows: data.FANFOLD_DISABLE_WORKFLOWS,
    dayBudgetUsd: data.FANFOLD_DAY_BUDGET,
    mirrorsGb: data.FANFOLD_MIRRORS_GB,
    leaseMs: data.FANFOLD_LEASE_SECONDS * 1000,
    approval: data.FANFOLD_APPROVAL,
    repositories: data.FANFOLD_REPOSITORIES,
    queueUrl: data.QUEUE_URL,
    metrics:
      data.FANFOLD_METRICS_PORT === null
        ? null
        : { host: data.HOST, port: data.FANFOLD_METRICS_PORT },
    traces: (data.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? data.OTEL_EXPORTER_OTLP_ENDPOINT) !== null,
  };
}
