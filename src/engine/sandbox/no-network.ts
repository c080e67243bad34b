// Takes the network away from a sandbox's process, where the system lets a process do without one.

import { spawnSync } from "node:child_process";

const PATHS = ["/usr/bin/unshare", "/bin/unshare"];
const OWN_NETWORK = ["--map-current-user", "--net"];

let found: string | null = null;

/**
 * What to put before a command in a shell so that it has a network of its own with nothing in it, or nothing where that
 * cannot be had: off Linux, or where user namespaces are forbidden, as in most containers.
 */
export function withoutNetwork(): string {
  found ??= PATHS.find(works) ?? "";
  return found === "" ? "" : `${[found, ...OWN_NETWORK].join(" ")} `;
}

function works(path: string): boolean {
  if (process.platform !== "linux") return false;
  return spawnSync(path, [...OWN_NETWORK, "/bin/sh", "-c", ":"], { env: {} }).status === 0;
}
