// Opens a repository for git with a token of its own: this repository, contents, one hour, nothing else.

import { z } from "zod";

import { type RemoteAccess, RemoteError } from "../../repo/remote.ts";
import type { Clock } from "../../world/clock.ts";
import { ForgeError, type RepositoryRef } from "../../world/forge.ts";
import { reading } from "./context.ts";
import { tokenReserveMs } from "./limits.ts";
import type { GitHubClient } from "./octokit.ts";

export interface RemoteOptions {
  /** A client that signs as the App: only the App itself mints tokens. */
  app: GitHubClient;
  clock: Clock;
  /** Where git speaks, e.g. `https://github.com`. */
  webUrl: string;
}

const TokenAnswer = z.object({ token: z.string().min(1), expires_at: z.iso.datetime() });

interface Token {
  value: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** Makes the access of any repository; tokens are shared between the accesses of one repository. */
export function createOpenAccess(options: RemoteOptions): (ref: RepositoryRef) => RemoteAccess {
  const tokens = new Map<string, Promise<Token>>();
  return (ref) => ({
    url: `${options.webUrl.replace(/\/+$/, "")}/${ref.owner}/${ref.name}.git`,
    async header() {
      const { value } = await freshToken(options, { tokens, ref }).catch(asRemoteError);
      const password = Buffer.from(`x-access-token:${value}`).toString("base64");
      return `Authorization: Basic ${password}`;
    },
  });
}

/** Git's callers know remotes, not forges. */
function asRemoteError(error: unknown): never {
  if (!(error instanceof ForgeError)) throw error;
  const transient = error.kind === "unreachable" || error.kind === "limited";
  throw new RemoteError(error.message, { cause: error, transient });
}

async function freshToken(
  options: RemoteOptions,
  { tokens, ref }: { tokens: Map<string, Promise<Token>>; ref: RepositoryRef },
): Promise<Token> {
  const key = `${ref.installationId}/${ref.repositoryId}`;
  const known = await tokens.get(key);
  if (known !== undefined && known.expiresAt - options.clock.now() > tokenReserveMs) return known;
  const minted = mint(options, ref);
  tokens.set(key, minted);
  // A failed minting must not be remembered; whoever waits for it gets its error.
  minted.catch(() => tokens.delete(key));
  return minted;
}

function mint({ app }: RemoteOptions, ref: RepositoryRef): Promise<Token> {
  return reading(`get a token for ${ref.owner}/${ref.name}`, async () => {
    const { data } = await app.rest.apps.createInstallationAccessToken({
      installation_id: ref.installationId,
      repository_ids: [ref.repositoryId],
      permissions: { contents: "write" },
      // A second token is harmless: safe to repeat.
      request: { repeatable: true },
    });
    const { token, expires_at: expiresAt } = TokenAnswer.parse(data);
    return { value: token, expiresAt: Date.parse(expiresAt) };
  });
}
