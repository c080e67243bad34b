// Looks at one repository as the bot meets it: what it may do there, and what became of its newest run. Changes nothing.

import type { RunDesk } from "../command/run-desk.ts";
import type { Rules } from "../settings/rules.ts";
import type { World } from "../world.ts";
import type { Forge, RepositoryRef } from "../world/forge.ts";
import { attempt } from "./attempt.ts";
import { concealed } from "./examine.ts";
import type { Finding } from "./finding.ts";
import { judgeInstallation } from "./judge-app.ts";
import {
  type Head,
  judgeBranches,
  judgeCheckpoint,
  judgeHead,
  judgeRules,
} from "./judge-repository.ts";

export interface Place {
  ref: RepositoryRef;
  forge: Forge;
  world: Pick<World, "registration" | "openRemote">;
  rules: Rules;
  runs: Pick<RunDesk, "traces">;
  /** Takes secrets out of a text. */
  conceal: (text: string) => string;
}

/** A branch that no run has, and every run could. */
const SOME_BRANCH = "fanfold/wf-0000000000/result";
const AGAIN = "Try again in some minutes; if it stays so, see the bot's log.";

/** Never rejects. */
export async function examineRepository(place: Place): Promise<readonly Finding[]> {
  const { ref, forge, world, rules, runs, conceal } = place;
  const groups = await Promise.all([
    attempt({ id: "permissions-here", level: "warning", fix: AGAIN }, async () =>
      judgeInstallation(await world.registration.installation(ref.installationId)),
    ),
    attempt({ id: "settings", level: "failure", fix: AGAIN }, async () =>
      judgeRules(await rules.of(ref), ref),
    ),
    attempt({ id: "branches", level: "warning", fix: AGAIN }, async () =>
      judgeBranches(await forge.rulesOn(SOME_BRANCH)),
    ),
    attempt({ id: "checkpoint", level: "warning", fix: AGAIN }, async () => {
      const remote = await world.openRemote(ref);
      const refs = await remote.list("refs/fanfold/runs/");
      return judgeCheckpoint(await runs.traces(ref), new Set(refs.keys()));
    }),
    attempt({ id: "ci", level: "warning", fix: AGAIN }, async () =>
      judgeHead(await newestHead(forge, await runs.traces(ref))),
    ),
  ]);
  return concealed(groups.flat(), conceal);
}

async function newestHead(
  forge: Forge,
  traces: Awaited<ReturnType<RunDesk["traces"]>>,
): Promise<Head> {
  const number = traces.find(({ finalPull }) => finalPull !== null)?.finalPull ?? null;
  if (number === null) return null;
  const { head } = await forge.pullRequest(number);
  return { number, ...(await forge.standingOf(head.sha)) };
}
