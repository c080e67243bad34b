// Open findings in SARIF 2.1.0, as code scanning takes them: the id of a finding keeps its alert the same alert. Pure.

import type { Log, ReportingDescriptor, Result } from "sarif";

import { defused } from "../runs/render/harmless.ts";
import { cut } from "../runs/render/text.ts";
import { isOpen, type KnownFinding, type Ledger } from "./ledger.ts";

/** GitHub shows no more of one upload. */
const RESULTS_MAX = 5_000;
const OTHER_RULE = "finding";

/** What was dismissed or is gone is left out: code scanning closes its alert then. */
export function sarifOf(
  { findings }: Ledger,
  { schedule, version }: { schedule: string; version: string },
): Log {
  const open = findings.filter(isOpen).slice(0, RESULTS_MAX);
  const rules = Map.groupBy(open, ruleOf);
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "Fanfold",
            version,
            rules: [...rules].map(([id, of]) => descriptorOf(id, of)),
          },
        },
        automationDetails: { id: `fanfold/${schedule}/` },
        results: open.map(resultOf),
      },
    ],
  };
}

const ruleOf = ({ rule }: KnownFinding): string =>
  rule
    ?.toLowerCase()
    .replaceAll(/[^a-z\d]+/gu, "-")
    .replaceAll(/^-+|-+$/gu, "")
    .slice(0, 100) || OTHER_RULE;

/** Of several severities under one rule the gravest: code scanning sorts rules by it. */
function descriptorOf(id: string, of: readonly KnownFinding[]): ReportingDescriptor {
  const scores = of.map(({ severity }) => SCORES[severity.toLowerCase()] ?? MIDDLE);
  const text = id === OTHER_RULE ? "What an audit found" : id.replaceAll("-", " ");
  return {
    id,
    shortDescription: { text },
    properties: { "security-severity": Math.max(...scores).toFixed(1) },
  };
}

/** As GitHub reads them: above 9 critical, 7 high, 4 medium. */
const SCORES: Readonly<Record<string, number>> = {
  critical: 9.5,
  high: 8,
  important: 8,
  medium: 5.5,
  low: 2,
  nit: 1,
};
const MIDDLE = 5.5;

function resultOf(finding: KnownFinding): Result {
  const { id, path, line, title, severity, evidence, verdict } = finding;
  const score = SCORES[severity.toLowerCase()] ?? MIDDLE;
  const about = verdict === "" ? "" : ` (${verdict})`;
  return {
    ruleId: ruleOf(finding),
    level: score >= 7 ? "error" : score >= 4 ? "warning" : "note",
    message: { text: cut(defused(`${title}${about}\n\n${evidence}`).trim(), 1_000) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: path.split("/").map(encodeURIComponent).join("/") },
          // Code scanning shows no result without a line.
          region: { startLine: Math.max(1, line ?? 1) },
        },
      },
    ],
    partialFingerprints: { "fanfold/v1": id, primaryLocationLineHash: `${id}:1` },
  };
}
