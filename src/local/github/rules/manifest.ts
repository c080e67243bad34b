// What a manifest may say, what name an App may have, and who may install it. Pure.

import { z } from "zod";

import type { Account, State } from "../state.ts";
import { findAccount } from "../look-up.ts";

/** GitHub takes no longer names. */
export const appNameCharacters = 34;

const address = z.url({ protocol: /^https?$/ });

export const Manifest = z.strictObject({
  name: z.string().default(""),
  url: address,
  description: z.string().default(""),
  public: z.boolean().default(false),
  hook_attributes: z.strictObject({ url: address, active: z.boolean().default(true) }),
  redirect_url: address,
  callback_urls: z.array(address).max(10).optional(),
  setup_url: address.optional(),
  setup_on_update: z.boolean().optional(),
  request_oauth_on_install: z.boolean().optional(),
  default_events: z.array(z.string()).default([]),
  default_permissions: z.record(z.string(), z.enum(["read", "write"])).default({}),
});
export type Manifest = z.infer<typeof Manifest>;

/** The manifest, or what is wrong with it. */
export function readManifest(
  text: string,
): { ok: true; manifest: Manifest } | { ok: false; why: string } {
  const json = asJson(text);
  if (json === null) return { ok: false, why: "The manifest is not JSON." };
  const parsed = Manifest.safeParse(json.value);
  if (parsed.success) return { ok: true, manifest: parsed.data };
  const why = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  return { ok: false, why: `Invalid GitHub App configuration. ${why.join(". ")}` };
}

function asJson(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

/** What stands in addresses for a name. */
export const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");

/** Why no App may have this name; null when one may. */
export function problemWithName(state: State, name: string): string | null {
  const slug = slugOf(name);
  if (slug === "") return "Name needs a letter or a digit.";
  if (name.length > appNameCharacters) {
    return `Name is too long (maximum is ${appNameCharacters} characters).`;
  }
  const isTaken = [slug, `${slug}[bot]`].some((login) => findAccount(state, login) !== undefined);
  return isTaken ? "Name is already in use." : null;
}

/** A private App is for its owner alone. */
export const mayInstall = (
  { owner, isPublic }: { owner: Account; isPublic: boolean },
  account: Account,
): boolean => account.type !== "Bot" && (isPublic || account.id === owner.id);
