// Plays a reviewer: compares the file before and after the diff, and says only what it can show on a line of the diff.

import { dataNamed, taskPlaces, type Conversation } from "../conversation.ts";
import { readFiles, type FileRead } from "../files.ts";
import { labelled } from "../label.ts";
import { newLineOf, oldText, readPatch, type FilePatch } from "../patch.ts";
import type { Place } from "../places.ts";
import type { Play } from "../play.ts";
import type { JsonObject } from "../reply.ts";
import { matchesIn, ruleNamed } from "../rules/catalogue.ts";
import type { Match } from "../rules/rule.ts";
import { parseSource } from "../source.ts";
import { whatIsLeftBehind } from "./left-behind.ts";

const FILES_AT_MOST = 24;
const FINDINGS_AT_MOST = 20;
/** Rules whose fix is a matter of security; every other belongs to the lens correctness. */
const SECURITY_RULES = new Set(["has-own", "buffer-from", "legacy-escape", "dynamic-regexp"]);

interface ReviewFinding {
  path: string;
  line: number;
  severity: "blocking" | "nit";
  title: string;
  claim: string;
  evidence: string;
}

/** `{ verdict, findings }`: rejects with what must change, or accepts with one remark of the lens that owns it. */
export function* playReviewer(conversation: Conversation): Play<JsonObject> {
  const patches = readPatch(diffOf(conversation));
  const files = yield* readFiles(patches.map(({ path }) => path).slice(0, FILES_AT_MOST));
  const requirement = taskPlaces(withoutDiff(conversation));
  const blocking = patches.flatMap((patch) => {
    const file = files.find(({ path }) => path === patch.path);
    return blockingIn(
      patch,
      file,
      requirement.filter(({ path }) => path === patch.path),
    );
  });
  const remarks = blocking.length > 0 ? [] : remarkOf(patches, files, lensOf(conversation));
  const findings = [...blocking.slice(0, FINDINGS_AT_MOST), ...remarks];
  return {
    verdict: blocking.length > 0 ? "reject" : "accept",
    findings: findings.map((finding) => ({ ...finding, claim: labelled(finding.claim) })),
  };
}

function diffOf(conversation: Conversation): string {
  const named = dataNamed(conversation, /diff|patch/i);
  const block = conversation.data.find(({ text }) => /^(diff --git |@@ -|\+\+\+ )/m.test(text));
  return named ?? block?.text ?? conversation.instructions;
}

function withoutDiff(conversation: Conversation): Conversation {
  const data = conversation.data.filter(({ title }) => !/diff|patch|finding/i.test(title));
  return { ...conversation, data };
}

