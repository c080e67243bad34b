// What a process that hears webhooks lives by: how much it takes in, how long it waits, how often it looks again.

import { day, minute, second } from "./durations.ts";

/** Durations are in milliseconds unless the name says otherwise. */
export const webLimits = {
  /** Bytes of one delivery. GitHub's own maximum is 25 MB; comment events stay far below 1 MB. */
  bodyBytes: 1024 * 1024,
  /** GitHub gives up on a delivery after 10 seconds; reading its body must take less. */
  bodyMs: 9 * second,
  /**
   * Deliveries under way in this process, those included that wait for GitHub's pace; more are answered with 503 and can be
   * delivered again. Each is a letter of some kilobytes in memory.
   */
  deliveriesAtOnce: 500,
  /** Several processes' database has so long to keep a delivery: half of what GitHub waits, so that it hears that it was not. */
  keepMs: 5 * second,
  /** Work stands back so long while deliveries are being answered: half of what a person waits for the first sign. */
  standBackMs: second,
  /** An answer waits so long for the signs that others were heard: within five seconds each of 200 people sees theirs. */
  signsMs: 4 * second,
  /** GitHub keeps deliveries this long and delivers none again that is older; a comment waits no longer for its answer. */
  deliveriesKeptMs: 3 * day,
  /** How far back a data folder that is new asks for deliveries that another one may have lost. */
  lostWithFolderMs: 60 * minute,
  /** How far off this machine's clock may be: when deliveries were made is said by GitHub's. */
  clockOffMs: 2 * minute,
  /** Between two looks at what did not arrive: people wait this long at most. */
  sweepMs: 10 * minute,
  /**
   * After the first try to answer; twice that after each further one, up to `sweepMs`. Where GitHub limits and names no time, it
   * asks for a minute.
   */
  answerAgainMs: minute,
  /** Attempts of GitHub's log read in one look: 50 requests of the 5,000 an hour. */
  attemptsPerSweep: 5000,
  /** Deliveries asked for again in one look: a tenth of what may be under way at once. */
  redeliveriesPerSweep: 50,
  /** Times one process asks for the same delivery: once may meet a bad moment, more often it is the delivery. */
  redeliveriesOfOne: 3,
  /** Comments taken in and not answered yet, with `inboxBytes` the most that waits on disk. */
  inboxLetters: 1000,
  /** Bytes of them: 64 comments of the largest size, or all 1,000 of a usual one. */
  inboxBytes: 16 * 1024 * 1024,
  /** Until GitHub is asked again who we are, when it could not be reached at the start. */
  greetAgainMs: minute,
  /** From the first signal to the end of the process: container hosts kill after 30 seconds. */
  drainMs: 25 * second,
  /** Shortest webhook secret that is accepted, in characters. */
  secretChars: 32,
} as const;
