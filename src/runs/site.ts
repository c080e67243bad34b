// One run's hands on the outside: forge, mirror, publisher, reporter, opened together and closed together.

import type { Forge } from "../world/forge.ts";
import { type Effects, openEffects } from "./effects.ts";
import type { House } from "./house.ts";
import type { LiveRun } from "./live.ts";
import { stateRefOf } from "./names.ts";
import { publicationsOf } from "./publications.ts";
import { openPublisher, type Publisher, type PushedState } from "./publisher.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { renderProgress } from "./render/progress.ts";
import { renderReport } from "./render/report.ts";
import { openReporter, type Reporter } from "./reporter.ts";
import { openSeal, type Seal } from "./seal.ts";
import type { Mirror } from "../repo/contract.ts";
import { code } from "./render/text.ts";

export interface RunSite {
  forge: Forge;
  mirror: Mirror;
  effects: Effects;
  publisher: Publisher;
  reporter: Reporter;
  onWait: (ms: number, error: Error) => void;
}

/** Opens everything for one run and learns what of it is on the remote already. */
export async function openRunSite(house: House, run: LiveRun): Promise<RunSite> {
  const { world, settings } = house;
  const { repository, id } = run.record();
  const forge = await world.openForge(repository);
  const { mirror, pacer } = await house.site(repository);
  const seal = openSeal(settings.checkpointSecret, id);
  const onWait = (ms: number, error: Error): void => {
    run.view.waiting = `${error.message} Next try in ${Math.ceil(ms / 1000)} s.`;
    world.log.warn({ run: id, waitMs: ms, error: error.message }, "waiting before another try");
  };
  const effects = openEffects({ forge, clock: world.clock, onWait });
  const publisher = openPublisher({
    mirror,
    seal,
    folder: run.folder,
    clock: world.clock,
    pacer,
    effects,
    source: run,
    known: await readPushedState(mirror, seal, id),
    onWait,
    onLeftAlone: (ref) =>
      run.see({
        kind: "logged",
        message: `Somebody moved or deleted ${code(ref)}; it is left alone.`,
      }),
  });
  const reporter = openReporter({
    forge,
    clock: world.clock,
    record: run.record,
    render: (now) => renderProgressOf({ run, forge, effects }, now),
    onWait,
  });
  return { forge, mirror, effects, publisher, reporter, onWait };
}

async function readPushedState(mirror: Mirror, seal: Seal, run: string): Promise<PushedState> {
  const checkpoint = await readCheckpoint(mirror, seal, run);
  if (checkpoint === null) return { refs: new Map(), state: null, segments: 0, entries: 0 };
  return {
    refs: await mirror.remoteRefs(`refs/heads/fanfold/${run}/`),
    state: checkpoint.commit,
    segments: checkpoint.segments,
    entries: checkpoint.entries.length,
  };
}

function renderProgressOf(
  { run, forge, effects }: { run: LiveRun; forge: Forge; effects: Effects },
  now: number,
): string {
  const record = run.record();
  const publications =
    record.base === null ? null : publicationsOf(record.base.commit, run.entries());
  return renderProgress({
    record,
    view: run.view,
    workers: publications?.workers ?? [],
    pulls: effects.pulls,
    script: run.script(),
    report: renderReport(publications?.report?.value),
    now,
    branchUrl: (branch) => forge.pageOf({ branch }),
    checkpointRef: stateRefOf(record.id),
  });
}