function lensOf({ instructions }: Conversation): string | null {
  return (
    /\blens(?:es)?:\s*["'`]?([a-z][a-z ]*)/i.exec(instructions)?.[1]?.trim().toLowerCase() ?? null
  );
}

function blockingIn(
  patch: FilePatch,
  file: FileRead | undefined,
  wanted: readonly Place[],
): ReviewFinding[] {
  const left = patch.lines.flatMap((line) => {
    const what = line.kind === "added" ? whatIsLeftBehind(line.text) : null;
    return what === null
      ? []
      : [leftBehind(patch.path, { line: line.newLine, text: line.text, what })];
  });
  if (!file?.ok || !file.whole) return left;
  return [...left, ...brokenSyntax(patch, file.text), ...missedPlaces(patch, file.text, wanted)];
}

function leftBehind(
  path: string,
  { line, text, what }: { line: number; text: string; what: string },
): ReviewFinding {
  return {
    path,
    line,
    severity: "blocking",
    title: what,
    claim:
      "The old line belongs to git's history; left in the file it misleads the next reader. Remove it.",
    evidence: text.trim().slice(0, 200),
  };
}

function brokenSyntax(patch: FilePatch, text: string): ReviewFinding[] {
  const after = parseSource(patch.path, text);
  const first = patch.lines.find((line) => line.kind === "added") ?? patch.lines[0];
  if (after.ok || !/\.[cm]?[jt]s$/.test(patch.path) || !first) return [];
  // What did not parse before either is beyond this parser, not this change's fault.
  if (!parseSource(patch.path, oldText(text, patch)).ok) return [];
  return [
    {
      path: patch.path,
      line: first.newLine,
      severity: "blocking",
      title: "The file no longer parses",
      claim: "The file parsed before this change and does not parse after it.",
      evidence: after.why.slice(0, 200),
    },
  ];
}

/** Places of the requirement where the pattern still stands. */
function missedPlaces(patch: FilePatch, text: string, wanted: readonly Place[]): ReviewFinding[] {
  const parsed = parseSource(patch.path, text);
  if (!parsed.ok) return [];
  const matches = matchesIn(parsed.source).filter(({ replacements }) => replacements.length > 0);
  return wanted.flatMap((place) => {
    const line = newLineOf(patch, place.line);
    const match = matches.find((one) => one.rule === place.rule && one.line === line);
    const shown = nearestShown(patch, line);
    if (!match || shown === null) return [];
    const claim = `The requirement names line ${place.line}, and its pattern (${match.rule}) still stands in line ${match.line}.`;
    return [
      {
        path: patch.path,
        line: shown,
        severity: "blocking",
        title: "A required place was not changed",
        claim,
        evidence: match.title,
      },
    ];
  });
}

/** A line of the diff's new side to write on: the line itself, or the closest one shown. */
function nearestShown(patch: FilePatch, line: number | null): number | null {
  const shown = patch.lines.filter(({ kind }) => kind !== "removed").map(({ newLine }) => newLine);
  if (line === null) return null;
  return shown.toSorted((a, b) => Math.abs(a - line) - Math.abs(b - line))[0] ?? null;
}

function remarkOf(
  patches: readonly FilePatch[],
  files: readonly FileRead[],
  lens: string | null,
): ReviewFinding[] {
  const known = patches.flatMap((patch) => {
    const file = files.find(({ path }) => path === patch.path);
    return file?.ok ? fixedIn(patch, file.text) : [];
  });
  const own = known.find(({ match }) => ownsRemark(lens, match.rule));
  if (own) return [remark(own)];
  if (known.length > 0 || !ownsRemark(lens, "")) return [];
  return patches.slice(0, 1).flatMap(unknownRemark);
}

interface Fixed {
  match: Match;
  path: string;
  line: number;
  before: string;
  after: string;
}

/** Patterns that stood on removed lines and are gone, with the line that took their place. */
function fixedIn(patch: FilePatch, text: string): Fixed[] {
  const before = parseSource(patch.path, oldText(text, patch));
  if (!before.ok) return [];
  return matchesIn(before.source).flatMap((match) => {
    const added = addedFor(patch, match);
    if (!added) return [];
    const old = before.source.text.split("\n")[match.line - 1] ?? "";
    return [
      {
        match,
        path: patch.path,
        line: added.newLine,
        before: old.trim(),
        after: added.text.trim(),
      },
    ];
  });
}

function addedFor(patch: FilePatch, match: Match): FilePatch["lines"][number] | undefined {
  const removed = patch.lines.findIndex(
    (line) => line.kind === "removed" && line.oldLine === match.line,
  );
  const insertsOnly = match.replacements.every(({ start, end }) => start === end);
  if (removed === -1)
    return insertsOnly
      ? patch.lines.find((line) => line.kind === "added" && line.oldLine === match.line)
      : undefined;
  return patch.lines.slice(removed).find((line) => line.kind === "added");
}

function remark({ match, path, line, before, after }: Fixed): ReviewFinding {
  const rule = ruleNamed(match.rule);
  return {
    path,
    line,
    severity: "nit",
    title: `Compared before and after: ${match.rule}`,
    claim: rule?.check ?? match.title,
    evidence: `before: ${before.slice(0, 120)}\nafter: ${after.slice(0, 120)}`,
  };
}

function unknownRemark(patch: FilePatch): ReviewFinding[] {
  const added = patch.lines.find((line) => line.kind === "added");
  if (!added) return [];
  const claim = `${patch.path} still parses, and nothing was left behind in the lines that were added.`;
  const checked = /\.[cm]?[jt]sx?$/.test(patch.path)
    ? claim
    : "Nothing was left behind in the lines that were added; this demo model reads only JavaScript and TypeScript, so it checked nothing else here.";
  return [
    {
      path: patch.path,
      line: added.newLine,
      severity: "nit",
      title: "What was checked",
      claim: checked,
      evidence: added.text.trim().slice(0, 120),
    },
  ];
}

/** Without a lens a reviewer owns every remark; otherwise correctness owns all that are not about security. */
function ownsRemark(lens: string | null, rule: string): boolean {
  if (lens === null) return true;
  if (/secur/.test(lens)) return SECURITY_RULES.has(rule);
  return /correct|general/.test(lens) && !SECURITY_RULES.has(rule);
}
