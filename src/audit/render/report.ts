// The report of a schedule's findings: what is new, still there and gone, what was looked at, and how it went before. Pure.

import {
  code,
  counted,
  folded,
  fenced,
  inline,
  moment,
  paragraphs,
} from "../../runs/render/text.ts";
import { bySeverity, isOpen, type KnownFinding, type Ledger } from "../ledger.ts";
import { renderTrend } from "./trend.ts";

export interface ReportFacts {
  /** Page of a file at a commit. */
  pageOf(commit: string, path: string): string;
  /** Rows of a table at most. */
  rowsMost: number;
  /** False where the findings themselves are told to code scanning alone. */
  showsFindings: boolean;
}

/** Null before the first report. */
export function renderLedger(ledger: Ledger, facts: ReportFacts): string | null {
  const round = ledger.rounds.at(-1);
  if (round === undefined) return "No report yet: the first one comes with the first run.";
  const open = ledger.findings.filter(isOpen).toSorted(bySeverity);
  return paragraphs(
    headline(ledger, open),
    coverageLine(ledger),
    overflowLine(ledger),
    ...(facts.showsFindings ? sections(ledger, open, facts) : [countsOnly(open, ledger)]),
    renderTrend(ledger.rounds),
    scanLine(ledger),
  );
}

const isNew = ({ standing }: KnownFinding): boolean => standing === "new" || standing === "back";

function headline({ rounds, findings }: Ledger, open: readonly KnownFinding[]): string {
  const round = rounds.at(-1);
  if (round === undefined) return "";
  const dismissed = findings.filter((one) => one.dismissed !== null && one.standing !== "gone");
  const fresh = open.filter(isNew).length;
  const parts = [
    `**${open.length === 0 ? "No open findings" : counted(open.length, "open finding")}**`,
    ...(rounds.length > 1 || fresh > 0 ? [`${fresh} new`] : []),
    ...(rounds.length > 1 ? [`${round.gone} gone since last time`] : []),
    ...(dismissed.length > 0 ? [`${dismissed.length} dismissed`] : []),
  ];
  const part = round.isWhole ? "" : " The run did not get to its end, so that this is only a part.";
  return `${parts.join(" · ")}\n\nReport of ${moment(round.at)} on ${code(round.commit.slice(0, 7))}, run ${code(round.run)}.${part}`;
}

const overflowLine = ({ overflow }: Ledger): string | null =>
  overflow === 0
    ? null
    : `**Too many to keep:** ${counted(overflow, "more finding")} of the lowest severity. Nothing is called gone while there are so many; a narrower scope or topic has room for all of them.`;

/** "Nothing found" says nothing without it. */
function coverageLine({ coverage }: Ledger): string {
  if (coverage === null) {
    return "**Looked at:** the workflow does not say, so nothing follows from what it did not find.";
  }
  const { inScope, read, notRead, failed, skipped } = coverage;
  const parts = [
    `${read} of ${counted(inScope, "file")} in scope read to the end`,
    `${notRead.count} not read`,
    ...(failed.count > 0 ? [`${failed.count} lost with their agents`] : []),
    ...(skipped.count > 0 ? [`${skipped.count} skipped beside them`] : []),
  ];
  return paragraphs(
    `**Looked at:** ${parts.join(", ")}.`,
    pathList("Not read", notRead),
    pathList("Lost with their agents", failed),
    pathList("Skipped", skipped),
  );
}

function pathList(
  title: string,
  { count, paths }: { count: number; paths: readonly string[] },
): string | null {
  if (count === 0) return null;
  const shown = paths.slice(0, 50).map((path) => `- ${code(path)}`);
  const more = count - shown.length;
  return folded(title, [...shown, ...(more > 0 ? [`- … and ${more} more`] : [])].join("\n"));
}

function sections(
  { findings, rounds }: Ledger,
  open: readonly KnownFinding[],
  facts: ReportFacts,
): (string | null)[] {
  const last = rounds.at(-1);
  const commit = last?.commit ?? "";
  const fresh = open.filter(isNew);
  const old = open.filter((one) => !isNew(one));
  const gone = findings.filter(
    ({ goneSince, dismissed }) => goneSince?.at === last?.at && dismissed === null,
  );
  const dismissed = findings.filter((one) => one.dismissed !== null && one.standing !== "gone");
  return [
    section(`🆕 New (${fresh.length})`, fresh, { commit, facts }),
    section(`📌 Still there (${old.length})`, old, { commit, facts }),
    evidenceOf(open.slice(0, Math.ceil(facts.rowsMost / 2))),
    gone.length === 0
      ? null
      : `### ✅ Gone since last time (${gone.length})\n\n${goneList(gone, facts.rowsMost)}`,
    dismissed.length === 0
      ? null
      : folded(`Dismissed (${dismissed.length})`, dismissedList(dismissed, facts.rowsMost)),
  ];
}

