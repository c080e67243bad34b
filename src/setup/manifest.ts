// The manifest that GitHub is given: what `app.yml` asks for, with this person's name and addresses. Pure.

import { parse } from "yaml";
import { z } from "zod";

import type { Places } from "../config/env.ts";
import type { Wish } from "./wish.ts";

const File = z.strictObject({
  name: z.string(),
  description: z.string(),
  url: z.url(),
  public: z.boolean(),
  hook_attributes: z.strictObject({ url: z.url(), active: z.literal(true) }),
  default_events: z.array(z.string()),
  default_permissions: z.record(z.string(), z.enum(["read", "write"])),
});

/** The text of `app.yml` as data. Throws for one that nobody could make an App of. */
export const readAppFile = (text: string): AppFile => File.parse(parse(text));
export type AppFile = z.infer<typeof File>;

/** Where GitHub sends the browser back to. */
export interface Returns {
  /** With the code, when the App was made. */
  made: string;
  /** When it was installed. Its owner's browser alone can open this, so a public App does without. */
  installed: string;
}

export function manifestFor(
  { name, address, isPublic }: Wish,
  { file, places, returns }: { file: AppFile; places: Places; returns: Returns },
) {
  return {
    ...file,
    name,
    url: address,
    public: isPublic,
    hook_attributes: { url: hookUrl(address, places), active: true },
    redirect_url: returns.made,
    ...(isPublic ? {} : { setup_url: returns.installed, setup_on_update: false }),
  };
}

export const hookUrl = (address: string, { webhookPath }: Places): string =>
  `${address}${webhookPath}`;

/** Where the manifest is sent to. */
export function creationUrl({ organization }: Wish, { githubWebUrl }: Places): string {
  const whose = organization === null ? "" : `/organizations/${encodeURIComponent(organization)}`;
  return `${githubWebUrl}${whose}/settings/apps/new`;
}
