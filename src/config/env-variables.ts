// Every variable that an operator may set, each with what fits, what holds without it, and what to do about a mistake.

import { z } from "zod";

import { keysIn } from "./checkpoint-keys.ts";
import { limits } from "./limits.ts";
import { webAddress } from "./web-address.ts";

/** Where GitHub is when nobody says it. */
export const publicGitHub = { api: "https://api.github.com", web: "https://github.com" } as const;

/** Where webhooks are heard when nobody says it. */
export const usualWebhookPath = "/api/github/webhooks";

const wholeNumber = (name: string, range: { from: number; to: number; what: string }) =>
  z
    .string({ error: `${name} is not set. It is ${range.what}.` })
    .refine((text) => isWithin(text, range), { error: `${name} must be ${range.what}.` })
    .transform(Number);

function isWithin(text: string, { from, to }: { from: number; to: number }): boolean {
  return /^\d{1,15}$/u.test(text) && Number(text) >= from && Number(text) <= to;
}

export const Variables = z.object({
  APP_ID: wholeNumber("APP_ID", {
    from: 1,
    to: Number.MAX_SAFE_INTEGER,
    what: "the App's number, shown on its settings page on GitHub; `npx fanfold setup` makes an App",
  }),
  WEBHOOK_SECRET: z
    .string({ error: secretAdvice("is not set") })
    .refine((secret) => secret !== "development", {
      error: secretAdvice("is Probot's default"),
      abort: true,
    })
    .refine((secret) => secret.length >= limits.web.secretChars, {
      error: secretAdvice(`is shorter than ${limits.web.secretChars} characters`),
    }),
  WEBHOOK_PATH: z
    .string()
    .regex(/^\/[\w\-./]*[\w-]$/u, {
      error:
        "WEBHOOK_PATH must be a path such as /api/github/webhooks, as in the App's webhook URL.",
    })
    .default(usualWebhookPath),
  HOST: z.string().min(1, { error: "HOST must be an address to listen on." }).default("127.0.0.1"),
  PORT: wholeNumber("PORT", { from: 0, to: 65_535, what: "a port from 0 to 65535" }).default(3000),
  LOG_LEVEL: z
    .enum(["trace", "debug", "info", "warn", "error", "fatal"], {
      error: "LOG_LEVEL must be trace, debug, info, warn, error or fatal.",
    })
    .default("info"),
  FANFOLD_MODEL: z.string().default("sonnet"),
  FANFOLD_DATA: z.string().default("./data"),
  GITHUB_API_URL: webAddress("GITHUB_API_URL", publicGitHub.api).default(publicGitHub.api),
  GITHUB_WEB_URL: webAddress("GITHUB_WEB_URL", publicGitHub.web).default(publicGitHub.web),
  FANFOLD_CHECKPOINT_KEY: z
    .string()
    .transform(keysIn)
    .refine((keys) => keys.every((key) => key.length >= 32), {
      error:
        "FANFOLD_CHECKPOINT_KEY must have at least 32 characters, for example from `openssl rand -hex 32`; older keys stand behind it, with commas between. Leave it out to derive one from the App's key.",
    })
    .default([]),
  FANFOLD_DASHBOARD: z
    .enum(["off", "loopback"], { error: "FANFOLD_DASHBOARD must be off or loopback." })
    .default("off"),
  FANFOLD_DISABLE_WORKFLOWS: z
    .enum(["0", "1", "true", "false"], {
      error: "FANFOLD_DISABLE_WORKFLOWS must be 1 to switch the bot off, or 0.",
    })
    .transform((value) => value === "1" || value === "true")
    .default(false),
  FANFOLD_DAY_BUDGET: z
    .string()
    .regex(/^\d{1,6}(?:\.\d{1,2})?$/u, {
      error: "FANFOLD_DAY_BUDGET must be an amount in US dollars such as 50 or 12.50.",
    })
    .transform(Number)
    .nullable()
    .default(null),
  FANFOLD_MIRRORS_GB: wholeNumber("FANFOLD_MIRRORS_GB", {
    from: 1,
    to: 100_000,
    what: "a whole number of gigabytes from 1 to 100000",
  }).default(limits.disk.mirrorsGb),
  FANFOLD_LEASE_SECONDS: wholeNumber("FANFOLD_LEASE_SECONDS", {
    from: 30,
    to: 3600,
    what: "a whole number of seconds from 30 to 3600",
  }).default(limits.run.leaseMs / 1000),
  FANFOLD_REPOSITORIES: z
    .string()
    .regex(/^[\w.-]+\/(?:\*|[\w.-]+)(?:[\s,]+[\w.-]+\/(?:\*|[\w.-]+))*$/u, {
      error:
        "FANFOLD_REPOSITORIES must be a list of repositories such as acme/site, acme/api or acme/*.",
    })
    .transform((list) => list.toLowerCase().split(/[\s,]+/u))
    .nullable()
    .default(null),
  FANFOLD_METRICS_PORT: wholeNumber("FANFOLD_METRICS_PORT", {
    from: 1,
    to: 65_535,
    what: "a port from 1 to 65535, such as 9464",
  })
    .nullable()
    .default(null),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/u, error: otlpAdvice("OTEL_EXPORTER_OTLP_ENDPOINT") })
    .nullable()
    .default(null),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z
    .url({ protocol: /^https?$/u, error: otlpAdvice("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") })
    .nullable()
    .default(null),
  QUEUE_URL: z
    .string()
    .refine((text) => /^(?:rediss?|postgres(?:ql)?):$/u.test(protocolOf(text)), {
      error:
        "QUEUE_URL must be an address such as redis://host:6379 or postgres://user:password@host/database. Leave it out for one process.",
    })
    .nullable()
    .default(null),
  FANFOLD_APPROVAL: z
    .enum(["never", "large", "always"], {
      error: "FANFOLD_APPROVAL must be never, large or always.",
    })
    .default("large"),
});

/** Empty for what is no address. */
function protocolOf(text: string): string {
  return URL.canParse(text) ? new URL(text).protocol : "";
}

function otlpAdvice(name: string): string {
  return `${name} must be the address of an OpenTelemetry collector, such as http://localhost:4318.`;
}

function secretAdvice(trouble: string): string {
  return `WEBHOOK_SECRET ${trouble}. Anyone could send the bot commands: set the same random secret of at least ${limits.web.secretChars} characters here and in the App's settings, for example from \`openssl rand -hex 32\`.`;
}
