// A fleet of real processes, one of which is killed, one frozen, while their database is restarted; `npm run fleet-series`
// does it for longer.

import { expect, it } from "vitest";

import { isRedisLeftOut } from "../servers/redis.ts";
import { planOf } from "./fleet/deeds.ts";
import { play } from "./fleet/play.ts";
import { partsScript } from "./fleet/work.ts";

/** On a machine that is busy with other things; alone it takes a fifth of it. */
const PATIENCE_MS = 360_000;

const work = {
  repositories: 3,
  threads: 2,
  script: partsScript(2),
  settings: "workerPulls: 0\n",
};

const isAsked = process.env["FLEET"] !== undefined;
if (!isAsked) {
  process.stderr.write(
    "SKIPPED: test/processes/fleet takes three minutes of the whole machine. `FLEET=1 npx vitest run test/processes/fleet.test.ts` plays it.\n",
  );
}

it.skipIf(!isAsked || isRedisLeftOut())(
  "Runs of a fleet whose workers are killed and frozen leave what an undisturbed run leaves",
  async () => {
    const common = { patienceMs: PATIENCE_MS, say: () => {} };
    const one = { ...work, repositories: 1, threads: 1 };
    const calm = await play({ ...common, work: one, workers: 1, plan: planOf([]), wanted: null });
    expect(calm.ends).toEqual(["✅ Completed"]);
    const [wanted] = calm.left;
    if (wanted === undefined) throw new Error("The undisturbed run left nothing.");
    expect(wanted).toMatchObject({ comments: [expect.any(String)], pulls: [expect.any(String)] });
    const plan = planOf([
      { kind: "kill", waitMs: 6_000, worker: 0, place: "an empty disk" },
      { kind: "restart", waitMs: 3_000, awayMs: 500 },
      { kind: "freeze", waitMs: 3_000, worker: 1, forMs: 10_000 },
    ]);
    const played = await play({ ...common, work, workers: 2, plan, wanted });
    expect(played.deeds).toEqual({ kill: 1, restart: 1, freeze: 1 });
    for (const left of played.left) expect(left).toEqual(wanted);
  },
  3 * PATIENCE_MS,
);
