// `npm run fleet-series`: a fleet whose workers are killed and frozen again and again, and what is left held against an
// undisturbed run.

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { askedOr, givenOf, SEEDS, wholeOf } from "../../simulation/command-line.ts";
import { commitNow } from "../../simulation/commit.ts";
import { partsScript, type Work } from "./work.ts";
import { drawnPlan, planOf } from "./deeds.ts";
import type { Left } from "./left.ts";
import { isSame, play, type Played } from "./play.ts";

const USAGE = `npm run fleet-series -- [--repositories N] [--threads N] [--parts N] [--workers N] [--seed S] [--slower N] [--minutes N]
  12 repositories with 5 threads each, scripts of 10 parts, 3 workers, seed 1, and an hour's patience unless told;
  --slower 5 is for a machine that is busy with other things: what is killed before it got anywhere shows nothing
`;

const DEFAULTS = {
  repositories: 12,
  threads: 5,
  parts: 10,
  workers: 3,
  seed: 1,
  slower: 1,
  minutes: 60,
};
/** Each of them, so that nothing is left to be played where there is none. */
const BOUNDS = [1, 10_000] as const;

const asked = askedOr(USAGE, (args) => {
  const given = givenOf(
    args,
    Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, "string"])),
  );
  const read = (name: keyof typeof DEFAULTS): number =>
    wholeOf(given, name, { bounds: name === "seed" ? SEEDS : BOUNDS, other: DEFAULTS[name] });
  return {
    repositories: read("repositories"),
    threads: read("threads"),
    parts: read("parts"),
    workers: read("workers"),
    seed: read("seed"),
    slower: read("slower"),
    minutes: read("minutes"),
  };
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const { seed, workers } = asked;
const patienceMs = asked.minutes * 60_000;
const work: Work = {
  repositories: asked.repositories,
  threads: asked.threads,
  script: partsScript(asked.parts),
  // GitHub's pace of pull requests would be most of the time.
  settings: "workerPulls: 0\n",
};

/** Logs of all processes, and what is left beside what should be. */
function keep({ logs, left }: Played, wanted: Left): string {
  const dir = mkdtempSync(join(tmpdir(), "fanfold-fleet-"));
  for (const [index, log] of logs.entries())
    writeFileSync(join(dir, `process-${index}.log`), log.join("\n"));
  writeFileSync(join(dir, "left.json"), JSON.stringify({ wanted, left }, null, 1));
  return dir;
}

async function main(): Promise<boolean> {
  const one = { ...work, repositories: 1, threads: 1 };
  const calm = await play({
    work: one,
    workers: 1,
    plan: planOf([]),
    wanted: null,
    patienceMs,
    say,
  });
  const [wanted] = calm.left;
  if (wanted === undefined) throw new Error("The undisturbed run left nothing.");
  say(`undisturbed: ${calm.ends.join()}, ${calm.requests} requests, ${calm.tookMs / 1_000} s`);
  const played = await play({
    work,
    workers,
    plan: drawnPlan(seed, workers, asked.slower),
    wanted,
    patienceMs,
    say,
  });
  const { ends, left, requests, deeds, tookMs } = played;
  const endless = ends.filter((end) => end === null).length;
  const different = left.filter((each) => !isSame(each, wanted)).length;
  const above = requests - calm.requests * ends.length;
  say(
    `${ends.length} runs of seed ${seed} on ${commitNow()} in ${(tookMs / 60_000).toFixed(1)} minutes, ${deeds.kill} SIGKILL, ${deeds.freeze} SIGSTOP, ` +
      `${deeds.restart} restarts of Redis: ${endless} without an end, ${different} with another result, ` +
      `${above} of ${requests} requests above undisturbed ones`,
  );
  say(
    `ends: ${[...new Set(ends)].map((end) => `${ends.filter((one) => one === end).length} ${end ?? "none"}`).join(", ")}`,
  );
  if (different > 0) say(`What there is of it: ${keep(played, wanted)}`);
  return different === 0;
}

process.exitCode = (await main()) ? 0 : 1;
