// How fast we may talk to GitHub, in one place, each number with where it comes from.

import type { Pace } from "../../quota/pace.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/**
 * Creating content (comments, pull requests, reviews). GitHub: "in general" 80 a minute and 500 an hour, less on some
 * endpoints, shared with people's clicks; serial and at least a second apart.
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export const contentPace: Pace = {
  gapMs: second,
  windows: [
    { count: 15, perMs: minute },
    { count: 300, perMs: hour },
  ],
};

/**
 * Opening pull requests: unpublished and lower. Reports of blocks begin at 10 to 50 in a row
 * (https://github.com/lindell/multi-gitter/issues/276).
 */
export const pullRequestPace: Pace = { gapMs: second, windows: [{ count: 30, perMs: hour }] };

/**
 * Every write and GraphQL call. GitHub asks for a second between writes when there are many; a handful at once is
 * what a person's click makes, so the second is an average over ten.
 */
export const writePace: Pace = { gapMs: 100, windows: [{ count: 10, perMs: 10 * second }] };

/**
 * Reactions notify nobody and are no content. GitHub lets 180 writes of one kind through in a minute (900 points, five a write),
 * and asks for a second between writes when there are many: a minute may have as many as that gives, and they may come at once.
 */
export const reactionPace: Pace = { gapMs: 50, windows: [{ count: 60, perMs: minute }] };

/** Of writes and reactions a busy process books so many together: fewer than come in the lease of two seconds. */
export const together = 3;

/** Longest wait before a request is refused instead: a job must not be parked where nobody sees it. */
export const patienceMs = 2 * minute;

/** Creation stops at least this long after a secondary limit, and doubles up to an hour (GitHub's advice). */
export const holdMs = { least: minute, most: hour };

/** One attempt on the wire. GitHub itself gives up after 10 s. */
export const attemptMs = 15 * second;

/** Requests of an hour that are spread over the rest of it, as a share of all: people's commands still get through. */
export const reserveShare = 0.1;

/** Attempts after the first, for requests that may be repeated. */
export const retries = 2;

/** Answers that another attempt does not change; GitHub asks not to repeat into a 403 or 429. */
export const doNotRetry = [400, 401, 403, 404, 409, 410, 422, 429, 451];

/** Pages of 100 that a listing may have before we refuse to go on. */
export const listingPages = 100;

/** A push must not outlive its token: one with less left than this is replaced. */
export const tokenReserveMs = 5 * minute;

/** GitHub may refuse a token for so long after it was minted, until all of its servers know it. */
export const freshTokenMs = 5 * second;

/** Of the log of a job so much is read, and its last part kept; what is longer is cut off there. */
export const jobLog = { readBytes: 8 * 1024 * 1024, keptChars: 64_000, readMs: 30 * second };
