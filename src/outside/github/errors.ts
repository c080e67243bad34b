// What GitHub said no to, in our words: never a header, never a token, never the request.

import { z } from "zod";

import { ForgeError, type ForgeErrorKind } from "../../world/forge-error.ts";
import { redact } from "./redact.ts";

const text = z.string().optional().catch(undefined);

/** The parts of Octokit's `RequestError` that we look at. */
const HttpFailure = z.object({
  status: z.number(),
  message: z.string(),
  request: z.unknown().optional(),
  response: z
    .object({
      headers: z.record(z.string(), z.unknown()).catch({}),
      data: z.object({ message: z.string() }).loose().optional().catch(undefined),
    })
    .optional(),
});
type HttpFailure = z.infer<typeof HttpFailure>;

/** The parts of Octokit's `GraphqlResponseError`. */
const GraphqlFailure = z.object({
  name: z.literal("GraphqlResponseError"),
  headers: z.record(z.string(), z.unknown()).catch({}),
  errors: z.array(z.object({ message: z.string(), type: text })).min(1),
});

interface Reading {
  kind: ForgeErrorKind;
  said: string;
  retryAfterMs: number | null;
}

const secondary = /secondary rate|abuse detection|submitted too quickly/i;
const noWord = /something went wrong|timed? ?out|loading/i;

/** What a call does to GitHub: of one that only reads it is clear what it changed, whatever became of its answer. */
export type Effect = "reads" | "writes";

/** Any failure of a call as a `ForgeError`; `doing` completes "GitHub refused to …". A bug of ours comes back as it is. */
export function toForgeError(error: unknown, doing: string, effect: Effect): unknown {
  if (error instanceof ForgeError) return error;
  const reading = readFailure(error);
  if (reading === null) return error;
  const { kind, retryAfterMs } = reading;
  const said = redact(reading.said).slice(0, 600);
  const cause = new Error(said);
  return new ForgeError(kind, sentences[kind]({ kind, said, doing, retryAfterMs, effect }), {
    cause,
    retryAfterMs,
  });
}

/** How long GitHub wants us to stop creating, when this error says so; null otherwise. */
export function secondaryLimitMs(error: unknown): number | null {
  const reading = readFailure(error);
  return reading?.kind === "limited" && secondary.test(reading.said)
    ? (reading.retryAfterMs ?? 60_000)
    : null;
}

/** The answer's status and words when GitHub itself said no, for the few places that depend on them. */
export function refusalOf(error: unknown): { status: number; said: string } | null {
  const failure = HttpFailure.safeParse(error);
  if (!failure.success || failure.data.response === undefined) return null;
  return { status: failure.data.status, said: failure.data.message };
}

function readFailure(error: unknown): Reading | null {
  const graphql = GraphqlFailure.safeParse(error);
  if (graphql.success) return readGraphql(graphql.data);
  if (error instanceof z.ZodError) {
    return unreachable(`an answer we cannot read (${z.prettifyError(error)})`);
  }
  if (error instanceof Error && ["AbortError", "TimeoutError"].includes(error.name)) {
    return unreachable("no answer in time");
  }
  const http = HttpFailure.safeParse(error);
  return http.success ? readHttp(http.data) : null;
}

function readGraphql({ headers, errors }: z.infer<typeof GraphqlFailure>): Reading {
  const said = errors.map((each) => each.message).join("; ");
  const types = new Set(errors.map((each) => each.type));
  if (types.has("RATE_LIMITED") || secondary.test(said)) {
    return { kind: "limited", said, retryAfterMs: retryAfter(headers) };
  }
  if (types.has("NOT_FOUND")) return { kind: "not-found", said, retryAfterMs: null };
  if (types.has("FORBIDDEN") || types.has("INSUFFICIENT_SCOPES")) {
    return { kind: "forbidden", said, retryAfterMs: null };
  }
  return noWord.test(said) ? unreachable(said) : { kind: "refused", said, retryAfterMs: null };
}

function readHttp({ status, message, response }: HttpFailure): Reading {
  if (response === undefined) return unreachable(`no answer (${message})`);
  if (status >= 500) return unreachable(message);
  const { headers } = response;
  if (isLimit({ status, message, headers })) {
    return { kind: "limited", said: message, retryAfterMs: retryAfter(headers) };
  }
  return { kind: kindOf(status), said: `${message} (${status})`, retryAfterMs: null };
}

function kindOf(status: number): ForgeErrorKind {
  if (status === 404 || status === 410) return "not-found";
  return status === 401 || status === 403 || status === 451 ? "forbidden" : "refused";
}

interface Limit {
  status: number;
  message: string;
  headers: Record<string, unknown>;
}

function isLimit({ status, message, headers }: Limit): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  const exhausted = String(headers["x-ratelimit-remaining"]) === "0";
  return exhausted || headers["retry-after"] !== undefined || secondary.test(message);
}

function retryAfter(headers: Record<string, unknown>): number | null {
  const seconds = Number(headers["retry-after"]);
  if (headers["retry-after"] !== undefined && Number.isFinite(seconds)) return seconds * 1_000;
  const reset = Number(headers["x-ratelimit-reset"]);
  const exhausted = String(headers["x-ratelimit-remaining"]) === "0";
  return exhausted && Number.isFinite(reset) ? Math.max(0, reset * 1_000 - Date.now()) : null;
}

function unreachable(said: string): Reading {
  return { kind: "unreachable", said, retryAfterMs: null };
}

type Failure = Reading & { doing: string; effect: Effect };

const sentences: Readonly<Record<ForgeErrorKind, (failure: Failure) => string>> = {
  "not-found": ({ doing, said }) =>
    `GitHub does not show us what is needed to ${doing}: ${said}. It was deleted, or the App is not installed there.`,
  forbidden: ({ doing, said }) =>
    `GitHub does not let the App ${doing}: ${said}. Check the App's permissions and its installation.`,
  refused: ({ doing, said }) => `GitHub refused to ${doing}: ${said}`,
  limited: ({ doing, said, retryAfterMs }) =>
    `${askedToWait(retryAfterMs)} while we tried to ${doing}: ${said}`,
  unreachable: ({ doing, said, effect }) =>
    `GitHub could not be asked to ${doing}: ${said}. ${unclear[effect]}`,
};

const unclear: Readonly<Record<Effect, string>> = {
  reads: "Nothing was changed by it. Try again when GitHub can be reached.",
  writes: "Whether it happened is unknown; it is looked up before it is tried again.",
};

function askedToWait(retryAfterMs: number | null): string {
  if (retryAfterMs === null) return "GitHub asked us to slow down";
  return `GitHub asked us to wait ${Math.ceil(retryAfterMs / 1_000)} s`;
}
