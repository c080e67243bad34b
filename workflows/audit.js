export const meta = {
  name: "audit",
  description:
    "Looks for one kind of problem in the whole repository, has each finding refuted or confirmed, and reports. Changes nothing.",
  whenToUse:
    "`/workflow audit TOPIC`, or a schedule. Leaves a report: confirmed findings, unverified ones, and what was read.",
  phases: [{ title: "Find" }, { title: "Verify" }],
};

const wanted = typeof args === "object" && args !== null ? args : { topic: args };
const topic = wanted.topic || "bugs, unsafe input handling and dead code";
const sources =
  "**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx,py,rb,go,rs,java,kt,cs,php,c,h,cc,cpp,swift,sh}";
const foreign = /(^|\/)(node_modules|vendor|third_party|dist)\/|\.min\.js$/;
const matching = await repo.files(wanted.files || sources);
const files = matching.filter((path) => !foreign.test(path));
const skipped = matching.filter((path) => foreign.test(path));
if (files.length === 0)
  return `Nothing was audited: no file matches \`${wanted.files || sources}\`${skipped.length > 0 ? ` but ${skipped.length} vendored or minified ones` : ""}.`;

const batches = [];
for (let start = 0; start < files.length; start += 8) batches.push(files.slice(start, start + 8));
log(`${files.length} files in ${batches.length} batches, looking for: ${topic}`);

phase("Find");
const FINDINGS = {
  type: "object",
  required: ["read", "findings"],
  properties: {
    read: {
      type: "array",
      items: { type: "string" },
      description: "Every file you read to its end",
    },
    findings: {
      type: "array",
      items: {
        type: "object",
        required: ["path", "line", "severity", "title", "evidence"],
        properties: {
          path: { type: "string" },
          line: { type: "integer" },
          severity: { type: "string", enum: ["high", "medium", "low"] },
          title: { type: "string", description: "The problem in one line" },
          evidence: { type: "string", description: "The code and the input that shows it" },
        },
      },
    },
  },
};
const reports = await parallel(
  batches.map(
    (batch, index) => () =>
      agent(
        `Audit these files for: ${topic}.\nPart ${index + 1} of ${batches.length}. Read each of them to its end; ` +
          `report only what you can show.\n${batch.map((path) => `- ${path}`).join("\n")}`,
        {
          label: `find ${batch[0]}${batch.length > 1 ? ` +${batch.length - 1}` : ""}`,
          schema: FINDINGS,
          agentType: "Explore",
        },
      ),
  ),
);
// A batch whose agent was lost or refused was not looked at, whatever others say of its files.
const failed = batches.flatMap((batch, index) => (reports[index] === null ? batch : []));
const read = new Set(
  batches.flatMap((batch, index) => batch.filter((path) => reports[index]?.read.includes(path))),
);
const findings = reports.filter(Boolean).flatMap((found) => found.findings);

phase("Verify");
const RANK = { high: 0, medium: 1, low: 2 };
const checked = findings.sort((a, b) => RANK[a.severity] - RANK[b.severity]).slice(0, 60);
const verdicts = await parallel(
  checked.map(
    (finding) => () =>
      verify(
        { ...finding, topic },
        {
          label: `verify ${finding.path}:${finding.line}`,
          reviewers: finding.severity === "high" ? 2 : 1,
        },
      ),
  ),
);
const withVerdict = checked.map((finding, index) => ({
  ...finding,
  verdict: verdicts[index]?.verdict ?? "unverified",
}));

const count = (verdict) => withVerdict.filter((finding) => finding.verdict === verdict).length;
await report({
  summary:
    `${topic}: ${count("confirmed")} confirmed, ${count("unverified")} unverified, ${count("refuted")} refuted` +
    (findings.length > checked.length
      ? `, ${findings.length - checked.length} more not verified`
      : "") +
    (failed.length > 0 ? `; ${failed.length} of ${files.length} files were not looked at` : "") +
    ".",
  findings: withVerdict.filter((finding) => finding.verdict !== "refuted"),
  coverage: {
    inScope: files.length,
    read: read.size,
    notRead: files.filter((path) => !read.has(path) && !failed.includes(path)),
    failed,
    skipped,
  },
});
return {
  confirmed: count("confirmed"),
  unverified: count("unverified"),
  refuted: count("refuted"),
};