function countsOnly(open: readonly KnownFinding[], { scan }: Ledger): string {
  const told =
    scan === null || scan.isTaken
      ? "The findings themselves are told to code scanning alone."
      : "The findings themselves are told nowhere as long as code scanning does not take them.";
  const bySeverityWord = Map.groupBy(open, ({ severity }) => severity || "unrated");
  const counts = [...bySeverityWord].map(([word, of]) => `${of.length} ${inline(word, 20)}`);
  return counts.length === 0 ? told : `${counts.join(", ")}. ${told}`;
}

interface Shown {
  commit: string;
  facts: ReportFacts;
}

function section(title: string, findings: readonly KnownFinding[], shown: Shown): string | null {
  if (findings.length === 0) return null;
  const rows = findings.slice(0, shown.facts.rowsMost).map((finding) => rowOf(finding, shown));
  const more = findings.length - rows.length;
  return [
    `### ${title}\n`,
    "| ID | | Where | Finding | Verdict | Assigned | Since |",
    "|---|---|---|---|---|---|---|",
    ...rows,
    ...(more > 0 ? [`\n… and ${more} more of lower severity.`] : []),
  ].join("\n");
}

const MARKS: Readonly<Record<string, string>> = {
  critical: "🚨 critical",
  high: "🔴 high",
  important: "🔴 important",
  medium: "🟠 medium",
  low: "🟡 low",
  nit: "🟡 nit",
};

function rowOf(finding: KnownFinding, { commit, facts }: Shown): string {
  const { id, path, line, title, severity, verdict, assigned, firstAt } = finding;
  const place = line === null ? path : `${path}:${line}`;
  const page = facts.pageOf(commit, path);
  const where = `[${code(place)}](${line === null ? page : `${page}#L${line}`})`;
  const who = assigned.length === 0 ? "–" : assigned.slice(0, 3).map(code).join(" ");
  const since = new Date(firstAt).toISOString().slice(0, 10);
  const mark = MARKS[severity.toLowerCase()] ?? inline(severity || "–", 20);
  return `| ${code(id)} | ${mark} | ${where} | ${inline(title, 160)}${noteOn(finding)} | ${inline(verdict || "–", 20)} | ${who} | ${since} |`;
}

function noteOn({ standing, lapsed }: KnownFinding): string {
  if (lapsed !== null) {
    return ` *(${code(lapsed.by.login)} dismissed it before its code changed: ${inline(lapsed.reason, 160)})*`;
  }
  switch (standing) {
    case "back":
      return " *(it was gone and is back)*";
    case "silent":
      return " *(not reported this time, its code is as it was)*";
    case "unlooked":
      return " *(it could not be looked for this time)*";
    case "new":
    case "still":
    case "gone":
      return "";
  }
}

function evidenceOf(open: readonly KnownFinding[]): string | null {
  const shown = open.filter(({ evidence }) => evidence !== "");
  if (shown.length === 0) return null;
  const each = shown.map(
    ({ id, title, evidence }) => `**${code(id)}** ${inline(title, 160)}\n\n${fenced(evidence, "")}`,
  );
  const howTo = `To leave one out for good: ${code("/workflow dismiss ID because …")}, in any thread here.`;
  return paragraphs(howTo, folded("Evidence", each.join("\n\n")));
}

function goneList(gone: readonly KnownFinding[], most: number): string {
  const lines = gone
    .slice(0, most)
    .map(
      ({ id, path, title, goneSince }) =>
        `- ${code(id)} ${code(path)} ${inline(title, 160)}: ${goneSince?.why ?? "gone"}`,
    );
  const more = gone.length - lines.length;
  return [...lines, ...(more > 0 ? [`- … and ${more} more`] : [])].join("\n");
}

function dismissedList(findings: readonly KnownFinding[], most: number): string {
  const lines = findings.slice(0, most).map(({ id, path, title, dismissed }) => {
    const by = dismissed === null ? "" : `${code(dismissed.by.login)}, ${moment(dismissed.at)}`;
    return `- ${code(id)} ${code(path)} ${inline(title, 160)} (${by}): ${inline(dismissed?.reason ?? "", 300)}`;
  });
  return paragraphs(lines.join("\n"), `${code("/workflow undismiss ID")} takes one back.`);
}

function scanLine({ scan }: Ledger): string | null {
  if (scan === null) return null;
  if (scan.isClosing)
    return scan.why === ""
      ? `Its alerts in code scanning are closed since ${moment(scan.at)}.`
      : `Its alerts in code scanning stay open: ${scan.why}`;
  return scan.isTaken
    ? `Code scanning has these findings since ${moment(scan.at)}.`
    : `Code scanning does not take these findings: ${scan.why}`;
}
