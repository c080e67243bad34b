// Remarks for the run's log that would tire if they came with every call.

import type { Emit } from "../engine/events.ts";

/** Logs `message`, unless something was logged under `about` before. */
export type NoteOnce = (about: string, message: string) => void;

export function openNotes(emit: Emit): NoteOnce {
  const made = new Set<string>();
  return (about, message) => {
    if (made.has(about)) return;
    made.add(about);
    emit({ kind: "logged", message });
  };
}
