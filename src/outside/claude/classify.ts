// One table from what the SDK throws to what is to be done about it.

import { AnthropicError, APIConnectionError, APIError } from "@anthropic-ai/sdk";

import { ModelError, type ModelErrorKind, type Usage } from "../../agent/model.ts";

/** However long a server asks for, one turn looks again after an hour. */
const LONGEST_WAIT_MS = 60 * 60_000;

const SPEND_CAP_CODES = new Set([
  "enforced_spend_limit_reached",
  "contract_spend_limit_reached",
  "linked_organization_spend_limit_reached",
  "organization_on_hold",
]);

// A limit that the customer set comes as a plain invalid request; only its words tell. The same holds for a prompt
// that is too long.
const SPEND_WORDS = /spend(ing)? limit|usage limit|credit balance|billing/i;
const TOO_LONG_WORDS =
  /prompt is too long|context window|too many (input )?tokens|exceed.{0,20}context/i;

/** The clouds' clients say it when they find none, or cannot renew them. */
const CREDENTIALS_WORDS = /AWS credentials|Google OAuth credentials/;

/** Kinds that the provider knows of; our own caps are none of its. */
type ProviderErrorKind = Exclude<ModelErrorKind, "agent-cap">;

/** Sorts an error of a turn. Errors that are not the provider's are returned as they came: they are ours. */
export function classify(
  error: unknown,
  seen: { usage: Usage | null; secrets: readonly string[] },
): unknown {
  if (!(error instanceof AnthropicError)) return error;
  const kind = kindOf(error);
  const said = seen.secrets.reduce(
    (text, secret) => text.replaceAll(secret, "[key]"),
    sentence(error),
  );
  const renews = renewal(error, Date.now());
  return new ModelError(kind, `${explanations[kind]}${renews} The provider said: ${said}`, {
    cause: error,
    usage: seen.usage,
    retryAfterMs: retryAfter(error, kind),
  });
}

/** A tier's limit is one of a calendar month (https://platform.claude.com/docs/en/api/rate-limits). */
function renewal(error: AnthropicError, now: number): string {
  if (!(error instanceof APIError) || error.errorCode !== "enforced_spend_limit_reached") return "";
  const today = new Date(now);
  const next = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1, 1));
  return ` The limit of a month renews on ${next.toISOString().slice(0, 10)} at 00:00 UTC.`;
}

const explanations = {
  "rate-limit": "The model provider is limiting our requests; they can go on after a wait.",
  overloaded: "The model provider could not take the request just now; it can be asked again.",
  network: "The connection to the model provider broke; the turn can be asked again.",
  stalled: "The model's answer stopped coming; the turn can be asked again.",
  "spend-cap":
    "The model account has reached its spending limit or has a billing problem. Nothing goes on until its owner raises the limit or it renews.",
  authentication:
    "The model provider refused the key, or none was found. Check that it is valid and may use this model; the run goes on by itself when it is.",
  "invalid-request":
    "The model provider refused the request. Check that the model's name exists and takes these settings.",
  "context-too-long":
    "The request is longer than the model can read. Give the agent a smaller task.",
} as const satisfies Record<ProviderErrorKind, string>;

function kindOf(error: AnthropicError): ProviderErrorKind {
  // A socket that dies in the middle of an answer and an answer without an end are neither connection nor API errors.
  if (error instanceof APIConnectionError)
    return CREDENTIALS_WORDS.test(error.message) ? "authentication" : "network";
  if (!(error instanceof APIError)) return "network";
  if (error.errorCode !== null && SPEND_CAP_CODES.has(error.errorCode)) return "spend-cap";
  return error.status === undefined ? kindOfType(error) : kindOfStatus(error, error.status);
}

const kindsOfType = new Map<string | null, ProviderErrorKind>([
  ["rate_limit_error", "rate-limit"],
  ["billing_error", "spend-cap"],
  ["authentication_error", "authentication"],
  ["permission_error", "authentication"],
  ["not_found_error", "invalid-request"],
  ["overloaded_error", "overloaded"],
  ["api_error", "overloaded"],
  ["timeout_error", "overloaded"],
  // As Bedrock names them within a stream.
  ["throttlingException", "rate-limit"],
  ["serviceUnavailableException", "overloaded"],
  ["internalServerException", "overloaded"],
  ["modelStreamErrorException", "overloaded"],
  ["modelTimeoutException", "overloaded"],
]);

const REFUSALS = new Set<string | null>(["invalid_request_error", "validationException"]);

/** Errors within a stream carry no status. */
function kindOfType(error: APIError): ProviderErrorKind {
  if (REFUSALS.has(error.type)) return kindOfRefusal(error);
  return kindsOfType.get(error.type) ?? "network";
}

function kindOfStatus(error: APIError, status: number): ProviderErrorKind {
  if (status === 429) return "rate-limit";
  if (status === 402) return "spend-cap";
  if (status === 401 || status === 403) return "authentication";
  if (status === 413) return "context-too-long";
  if (status === 408 || status === 409) return "network";
  // Bedrock's word for a model that broke on its side.
  if (status >= 500 || status === 424) return "overloaded";
  return kindOfRefusal(error);
}

function kindOfRefusal(error: APIError): ProviderErrorKind {
  const said = sentence(error);
  if (SPEND_WORDS.test(said)) return "spend-cap";
  return TOO_LONG_WORDS.test(said) ? "context-too-long" : "invalid-request";
}

function sentence(error: AnthropicError): string {
  const said = error instanceof APIError ? (error.apiMessage ?? error.message) : error.message;
  // What follows in further lines, such as a signed request in full, is for nobody's eyes.
  return (said.split("\n", 1)[0] ?? "").slice(0, 500);
}

function retryAfter(error: AnthropicError, kind: ModelErrorKind): number | null {
  if (kind !== "rate-limit" && kind !== "overloaded") return null;
  const headers = error instanceof APIError ? error.headers : undefined;
  const asked = headers ? askedWait(headers) : null;
  return asked === null ? null : Math.min(asked, LONGEST_WAIT_MS);
}

function askedWait(headers: Headers): number | null {
  const milliseconds = positive(headers.get("retry-after-ms"));
  if (milliseconds !== null) return milliseconds;
  const asked = headers.get("retry-after");
  const seconds = positive(asked);
  if (seconds !== null) return seconds * 1000;
  const untilMs = asked === null ? Number.NaN : Date.parse(asked) - Date.now();
  return untilMs > 0 ? untilMs : null;
}

function positive(header: string | null): number | null {
  const value = header === null || header.trim() === "" ? Number.NaN : Number(header);
  return Number.isFinite(value) && value >= 0 ? value : null;
}
