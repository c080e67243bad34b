export const meta = {
  name: "review",
  description:
    "Reviews a pull request from several angles; only findings that a second agent could not refute are reported.",
  whenToUse:
    "`/workflow review` on a pull request. Costs four reviewers and one refuter a finding. Changes nothing; leaves a report with findings on their lines.",
  phases: [{ title: "Read" }, { title: "Verify" }],
};

const changed = await repo.diff();
if (changed === null)
  throw new Error("`/workflow review` looks at a pull request: write it in one.");

const LENSES = ["correctness", "security", "behaviour that callers rely on", "tests"];
const FINDINGS = {
  type: "object",
  required: ["findings"],
  properties: {
    findings: {
      type: "array",
      items: {
        type: "object",
        required: ["path", "line", "severity", "title", "evidence"],
        properties: {
          path: { type: "string" },
          line: { type: "integer", description: "A line of the new version" },
          severity: { type: "string", enum: ["high", "medium", "low"] },
          title: { type: "string" },
          evidence: {
            type: "string",
            description: "The failing path: which input leads to which wrong result",
          },
        },
      },
    },
  },
};
const patch = changed.map((file) => `--- ${file.path} (${file.status})\n${file.patch}`).join("\n");

phase("Read");
const focus = typeof args === "string" ? ` Pay special attention to: ${args}.` : "";
const reports = await parallel(
  LENSES.map(
    (lens) => () =>
      agent(
        `Review this pull request for ${lens}.${focus} Its changes are in the block \`Diff\`.`,
        {
          label: `review: ${lens}`,
          data: { Diff: patch },
          schema: FINDINGS,
          agentType: "fanfold-finder",
        },
      ),
  ),
);
const answered = LENSES.filter((_, index) => reports[index] !== null);
const lost = LENSES.filter((_, index) => reports[index] === null);
const seen = new Set();
const findings = reports
  .filter(Boolean)
  .flatMap((found) => found.findings)
  .filter((finding) => {
    const place = `${finding.path}:${finding.line}:${finding.title}`;
    return seen.has(place) ? false : seen.add(place);
  });

phase("Verify");
const verdicts = await parallel(
  findings.map(
    (finding) => () => verify(finding, { label: `verify ${finding.path}:${finding.line}` }),
  ),
);
const kept = findings
  .map((finding, index) => ({ ...finding, verdict: verdicts[index]?.verdict ?? "unverified" }))
  .filter((finding) => finding.verdict !== "refuted");
// Every reviewer is shown every patch: with one answer all of them were looked at, with none nothing was.
const paths = changed.map((file) => file.path);
const empty = changed.filter((file) => file.additions + file.deletions === 0);
await report({
  summary:
    `${kept.length} of ${findings.length} findings survived; ${answered.length} of ${LENSES.length} reviewers answered` +
    (lost.length > 0 ? `, so nobody looked for ${lost.join(", ")}` : "") +
    ".",
  findings: kept,
  coverage:
    answered.length === 0
      ? { inScope: changed.length, read: 0, notRead: [], failed: paths }
      : {
          inScope: changed.length,
          read: changed.length - empty.length,
          notRead: empty.map((file) => file.path),
        },
});
return kept;
