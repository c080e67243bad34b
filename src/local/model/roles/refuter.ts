// Plays an agent that tries to refute a claim: it stands only if the pattern is really at the place it names.

import { taskPlaces, type Conversation } from "../conversation.ts";
import { readFiles } from "../files.ts";
import { labelled } from "../label.ts";
import type { Play } from "../play.ts";
import type { JsonObject } from "../reply.ts";
import { matchesIn } from "../rules/catalogue.ts";
import { parseSource } from "../source.ts";

/** `{ refuted, evidence }`. A claim without a place is refuted: there is nothing to look at. */
export function* playRefuter(conversation: Conversation): Play<JsonObject> {
  const [place] = taskPlaces(conversation);
  if (!place) return refuted("The claim names no file and line to look at.");
  const [file] = yield* readFiles([place.path]);
  if (!file?.ok) return refuted(`${place.path} could not be read: ${file?.why ?? "no answer"}`);
  const parsed = parseSource(place.path, file.text);
  if (!parsed.ok) return refuted(`${place.path} does not parse: ${parsed.why}`);
  const line = (file.text.split("\n")[place.line - 1] ?? "").trim();
  const match = matchesIn(parsed.source).find(
    (one) =>
      one.line <= place.line && place.line <= one.endLine && (place.rule ?? one.rule) === one.rule,
  );
  return match
    ? { refuted: false, evidence: labelled(`Line ${place.line} is \`${line}\`: ${match.title}.`) }
    : refuted(`Line ${place.line} is \`${line}\`: no pattern of the catalogue is there.`);
}

function refuted(evidence: string): JsonObject {
  return { refuted: true, evidence: labelled(evidence) };
}
