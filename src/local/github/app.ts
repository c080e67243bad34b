// The one App of this GitHub: given at its start, or made by a person from a manifest while it runs.

import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";

import { addAccount } from "./accounts.ts";
import { type AppSettings, type GitHubCore, NO_APP } from "./core.ts";
import type { Manifest } from "./rules/manifest.ts";
import { type Account, nextId, type Permissions, type State } from "./state.ts";
import { timestamp } from "./look-up.ts";

export interface GivenApp {
  id: number;
  slug: string;
  /** PEM; made when not given. */
  privateKey?: string;
  webhookSecret: string;
  /** Left out: nothing is delivered. */
  webhookUrl?: string;
  permissions?: Permissions;
  events?: readonly string[];
}

/** What the App asks for where nothing else is said. */
export const defaultPermissions: Permissions = {
  metadata: "read",
  contents: "write",
  pull_requests: "write",
  issues: "write",
  checks: "write",
  actions: "read",
  statuses: "read",
};
const defaultEvents = [
  "issue_comment",
  "issues",
  "pull_request",
  "pull_request_review",
  "pull_request_review_comment",
  "check_run",
  "check_suite",
];

/** How long GitHub keeps what a code stands for. */
const codeMs = 3_600_000;

export function openApp(given: GivenApp, state: State): AppSettings {
  return {
    ...keysOf(given.privateKey === undefined ? newKey() : createPrivateKey(given.privateKey)),
    id: given.id,
    slug: given.slug,
    name: given.slug,
    description: "",
    isPublic: true,
    webhookSecret: given.webhookSecret,
    webhookUrl: given.webhookUrl ?? null,
    setupUrl: null,
    permissions: given.permissions ?? defaultPermissions,
    events: given.events ?? defaultEvents,
    owner: addAccount(state, "app-owner", "Organization"),
    bot: addAccount(state, `${given.slug}[bot]`, "Bot"),
    createdAt: timestamp(),
  };
}

/** Stands where there is no App yet: nobody has its key, nothing is delivered to it, and it has no account. */
export function nobodysApp(): AppSettings {
  const nobody: Account = { id: NO_APP, login: "", type: "Bot", createdAt: timestamp() };
  return {
    ...keysOf(newKey()),
    id: NO_APP,
    slug: "",
    name: "",
    description: "",
    isPublic: false,
    webhookSecret: "",
    webhookUrl: null,
    setupUrl: null,
    permissions: {},
    events: [],
    owner: nobody,
    bot: nobody,
    createdAt: timestamp(),
  };
}

/** Makes it this GitHub's App, in place of one that is installed nowhere; the code is good for its secrets, once. */
export function createApp(
  core: GitHubCore,
  { manifest, owner, slug }: { manifest: Manifest; owner: Account; slug: string },
): { code: string } {
  const { state } = core;
  state.accounts.delete(core.app.bot.login.toLowerCase());
  state.manifestCodes.clear();
  core.app = {
    ...keysOf(newKey()),
    id: nextId(state),
    slug,
    name: manifest.name,
    description: manifest.description,
    isPublic: manifest.public,
    webhookSecret: randomBytes(20).toString("hex"),
    webhookUrl: manifest.hook_attributes.active ? manifest.hook_attributes.url : null,
    setupUrl: manifest.setup_url ?? null,
    permissions: { metadata: "read", ...manifest.default_permissions },
    events: manifest.default_events,
    owner,
    bot: addAccount(state, `${slug}[bot]`, "Bot"),
    createdAt: timestamp(),
  };
  const code = randomBytes(20).toString("hex");
  state.manifestCodes.set(code, Date.now() + codeMs);
  return { code };
}

/** Whether the code was good; it is not any more. */
export function takeCode({ manifestCodes }: State, code: string): boolean {
  const until = manifestCodes.get(code) ?? 0;
  manifestCodes.delete(code);
  return Date.now() < until;
}

const newKey = (): KeyObject => generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey;

const keysOf = (key: KeyObject) => ({
  privateKey: key.export({ type: "pkcs8", format: "pem" }).toString(),
  publicKey: createPublicKey(key),
});
