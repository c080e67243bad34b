// The one comment of a run that was never driven and waits for a place. Pure.

import { runMarker } from "../names.ts";
import type { Place } from "../places.ts";
import type { RunRecord } from "../record.ts";
import { heading, notes, request } from "./progress.ts";
import { nextCommands } from "./hold.ts";
import { code, counted, inline, paragraphs } from "./text.ts";

/** Stands in the comment for as long as nobody drives the run. */
export const queuedMarker = "<!-- fanfold:queued -->";

/** Runs that are named; the others are counted. */
const NAMED_MAX = 3;

/** A run of the same repository, as far as this process knows it. */
export interface Known {
  title: string;
  url: string | null;
}

export interface QueuedInput {
  record: RunRecord;
  place: Place;
  /** Null: nothing but its id is known. */
  knownOf: (run: string) => Known | null;
}

/** Says the number and what it waits for. Runs of other repositories are counted and never named: others read this. */
export function renderQueued({ record, place, knownOf }: QueuedInput): string {
  return paragraphs(
    runMarker(record.id),
    queuedMarker,
    heading(record, `🕒 Queued #${place.number}`),
    request(record),
    notes(record),
    `**Queued #${place.number}** behind ${behind(record, { place, knownOf })}. It begins by itself, and costs nothing meanwhile.`,
    record.cancel === null
      ? null
      : `**Cancelling**, asked for by ${record.cancel.by.login}: it ends when its turn comes, and nothing is done.`,
    `<sub>${nextCommands(record)}</sub>`,
  );
}

function behind(
  { repository: { repositoryId } }: RunRecord,
  { place, knownOf }: Pick<QueuedInput, "place" | "knownOf">,
): string {
  const own = place.behind.filter(({ repository }) => repository.repositoryId === repositoryId);
  const named = own.slice(0, NAMED_MAX).map(({ run, state }) => {
    const known = knownOf(run);
    const id = known?.url == null ? code(run) : `[${code(run)}](${known.url})`;
    const title = known === null ? "" : ` (${inline(known.title, 60)})`;
    return `${id}${title}${state === "driven" ? ", at work" : ""}`;
  });
  const more = own.length - named.length;
  const others = place.behind.length - own.length;
  const parts = [
    ...named,
    ...(more > 0 ? [`${counted(more, "more run")} of this repository`] : []),
    ...(others > 0 ? [`${counted(others, "run")} of other repositories`] : []),
  ];
  return parts.length === 0 ? "nothing: a place is being made" : parts.join("; ");
}
