// What every theme of the forge works with: one repository, one client, one way to ask.

import type { RepositoryRef } from "../../world/forge.ts";
import { ForgeError } from "../../world/forge-error.ts";
import { toForgeError } from "./errors.ts";
import { listingPages } from "./limits.ts";
import type { AppIdentity, GitHubClient } from "./octokit.ts";

export interface ForgeContext {
  ref: RepositoryRef;
  client: GitHubClient;
  /** A client for another repository of the same owner, to read in. */
  named: (repository: string) => GitHubClient;
  identity: () => Promise<AppIdentity>;
  /** Where people read, e.g. `https://github.com`; no slash at the end. */
  webUrl: string;
}

/** Owner and name as every route wants them. */
export function at({ ref }: ForgeContext): { owner: string; repo: string } {
  return { owner: ref.owner, repo: ref.name };
}

/** Runs one call that changes something; failures come out as `ForgeError`s. `doing` completes "GitHub refused to …". */
export async function asking<T>(doing: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw toForgeError(error, doing, "writes");
  }
}

/** The same for one that changes nothing. */
export async function reading<T>(doing: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw toForgeError(error, doing, "reads");
  }
}

/** The first item of a listing that `wanted` turns into something; reads on page by page, within a limit. */
export async function firstInPages<T>(
  pages: AsyncIterable<{ data: readonly unknown[] }>,
  wanted: (item: unknown) => T | null,
): Promise<T | null> {
  let read = 0;
  for await (const { data } of pages) {
    for (const item of data) {
      const found = wanted(item);
      if (found !== null) return found;
    }
    read += 1;
    if (read >= listingPages) throw tooLong();
  }
  return null;
}

function tooLong(): ForgeError {
  return new ForgeError(
    "refused",
    `The listing has more than ${listingPages * 100} items. Nothing was changed; use a fresh issue or pull request.`,
  );
}

/** Whether a login is our own App's account. */
export async function isOurs(context: ForgeContext, login: string | undefined): Promise<boolean> {
  const { slug } = await context.identity();
  return login === `${slug}[bot]`;
}
