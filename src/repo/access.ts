// Settings that let git speak to one remote and to no other place.

import { isAbsolute } from "node:path";

import type { GitSetting } from "./git.ts";
import { RemoteError, type RemoteAccess } from "./remote.ts";

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** What one git command gets to reach a remote, and the secret that must not show in what it says. */
export interface OpenedAccess {
  url: string;
  settings: readonly GitSetting[];
  /** Replaces every secret of this access in a text. */
  redact: (text: string) => string;
}

/**
 * Asks for a fresh header and puts it where git reads it from its environment. Refuses addresses that are not https, http
 * on this machine, or an absolute path; and addresses that carry a password.
 */
export async function openAccess(access: RemoteAccess): Promise<OpenedAccess> {
  const protocol = protocolOf(access.url);
  const header = await access.header();
  if (header !== null && /[\r\n\0]/.test(header)) throw refused("its header holds a line break");
  const settings: GitSetting[] = [
    [`protocol.${protocol}.allow`, "always"],
    ["http.followRedirects", "false"],
    ["http.lowSpeedLimit", "1"],
    ["http.lowSpeedTime", "60"],
  ];
  if (header !== null && protocol !== "file") settings.push(["http.extraHeader", header]);
  const secrets = header === null ? [] : [header, ...header.split(/[:\s]+/).filter(isLong)];
  return {
    url: access.url,
    settings,
    redact: (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, "***"), text),
  };
}

const isLong = (word: string): boolean => word.length >= 16;

function protocolOf(url: string): "https" | "http" | "file" {
  if (isAbsolute(url)) return "file";
  if (!URL.canParse(url)) throw refused("it is neither an address nor an absolute path");
  const { protocol, hostname, username, password } = new URL(url);
  if (username !== "" || password !== "") throw refused("it carries a user or a password");
  if (protocol === "https:") return "https";
  if (protocol === "http:" && LOOPBACK.test(hostname)) return "http";
  throw refused("only https is spoken, or http on this machine");
}

const refused = (why: string): RemoteError =>
  new RemoteError(`The repository's address cannot be used: ${why}.`, { transient: false });
