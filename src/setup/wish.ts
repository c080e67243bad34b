// What a person wants of their App, as the form gives it. Pure.

import { z } from "zod";

import type { Places } from "../config/env.ts";

/** GitHub takes no longer names (https://docs.github.com/en/apps/creating-github-apps/registering-a-github-app/registering-a-github-app). */
export const nameChars = 34;

export interface Wish {
  name: string;
  /** Login of an organization; null for the personal account of whoever is signed in at GitHub. */
  organization: string | null;
  /** Where the bot is reached, without a slash at the end. */
  address: string;
  isPublic: boolean;
}

export const fields = ["name", "owner", "organization", "address", "visibility"] as const;
export type Field = (typeof fields)[number];
/** As they were typed. */
export type Typed = Readonly<Record<Field, string>>;

export const untouched: Typed = {
  name: "",
  owner: "me",
  organization: "",
  address: "",
  visibility: "private",
};

const Typed = z.object({
  name: z.string().trim().default(""),
  owner: z.enum(["me", "organization"]).catch("me"),
  organization: z.string().trim().default(""),
  address: z.string().trim().default(""),
  visibility: z.enum(["private", "public"]).catch("private"),
});

export type ReadWish =
  | { ok: true; typed: Typed; wish: Wish }
  | { ok: false; typed: Typed; mistakes: Readonly<Partial<Record<Field, string>>> };

/** Whatever a form holds: what is not there counts as left empty, what is not text as well. */
export function readWish(form: Readonly<Record<string, unknown>>, places: Places): ReadWish {
  const texts = Object.entries(form).filter(([, value]) => typeof value === "string");
  const typed = Typed.parse(Object.fromEntries(texts));
  const address = readAddress(typed.address, places);
  const mistakes = {
    ...nameMistake(typed.name),
    ...organizationMistake(typed),
    ...(address.ok ? {} : { address: address.mistake }),
  };
  if (!address.ok || Object.keys(mistakes).length > 0) return { ok: false, typed, mistakes };
  const organization = typed.owner === "organization" ? typed.organization : null;
  const isPublic = typed.visibility === "public";
  return {
    ok: true,
    typed,
    wish: { name: typed.name, organization, isPublic, address: address.url },
  };
}

function nameMistake(name: string): { name?: string } {
  if (name === "") return { name: "Give the App a name." };
  if (name.length > nameChars) {
    return {
      name: `GitHub takes names of up to ${nameChars} characters; this one has ${name.length}.`,
    };
  }
  if (/[\p{C}\u2028\u2029]/u.test(name))
    return { name: "A name is one line of visible characters." };
  if (!/[a-z0-9]/iu.test(name)) {
    return {
      name: "GitHub makes the App's address of letters a to z and digits: put at least one in.",
    };
  }
  return {};
}

function organizationMistake({ owner, organization }: Typed): { organization?: string } {
  if (owner !== "organization" || /^[a-z0-9](?:[a-z0-9-]{0,38})$/iu.test(organization)) return {};
  return {
    organization:
      organization === ""
        ? "Give the organization's login, as it stands in its address on GitHub."
        : "An organization's login has letters, digits and hyphens, such as acme or acme-corp.",
  };
}

type Address = { ok: true; url: string } | { ok: false; mistake: string };

function readAddress(text: string, { webhookPath, githubWebUrl }: Places): Address {
  const no = (mistake: string): Address => ({ ok: false, mistake });
  if (text === "") return no("Say where GitHub will reach the bot.");
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/u.test(url.protocol)) {
    return no("This is no web address. One looks like https://fanfold.example.com.");
  }
  if ([url.username, url.password, url.search, url.hash].some((part) => part !== "")) {
    return no("Leave out user names, passwords, and all behind ? and #.");
  }
  const github = new URL(githubWebUrl);
  if (url.protocol === "http:" && github.protocol === "https:") {
    return no("Use https: GitHub's deliveries would be readable on their way.");
  }
  if (github.hostname === "github.com" && isPrivate(url.hostname)) {
    return no(
      `GitHub cannot reach ${url.hostname}: it is known to your network alone. Give an address of the internet, of a tunnel for a trial.`,
    );
  }
  const path = url.pathname.replace(/\/+$/u, "");
  const base = path.endsWith(webhookPath) ? path.slice(0, -webhookPath.length) : path;
  return { ok: true, url: `${url.origin}${base}` };
}

/** Names without a dot, and the addresses that no router of the internet knows (RFC 1918, RFC 4193, loopback, link-local). */
function isPrivate(host: string): boolean {
  if (/^\[(?:::1|f[cd]|fe80)/iu.test(host)) return true;
  if (/^(?:127|10)\.|^192\.168\.|^169\.254\.|^172\.(?:1[6-9]|2\d|3[01])\.|^0\./u.test(host))
    return true;
  return (
    !host.startsWith("[") && (!host.includes(".") || /\.(?:local|internal|localhost)$/iu.test(host))
  );
}
