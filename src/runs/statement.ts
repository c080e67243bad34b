// What the provenance of a result is for machines: an in-toto statement about its head, kept in the run's checkpoint. Pure.

import type { Oid } from "../repo/git-data.ts";
import { resultBranchOf } from "../repo/refs.ts";
import { verdictOf } from "../steps/ledger.ts";
import type { Provenance } from "./provenance.ts";
import type { Publications, WorkerPublication } from "./publications.ts";
import type { RunRecord } from "./record.ts";

/** Its name in the checkpoint's tree. */
export const PROVENANCE_FILE = "provenance.json";
const STATEMENT = "https://in-toto.io/Statement/v1";
const PREDICATE = "urn:fanfold:hunks:v1";

interface Given {
  record: RunRecord;
  publications: Publications;
  provenance: Provenance;
  pulls: ReadonlyMap<string, { number: number }>;
  /** Head of the result. */
  head: Oid;
  /** Commit that it stands on. */
  on: Oid;
}

/** Ids, places and verdicts; no words of models, since the file is readable where the repository is. */
export function statementOf(given: Given): string {
  const { record, publications, provenance, head, on } = given;
  const { owner, name } = record.repository;
  const statement = {
    _type: STATEMENT,
    subject: [
      {
        name: `${owner}/${name}@refs/heads/${resultBranchOf(record.id)}`,
        digest: { gitCommit: head },
      },
    ],
    predicateType: PREDICATE,
    predicate: {
      run: record.id,
      base: { branch: record.base?.branch ?? null, commit: on },
      plan: record.plan?.hash ?? null,
      script: record.script?.sha256 ?? null,
      followed: provenance.kind === "known",
      hunks: provenance.kind === "known" ? provenance.hunks : [],
      changes: publications.workers
        .filter(({ change }) => change.folded)
        .map((worker) => changeOf(given, worker)),
    },
  };
  return `${JSON.stringify(statement, null, 1)}\n`;
}

function changeOf({ publications: { records }, pulls }: Given, worker: WorkerPublication) {
  const { change, reviews } = worker;
  return {
    id: change.id,
    branch: change.branch,
    base: change.base,
    head: change.foldedHead ?? change.head,
    pull: pulls.get(change.id)?.number ?? null,
    verdict: verdictOf(change),
    reviews: reviews.map(({ round, reviewed }) => ({
      round,
      head: reviewed.head,
      verdict: reviewed.verdict,
      votes: reviewed.votes.map(({ lens, vote }) => ({ lens, vote })),
      findings: reviewed.findings.length,
    })),
    checks: records.flatMap(({ record }) =>
      record.kind === "checked" && record.change === change.id
        ? [
            {
              head: record.head,
              verdict: record.verdict,
              names: record.checks.map(({ name }) => name),
            },
          ]
        : [],
    ),
  };
}
