// Keeps the run's one comment and the reaction on the request true; edits are coalesced and far enough apart.

import type { Clock } from "../world/clock.ts";
import type { Comment, Forge, Reaction } from "../world/forge.ts";
import { limits } from "../config/limits.ts";
import { type OnWait, patiently } from "./patience.ts";
import { isEnded, type RunRecord } from "./record.ts";
import { queuedMarker } from "./render/queued.ts";
import { isRefusal, openVoice } from "./voice.ts";

export interface ReporterWorld {
  forge: Forge;
  clock: Clock;
  record: () => RunRecord;
  /** Its comment, where this process made it before the run was driven. */
  known?: Comment | null;
  /** Renders the comment as it should be, with times as of `now`. */
  render: (now: number) => string;
  onWait: OnWait;
  /** The comment cannot be written, and the run goes on without. */
  onMute: (error: Error) => void;
}

export interface Reporter {
  /** Makes the comment say what is true now; creates it once, finds it by its marker after a restart. */
  tell(signal: AbortSignal): Promise<void>;
  url(): string | null;
}

/** A comment in which only the time has gone on is edited this often. */
const SAME_NEWS_MS = 60_000;

export function openReporter(world: ReporterWorld): Reporter {
  let saidAt = 0;
  /** When what stands in the comment is no longer sure: whoever said that the run waits may have had one more edit under way. */
  let againAt: number | null = null;
  const voice = openVoice({
    ...world,
    onFound: ({ body }) => {
      if (body.includes(queuedMarker)) againAt = world.clock.now() + limits.publish.flightMs;
    },
  });
  const react = reactor(world);
  return {
    tell: async (signal) => {
      // What is said last stays.
      if (againAt !== null && isEnded(world.record().status)) {
        await world.clock.sleep(Math.max(0, againAt - world.clock.now()), signal);
      }
      const now = world.clock.now();
      if (againAt !== null && now >= againAt) {
        voice.doubt();
        againAt = null;
      }
      if (voice.said() !== world.render(saidAt) || now - saidAt >= SAME_NEWS_MS) {
        await voice.say(signal, world.render(now));
        saidAt = now;
      }
      const { clock, onWait } = world;
      await patiently({ clock, signal, onWait }, () => unlessGone(react));
    },
    url: () => voice.url(),
  };
}

/** Keeps one reaction of ours on the request: the one that fits where the run stands. */
function reactor({ forge, record }: ReporterWorld): () => Promise<void> {
  let reaction: Reaction | null = null;
  return async () => {
    const { said, status } = record();
    const wanted = REACTIONS[status];
    if (said === null || reaction === wanted) return;
    await forge.react(said, wanted);
    for (const old of new Set(Object.values(REACTIONS))) {
      if (old !== wanted && (reaction === null || old === reaction)) await forge.unreact(said, old);
    }
    reaction = wanted;
  };
}

/** A request that was deleted or locked can bear no reaction; the run goes on without. */
async function unlessGone(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}

const REACTIONS = {
  planning: "rocket",
  running: "rocket",
  waiting: "rocket",
  paused: "rocket",
  publishing: "rocket",
  completed: "+1",
  degraded: "confused",
  failed: "-1",
  cancelled: "confused",
} as const satisfies Record<RunRecord["status"], Reaction>;
