// The pull request that proposes a run's script as a workflow. Pure.

import type { Person } from "../../command/run-desk.ts";
import { runMarker } from "../names.ts";
import type { RunRecord } from "../record.ts";
import { code, paragraphs } from "./text.ts";

interface SavedFile {
  name: string;
  path: string;
  record: RunRecord;
  by: Person;
  /** A file of this name is there already, with another text. */
  replaces: boolean;
}

export function renderSavedPull({ name, path, record, by, replaces }: SavedFile) {
  const { id, thread, script } = record;
  const isOurs = script?.origin === "built-in";
  return {
    title: `Save the workflow ${name}`,
    body: paragraphs(
      `The script of run ${code(id)} in #${thread}, as ${by.login} asked, so that it can be run again by its name.`,
      `Once this is merged, ${code(`/workflow ${name}`)} runs it, ${code(`/workflow plan ${name}`)} shows its price first, and ${code(`/workflow show ${name}`)} says what it does. Claude Code reads the same file.`,
      replaces
        ? `**It replaces ${code(path)}**, which has another text: the diff shows what becomes different.`
        : null,
      isOurs
        ? `The run used a workflow that comes with me. From the merge on, this repository's own file is used in its place.`
        : null,
      "Read it as code: whoever may start workflows here starts what it says.",
      runMarker(id),
    ),
  };
}
