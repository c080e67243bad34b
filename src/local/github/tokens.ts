// Credentials: the App's JSON web tokens, installation tokens in both of GitHub's formats, people's tokens.

import { randomBytes, randomInt } from "node:crypto";

import { decodeProtectedHeader, jwtVerify, SignJWT } from "jose";

import type { Actor, Grant } from "./actor.ts";
import type { AppSettings, GitHubCore } from "./core.ts";
import { badCredentials, Refusal } from "./errors.ts";

const hourMs = 3_600_000;
/** GitHub allows ten minutes, and clocks that differ by a little. */
const longestJwtSeconds = 660;

export interface Tokens {
  mint(
    grant: Omit<Grant, "expiresAt">,
    format: TokenFormat,
  ): Promise<{ token: string; grant: Grant }>;
  revoke(token: string): void;
  /** Of an Authorization header's value. Rejects with a 401 `Refusal`. */
  actorOf(header: string | undefined): Promise<{ actor: Actor; token: string | null }>;
}

/** `any`: one of both, at random, so that nobody learns to rely on either. */
export type TokenFormat = "short" | "long" | "any";

export function openTokens(core: Pick<GitHubCore, "app" | "state">): Tokens {
  const { state } = core;
  const grants = new Map<string, Grant>();
  const signingKey = randomBytes(32);

  async function mint(wanted: Omit<Grant, "expiresAt">, format: TokenFormat) {
    const grant = { ...wanted, expiresAt: Date.now() + hourMs };
    const long = format === "long" || (format === "any" && randomInt(2) === 1);
    const token = long ? await longToken(core.app, signingKey, grant) : `ghs_${alphanumeric(36)}`;
    grants.set(token, grant);
    return { token, grant };
  }

  async function actorOf(header: string | undefined) {
    const token = tokenIn(header);
    if (token === null) return { actor: { kind: "anonymous" } as const, token };
    const account = state.personalTokens.get(token);
    if (account !== undefined) return { actor: { kind: "user", account } as const, token };
    const grant = grants.get(token);
    if (grant !== undefined) {
      if (grant.expiresAt <= Date.now()) throw badCredentials();
      return { actor: { kind: "installation", grant, bot: core.app.bot } as const, token };
    }
    if (token.startsWith("gh") || token.split(".").length !== 3) throw badCredentials();
    await verifyAppJwt(core.app, token);
    return { actor: { kind: "app" } as const, token };
  }

  return { mint, revoke: (token) => void grants.delete(token), actorOf };
}

/** Bearer, token, or Basic with the token as password, as git sends it. */
function tokenIn(header: string | undefined): string | null {
  const [scheme = "", value = ""] = (header ?? "").trim().split(/\s+/);
  switch (scheme.toLowerCase()) {
    case "":
      return null;
    case "bearer":
    case "token":
      return value;
    case "basic": {
      const decoded = Buffer.from(value, "base64").toString();
      return decoded.slice(decoded.indexOf(":") + 1);
    }
    default:
      throw badCredentials();
  }
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

export const alphanumeric = (length: number): string =>
  Array.from({ length }, () => letters[randomInt(letters.length)] ?? "0").join("");

/** About 520 characters with two dots, as GitHub mints them since 2026. */
async function longToken(app: AppSettings, key: Uint8Array, grant: Grant): Promise<string> {
  const jwt = await new SignJWT({ id: alphanumeric(280), installation: grant.installation.id })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setIssuer("local-github")
    .setIssuedAt()
    .setExpirationTime(Math.floor(grant.expiresAt / 1_000))
    .sign(key);
  return `ghs_${app.id}_${jwt}`;
}

async function verifyAppJwt(app: AppSettings, token: string): Promise<void> {
  try {
    if (decodeProtectedHeader(token).alg !== "RS256") throw undecodable();
    const { payload } = await jwtVerify(token, app.publicKey, {
      algorithms: ["RS256"],
      requiredClaims: ["exp", "iat", "iss"],
      clockTolerance: 60,
    });
    if (![String(app.id), app.slug].includes(String(payload.iss))) throw undecodable();
    if ((payload.exp ?? 0) - Math.floor(Date.now() / 1_000) > longestJwtSeconds) throw tooLong();
  } catch (error) {
    throw error instanceof Refusal ? error : undecodable(error);
  }
}

const undecodable = (cause?: unknown): Refusal => {
  const why = cause instanceof Error && /exp/.test(cause.message);
  return new Refusal(
    401,
    why
      ? "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires"
      : "A JSON web token could not be decoded",
  );
};

const tooLong = (): Refusal =>
  new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
