// Tokens of an installation: each for one repository and no more than it is wanted for, shared while it is fresh.

import type { Octokit } from "@octokit/rest";
import { z } from "zod";

import type { Clock } from "../../world/clock.ts";
import { ForgeError } from "../../world/forge-error.ts";
import { refusalOf } from "./errors.ts";
import { freshTokenMs, tokenReserveMs } from "./limits.ts";

/** What a token is for. */
export interface Wanted {
  installationId: number;
  /** The one repository: by its number, by its name, or null for a look at which there are. */
  repository: number | string | null;
  /** Left out: everything that the App was granted there. */
  permissions?: Readonly<Record<string, "read" | "write">>;
}

export interface Token {
  value: string;
  /** Milliseconds since 1970. */
  mintedAt: number;
  expiresAt: number;
}

/** Rejects as the App's client does. */
export type Tokens = (wanted: Wanted) => Promise<Token>;

interface Parts {
  /** A client that signs as the App: only the App itself mints tokens. */
  app: Pick<Octokit, "rest">;
  clock: Clock;
}

const TokenAnswer = z.object({ token: z.string().min(1), expires_at: z.iso.datetime() });

export function createTokens(parts: Parts): Tokens {
  const tokens = new Map<string, Promise<Token>>();
  const now = (): number => parts.clock.now();
  return async (wanted) => {
    const key = JSON.stringify(wanted);
    const last = tokens.get(key);
    const known = await last;
    if (known !== undefined && known.expiresAt - now() > tokenReserveMs) return known;
    // Whoever asked at the same time may have begun already: many at once share one.
    const other = tokens.get(key);
    if (other !== undefined && other !== last) return other;
    const minted = mint(parts, wanted);
    tokens.set(key, minted);
    // A failed minting must not be remembered; whoever waits for it gets its error.
    minted.catch(() => tokens.delete(key));
    return minted;
  };
}

async function mint({ app, clock }: Parts, wanted: Wanted): Promise<Token> {
  const { installationId, repository, permissions } = wanted;
  try {
    const { data } = await app.rest.apps.createInstallationAccessToken({
      installation_id: installationId,
      ...(typeof repository === "number" ? { repository_ids: [repository] } : {}),
      ...(typeof repository === "string" ? { repositories: [repository] } : {}),
      ...(permissions === undefined ? {} : { permissions: { ...permissions } }),
      // A second token is harmless: safe to repeat.
      request: { repeatable: true },
    });
    const { token, expires_at: expiresAt } = TokenAnswer.parse(data);
    return { value: token, mintedAt: clock.now(), expiresAt: Date.parse(expiresAt) };
  } catch (error) {
    if (refusalOf(error)?.status !== 422) throw error;
    const which = typeof repository === "number" ? `with the number ${repository}` : repository;
    throw new ForgeError(
      "not-found",
      `GitHub gives us no token for the repository ${which}: it is gone, or the App is not installed there.`,
    );
  }
}

interface Options {
  headers: Record<string, unknown>;
}
type Request = (options: Options) => Promise<unknown>;

/** A way to sign for Octokit: a token for every attempt, and patience while a fresh one is not known everywhere. */
export function signedWith(tokenOf: () => Promise<Token>, clock: Clock) {
  async function hook(request: Request, options: Options): Promise<unknown> {
    const { value, mintedAt } = await tokenOf();
    options.headers["authorization"] = `token ${value}`;
    try {
      return await request(options);
    } catch (error) {
      const isFresh = clock.now() - mintedAt < freshTokenMs;
      if (refusalOf(error)?.status !== 401 || !isFresh) throw error;
      await clock.sleep(freshTokenMs / 5);
      return await hook(request, options);
    }
  }
  return () => ({ hook });
}
