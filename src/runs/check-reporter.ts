// Keeps a run's check run true: on the pull request that people talk in, else on the run's first checkpoint.

import type { Clock } from "../world/clock.ts";
import type { Forge } from "../world/forge.ts";
import type { CheckRun } from "../world/checks.ts";
import { ForgeError } from "../world/forge-error.ts";
import { type OnWait, patiently } from "./patience.ts";
import type { LiveRun } from "./live.ts";
import { isEnded } from "./record.ts";

export interface CheckWorld {
  forge: Pick<Forge, "putCheckRun">;
  clock: Clock;
  run: LiveRun;
  render: (now: number) => Omit<CheckRun, "headSha">;
  /** The commit of the checkpoint that was pushed last; null while there is none. */
  checkpoint: () => string | null;
  onWait: OnWait;
  /** It cannot be shown, and the run goes on without. */
  onMute: (error: Error) => void;
}

export interface CheckReporter {
  tell(signal: AbortSignal): Promise<void>;
}

/** While a run is at work, its check is put this often; what people wait for shows at once. */
const SAME_STATE_MS = 30_000;

export function openCheckReporter(world: CheckWorld): CheckReporter {
  let said: Omit<CheckRun, "headSha"> | null = null;
  let saidAt = 0;
  let isMute = false;
  const put = async (check: CheckRun): Promise<void> => {
    const { id, url } = await placed(world.forge, check);
    const known = world.run.record().check;
    if (known?.id === id && known.sha === check.headSha) return;
    await world.run.update({ check: { sha: check.headSha, id, url } });
  };
  const show = async (signal: AbortSignal, check: CheckRun): Promise<void> => {
    const { clock, onWait } = world;
    try {
      await patiently({ clock, signal, onWait }, () => put(check));
      isMute = false;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (!isMute) world.onMute(error);
      isMute = true;
    }
  };
  return {
    async tell(signal) {
      const record = world.run.record();
      const home = homeOf(world);
      if (home === null || (isMute && !isEnded(record.status))) return;
      const now = world.clock.now();
      const check = world.render(now);
      const isDue =
        said === null || stateOf(said) !== stateOf(check) || now - saidAt >= SAME_STATE_MS;
      if (!isDue || JSON.stringify(said) === JSON.stringify(check)) return;
      const { check: known } = record;
      if (known !== null && known.sha !== home) {
        await show(signal, { ...check, headSha: known.sha, ...MOVED_ON });
      }
      await show(signal, { ...check, headSha: home });
      said = check;
      saidAt = now;
    },
  };
}

/** A note on a line that is not there may refuse the whole check: then it goes without notes, which the report has anyway. */
async function placed(forge: CheckWorld["forge"], check: CheckRun) {
  const { annotations = [], ...bare } = check;
  try {
    return await forge.putCheckRun(check);
  } catch (error) {
    const isRefused = error instanceof ForgeError && error.kind === "refused";
    if (!isRefused || annotations.length === 0) throw error;
    return await forge.putCheckRun(bare);
  }
}

/** The plan was void since the pull request's head moved: nothing waits at the old one any more. */
const MOVED_ON = {
  conclusion: "neutral",
  title: "The run goes on at a newer commit",
  actions: [],
} as const;

/** Once it stands somewhere it stays there, unless the pull request's run is built anew on another head. */
function homeOf({ run, checkpoint }: CheckWorld): string | null {
  const { isPullRequest, baseBranch, base, check } = run.record();
  if (isPullRequest && baseBranch === null) return base?.commit ?? null;
  return check?.sha ?? checkpoint();
}

/** What does not wait for its turn. */
const stateOf = ({ title, conclusion, actions }: Omit<CheckRun, "headSha">): string =>
  JSON.stringify([title, conclusion, actions]);

function isRefusal(error: unknown): error is ForgeError {
  const kinds = ["not-found", "forbidden", "refused"];
  return error instanceof ForgeError && kinds.includes(error.kind);
}
