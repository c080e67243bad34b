// The App as GitHub knows it, over Octokit, signed as the App.

import { z } from "zod";

import { ForgeError } from "../../world/forge-error.ts";
import type { Installation, Registration, Webhook } from "../../world/registration.ts";
import { reading } from "./context.ts";
import { toForgeError } from "./errors.ts";
import type { GitHubClient } from "./octokit.ts";

const granted = {
  permissions: z.record(z.string(), z.string()),
  events: z.array(z.string()).default([]),
};

const AppAnswer = z.object({ slug: z.string(), html_url: z.string(), ...granted });

const HookAnswer = z.object({
  url: z.string().nullish(),
  content_type: z.string().nullish(),
  secret: z.string().nullish(),
  insecure_ssl: z.union([z.string(), z.number()]).nullish(),
});

const InstallationAnswer = z.object({
  id: z.int(),
  // An enterprise has a slug in place of a login.
  account: z.object({ login: z.string().optional(), slug: z.string().optional() }).nullish(),
  suspended_at: z.string().nullish(),
  html_url: z.string(),
  ...granted,
});

/** An answer, or the refusal that came in its place. */
const Dated = z.union([
  z.object({ headers: z.object({ date: z.string() }) }),
  z
    .object({ response: z.object({ headers: z.object({ date: z.string() }) }) })
    .transform(({ response }) => response),
]);

export function createRegistration(app: GitHubClient): Registration {
  const { apps } = app.rest;
  return {
    app: () =>
      reading("tell which App this is", async () => {
        const { html_url: page, ...rest } = AppAnswer.parse((await apps.getAuthenticated()).data);
        return { page, ...rest };
      }),
    webhook: () =>
      reading("tell where webhooks go", async () =>
        toWebhook((await apps.getWebhookConfigForApp()).data),
      ),
    async *installations() {
      try {
        const pages = app.paginate.iterator(apps.listInstallations, { per_page: 100 });
        for await (const { data } of pages) yield* data.map(toInstallation);
      } catch (error) {
        throw toForgeError(error, "list who installed the App", "reads");
      }
    },
    installation: (id) =>
      reading("tell about this installation", async () =>
        toInstallation((await apps.getInstallation({ installation_id: id })).data),
      ),
    time: () => reading("tell the time", () => timeOf(app)),
  };
}

function toWebhook(data: unknown): Webhook {
  const answer = HookAnswer.parse(data);
  return {
    url: answer.url || null,
    contentType: answer.content_type ?? null,
    hasSecret: Boolean(answer.secret),
    isVerified: String(answer.insecure_ssl ?? "0") === "0",
  };
}

function toInstallation(data: unknown): Installation {
  const { id, account, permissions, events, ...rest } = InstallationAnswer.parse(data);
  return {
    id,
    account: account?.login ?? account?.slug ?? String(id),
    isSuspended: rest.suspended_at != null,
    permissions,
    events,
    page: rest.html_url,
  };
}

async function timeOf(app: GitHubClient): Promise<number> {
  const answer: unknown = await app.rest.apps.getAuthenticated().catch((error: unknown) => error);
  const dated = Dated.safeParse(answer);
  if (dated.success) return Date.parse(dated.data.headers.date);
  throw answer instanceof Error ? answer : new ForgeError("unreachable", "GitHub named no time.");
}
