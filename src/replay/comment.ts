// The comment of an ended run, rendered anew from what it left.

import type { KeptRun } from "./kept-run.ts";
import { isHiddenRef } from "../repo/refs.ts";
import { stateRefOf } from "../runs/names.ts";
import { publicationsOf } from "../runs/publications.ts";
import { renderProgress } from "../runs/render/progress.ts";
import { renderReportOf } from "../runs/render/report.ts";
import { applyEntry, openView } from "../runs/view.ts";

/** As it stands in the thread; what only GitHub knows (numbers of the workers' pull requests) is left out. */
export function commentOf({ record, script, entries }: KeptRun): string {
  const view = openView(record.script?.phases ?? []);
  for (const entry of entries) applyEntry(view, entry);
  const { base, settings } = record;
  const publications = base === null ? null : publicationsOf(base.commit, entries, settings);
  const home = homeOf({ record });
  return renderProgress({
    record,
    view,
    workers: publications?.workers ?? [],
    pulls: new Map(),
    isLeftAlone: () => false,
    held: null,
    script,
    report: renderReportOf(record, publications?.report?.value),
    now: record.endedAt ?? record.createdAt,
    pageOf: ({ branch, head }) =>
      isHiddenRef(branch) ? `${home}/commit/${head}` : `${home}/tree/${branch}`,
    checkpointRef: stateRefOf(record.id),
  });
}

/** Page of the repository, wherever its GitHub is: known from what the run opened there. */
function homeOf({ record }: Pick<KeptRun, "record">): string {
  const { owner, name } = record.repository;
  const path = `/${owner}/${name}`;
  const known = record.finalPull?.url ?? record.check?.url ?? "";
  const at = known.indexOf(`${path}/`);
  return at < 0 ? `https://github.com${path}` : known.slice(0, at) + path;
}
