// GitHub's limits on how much is asked at once and in a minute of one endpoint, when they are asked for.

import { Refusal } from "./errors.ts";

const minuteMs = 60_000;
const writePoints = 5;

export interface SecondaryLimits {
  /** Reads cost 1, writes 5, of one endpoint. */
  pointsPerMinute: number;
  /** Requests under way. */
  atOnce: number;
}

export interface SecondaryMeter {
  /** Counts a request until the returned function is called. Throws a 403 `Refusal` when it is one too many. */
  enter(who: string, request: { method: string; path: string }): () => void;
}

/** Without limits nothing is counted. */
export function openSecondaryMeter(
  limits: SecondaryLimits | null,
  now: () => number,
): SecondaryMeter {
  const spent = new Map<string, { at: number; points: number }[]>();
  const under = new Map<string, number>();
  return {
    enter(who, { method, path }) {
      if (limits === null) return () => undefined;
      const key = `${who} ${path.replaceAll(/\/\d+/gu, "/N")}`;
      const points = method === "GET" || method === "HEAD" ? 1 : writePoints;
      const recent = (spent.get(key) ?? []).filter(({ at }) => at > now() - minuteMs);
      const sum = recent.reduce((all, one) => all + one.points, points);
      const others = under.get(who) ?? 0;
      if (sum > limits.pointsPerMinute || others >= limits.atOnce) throw tooMuch();
      spent.set(key, [...recent, { at: now(), points }]);
      under.set(who, others + 1);
      return () => void under.set(who, (under.get(who) ?? 1) - 1);
    },
  };
}

/** GitHub does not say how long here: a minute at least is the rule then. */
const tooMuch = (): Refusal =>
  new Refusal(
    403,
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
  );
