// One run's hands on the outside: forge, mirror, publisher, reporter, opened together and closed together.

import type { Entry } from "../engine/journal.ts";
import type { Oid } from "../repo/git-data.ts";
import type { Forge } from "../world/forge.ts";
import { ForgeError } from "../world/forge-error.ts";
import { type Effects, openEffects } from "./effects.ts";
import type { House } from "./house.ts";
import type { LiveRun } from "./live.ts";
import { publicationsOf } from "./publications.ts";
import { openPublisher, type Publisher } from "./publisher.ts";
import type { PushedState } from "./publisher-world.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { fenceForge, fenceMirror, type Listed, lookWhenListed } from "./fence.ts";
import { openSeal } from "./seal.ts";
import { NO_SEGMENTS } from "./segments.ts";
import { standingHead } from "./branch-checks.ts";
import { openTelling, type Telling } from "./telling.ts";
import type { Mirror } from "../repo/contract.ts";
import { refOfPlace } from "../repo/refs.ts";
import type { OnWait } from "./patience.ts";
import { code } from "./render/text.ts";
import { workRefsOf } from "./work-refs.ts";

export interface RunSite extends Telling {
  forge: Forge;
  mirror: Mirror;
  effects: Effects;
  publisher: Publisher;
  onWait: OnWait;
  /** How often and how long GitHub made this process wait for the run. */
  waits: { count: number; ms: number };
}

/** A run as it was taken up. */
export interface TakenUp {
  run: LiveRun;
  /** Null: nobody has driven it. */
  checkpoint: Checkpoint | null;
  /** Asked by whatever looks for what an earlier driver made. */
  listed: Listed;
}

/** Opens everything for one run that was taken up. Nothing is written before its publisher took the run. */
export async function openRunSite(
  house: House,
  { run, checkpoint, listed }: TakenUp,
): Promise<RunSite> {
  const { world, settings } = house;
  const { repository, id } = run.record();
  const prove = (): Promise<void> => publisher.prove();
  const forge = lookWhenListed(fenceForge(await world.openForge(repository), prove), listed);
  const { mirror, pacer, policy } = await house.site(repository);
  const seal = openSeal(settings.checkpointSecret, id);
  const waits = { count: 0, ms: 0 };
  const onWait = (ms: number, error: Error): (() => void) => {
    if (error instanceof ForgeError && error.kind === "limited") {
      waits.count += 1;
      waits.ms += ms;
    }
    const waiting = `${error.message} Next try in ${Math.ceil(ms / 1000)} s.`;
    run.see({ kind: "held-up", reason: waiting });
    world.log.warn({ run: id, waitMs: ms, error: error.message }, "waiting before another try");
    return () => {
      if (run.view.waiting === waiting) run.see({ kind: "held-up", reason: null });
    };
  };
  const known = await pushedStateOf(mirror, { live: run, checkpoint });
  const holder = await house.holder();
  const leftAlone = new Set(known.leftAlone);
  const effects = openEffects({ forge, clock: world.clock, onWait });
  const publisher = openPublisher({
    mirror,
    seal,
    clock: world.clock,
    pacer,
    policy,
    effects,
    source: run,
    holder,
    known,
    onWait,
    onLeftAlone: (ref) => {
      leftAlone.add(ref);
      const message = `Somebody moved or deleted ${code(ref)}; it is left alone.`;
      run.see({ kind: "logged", message });
    },
  });
  const telling = openTelling({
    run,
    forge,
    clock: world.clock,
    log: world.log,
    effects,
    leftAlone,
    checkpoint: () => publisher.checkpoint(),
    onWait,
    waits,
  });
  const fenced = fenceMirror(mirror, prove);
  return { forge, mirror: fenced, effects, publisher, ...telling, onWait, waits };
}

async function pushedStateOf(
  mirror: Mirror,
  { live, checkpoint }: { live: LiveRun; checkpoint: Checkpoint | null },
): Promise<PushedState> {
  const { id: run } = live.record();
  if (checkpoint === null)
    return {
      refs: new Map(),
      state: null,
      segments: 0,
      journalDigest: NO_SEGMENTS,
      entries: 0,
      agents: new Map(),
      record: null,
      script: null,
      lease: null,
      anew: new Map(),
      leftAlone: new Set(),
      gone: new Set(),
    };
  const refs = await workRefsOf(mirror, run);
  return {
    refs,
    state: checkpoint.commit,
    segments: checkpoint.segments,
    journalDigest: checkpoint.journalDigest,
    entries: checkpoint.entries.length,
    agents: checkpoint.agents.kept,
    record: checkpoint.record,
    script: checkpoint.script,
    lease: checkpoint.lease,
    anew: checkpoint.anew,
    leftAlone: movedSince(checkpoint, { refs, live }),
    gone: await goneFrom(mirror, live),
  };
}

/** Heads of changes that this machine does not have, though it was given everything that the remote has. */
async function goneFrom(mirror: Pick<Mirror, "has">, live: LiveRun): Promise<Set<Oid>> {
  const { base, settings } = live.record();
  if (base === null) return new Set();
  const { workers } = publicationsOf(base.commit, live.entries(), settings);
  const gone = new Set<Oid>();
  for (const { change } of workers) if (!(await mirror.has(change.head))) gone.add(change.head);
  return gone;
}

/**
 * The checkpoint travels with the branches or behind them, so a worker's branch that is neither where the checkpoint has
 * it, nor where its driver was about to move it, nor where this disk's journal, which may know more, has it was moved or
 * deleted by somebody.
 */
function movedSince(
  { record, entries, lease }: Checkpoint,
  { refs, live }: { refs: ReadonlyMap<string, string>; live: LiveRun },
): Set<string> {
  if (record.base === null) return new Set();
  const { commit } = record.base;
  const headsIn = (known: readonly Entry[]): Map<string, string> =>
    new Map(
      publicationsOf(commit, known, record.settings).workers.map(({ change }) => [
        refOfPlace(change.branch),
        change.head,
      ]),
    );
  const later = headsIn(live.entries());
  const moved = [...headsIn(entries)].filter(([ref, head]) => {
    const known = [head, later.get(ref) ?? head];
    const standing = known.map((each) => standingHead(live.record(), each));
    const ahead = lease?.moving[ref] ?? head;
    return ![...known, ...standing, ahead].includes(refs.get(ref) ?? "");
  });
  return new Set(moved.map(([ref]) => ref));
}
