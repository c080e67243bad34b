// The facts of a run as data for the synthesizer: only what the journal holds. Pure.

import type { Json } from "../../engine/json.ts";
import type { Publications } from "../publications.ts";
import type { RunRecord } from "../record.ts";
import { workerMark } from "./progress-tables.ts";
import { cut } from "./text.ts";

const WORKERS_MAX = 200;
const TEXT_CHARS_MAX = 600;

export function factsOf(record: RunRecord, { workers, report, records }: Publications): Json {
  return {
    task: record.task,
    workflow: record.script?.workflow ?? null,
    changes: workers.slice(0, WORKERS_MAX).map((worker) => ({
      label: worker.change.label,
      branch: worker.change.branch,
      verdict: worker.change.verdict?.verdict ?? "not reviewed",
      state: workerMark(worker),
      files: worker.change.files.map(({ path, additions, deletions }) => ({
        path,
        additions,
        deletions,
      })),
      summary: cut(worker.change.summary, TEXT_CHARS_MAX),
      reviews: worker.reviews.map(({ round, reviewed }) => ({
        round,
        verdict: reviewed.verdict,
        findings: reviewed.findings.map(({ severity, title }) => `${severity}: ${title}`),
      })),
    })),
    changesNotShown: Math.max(0, workers.length - WORKERS_MAX),
    conflictsGivenToAnAgent: records.flatMap(({ record: each }) =>
      "resolutions" in each
        ? each.resolutions.slice(0, WORKERS_MAX).map(({ paths, summary, reason }) => ({
            paths,
            summary: cut(summary, TEXT_CHARS_MAX),
            foldedIn: reason === null,
          }))
        : [],
    ),
    report: report?.value ?? null,
  };
}
