// GitHub's limits on creating content, when they are asked for: comments, reviews, issues and pull requests of one account.

import { Refusal } from "./errors.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** GitHub says 80 a minute and 500 an hour in general; of pull requests fewer, without saying how many. */
export interface ContentLimits {
  perMinute: number;
  perHour: number;
  pullsPerHour: number;
}

const CONTENT =
  /^POST \/repos\/[^/]+\/[^/]+\/(?:issues|issues\/\d+\/comments|commits\/[^/]+\/comments|pulls|pulls\/\d+\/(?:comments|reviews|comments\/\d+\/replies))$/;
const PULL = /^POST \/repos\/[^/]+\/[^/]+\/pulls$/;

/** Whether a request such as `POST /repos/acme/site/pulls` creates what GitHub counts as content. */
export const createsContent = (request: string): boolean => CONTENT.test(request);

export interface ContentMeter {
  /** Counts a request such as `POST /repos/acme/site/pulls`. Throws a 403 `Refusal` with the seconds to wait. */
  spend(who: string, request: string): void;
}

/** Without limits nothing is counted. */
export function openContentMeter(limits: ContentLimits | null, now: () => number): ContentMeter {
  const created = new Map<string, { at: number; isPull: boolean }[]>();
  return {
    spend(who, request) {
      if (limits === null || !createsContent(request)) return;
      const at = now();
      const recent = (created.get(who) ?? []).filter((one) => one.at > at - hourMs);
      const isPull = PULL.test(request);
      const times = recent.map((one) => one.at);
      const pulls = recent.filter((one) => one.isPull).map((one) => one.at);
      const freeAt = Math.max(
        nextAt(times, { count: limits.perMinute, ms: minuteMs }),
        nextAt(times, { count: limits.perHour, ms: hourMs }),
        isPull ? nextAt(pulls, { count: limits.pullsPerHour, ms: hourMs }) : 0,
      );
      if (freeAt > at) throw tooMuch(Math.ceil((freeAt - at) / 1_000));
      created.set(who, [...recent, { at, isPull }]);
    },
  };
}

/** When one more fits into the window, by the times of the earlier ones, oldest first. */
function nextAt(times: readonly number[], window: { count: number; ms: number }): number {
  const first = times.at(-window.count);
  return times.length < window.count || first === undefined ? 0 : first + window.ms;
}

function tooMuch(seconds: number): Refusal {
  return new Refusal(
    403,
    "You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.",
    { headers: { "retry-after": String(seconds) } },
  );
}
