// The code of a manifest, exchanged for the App's secrets over Octokit. Nobody signs: whoever has the code gets them.

import { z } from "zod";

import type { ConvertCode } from "../../world/new-app.ts";
import { toForgeError } from "./errors.ts";
import { openStranger, type StrangerOptions } from "./octokit.ts";

/** What goes into a file of variables: one line each, and nothing that a shell or a quote could read. */
const line = z.string().regex(/^[\w+/=.-]+$/u);

const Answer = z.object({
  id: z.int().positive(),
  slug: z.string().regex(/^[\w-]+$/u),
  name: z.string(),
  // An enterprise has a slug in place of a login.
  owner: z.object({ login: z.string().optional(), slug: z.string().optional() }),
  html_url: z.url({ protocol: /^https?$/u }),
  webhook_secret: line.nullable(),
  pem: z
    .string()
    .regex(
      /^-----BEGIN [A-Z ]*PRIVATE KEY-----\n[\w+/=\n]+\n-----END [A-Z ]*PRIVATE KEY-----\s*$/u,
    ),
});

export function createConvertCode(options: StrangerOptions): ConvertCode {
  const { rest } = openStranger(options);
  return async (code) => {
    try {
      const { data } = await rest.apps.createFromManifest({ code });
      const { id, slug, name, owner, ...given } = Answer.parse(data);
      return {
        id,
        slug,
        name,
        owner: owner.login ?? owner.slug ?? "",
        page: given.html_url,
        privateKey: given.pem,
        webhookSecret: given.webhook_secret,
      };
    } catch (error) {
      throw toForgeError(withoutSecrets(error), "hand over the App's secrets", "writes");
    }
  };
}

/** What does not fit is named, and never shown: it may be the key. */
function withoutSecrets(error: unknown): unknown {
  if (!(error instanceof z.ZodError)) return error;
  const fields = error.issues.map(({ path }) => path.join("."));
  return new z.ZodError(
    fields.map((field) => ({
      code: "custom",
      path: [field],
      message: "not as expected",
      input: "",
    })),
  );
}
