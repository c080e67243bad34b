export const meta = {
  name: "audit",
  description:
    "Looks for one kind of problem in the whole repository, or in what a pull request changes, has each finding refuted or confirmed, and reports. Changes nothing.",
  whenToUse:
    "`/workflow audit TOPIC`, or a schedule; on a pull request it reads the diff and comments on its lines. `{topic, lenses, files}` looks through several lenses. Costs one finder for eight files and lens, and one or two refuters a finding. Leaves a report: confirmed findings, unverified ones, and what was read.",
  phases: [{ title: "Find" }, { title: "Verify" }],
};

const wanted = typeof args === "object" && args !== null ? args : { topic: args };
const topic = wanted.topic || "bugs, unsafe input handling and dead code";
const sources =
  "**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx,py,rb,go,rs,java,kt,cs,php,c,h,cc,cpp,swift,sh}";
const foreign = /(^|\/)(node_modules|vendor|third_party|dist)\/|\.min\.js$/;
const matching = await repo.files(wanted.files || sources);
// On a pull request only what it changes is in scope, and each finder is shown how.
const changed = await repo.diff();
const patches = new Map((changed ?? []).map((file) => [file.path, file.patch]));
const isInScope = (path) => changed === null || patches.has(path);
const files = matching.filter((path) => !foreign.test(path) && isInScope(path));
const skipped = matching.filter((path) => foreign.test(path) && isInScope(path));
if (files.length === 0 && changed !== null)
  return "Nothing was audited: this pull request changes no file that is in scope.";
if (files.length === 0)
  return `Nothing was audited: no file matches \`${wanted.files || sources}\`${skipped.length > 0 ? ` but ${skipped.length} vendored or minified ones` : ""}.`;

const batches = [];
for (let start = 0; start < files.length; start += 8) batches.push(files.slice(start, start + 8));
const lenses = Array.isArray(wanted.lenses) && wanted.lenses.length > 0 ? wanted.lenses : [topic];
log(`${files.length} files in ${batches.length} batches, looking for: ${lenses.join("; ")}`);

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
          rule: {
            type: "string",
            description: "The kind of problem, such as sql-injection: the same word for each of it",
          },
          evidence: { type: "string", description: "The code and the input that shows it" },
        },
      },
    },
  },
};
const changesOf = (batch) => batch.map((path) => `--- ${path}\n${patches.get(path)}`).join("\n");
const scope =
  changed === null ? "" : "\nReport only what the changes in the block `Changes` bring or touch.";
const looks = batches.flatMap((batch, index) =>
  lenses.map((lens) => ({ batch, lens, part: index + 1 })),
);
const reports = await parallel(
  looks.map(
    ({ batch, lens, part }) =>
      () =>
        agent(
          `Audit these files for: ${lens}.\nPart ${part} of ${batches.length}.\n${batch.map((path) => `- ${path}`).join("\n")}${scope}`,
          {
            label: `find ${batch[0]}${batch.length > 1 ? ` +${batch.length - 1}` : ""}${lenses.length > 1 ? `: ${lens}` : ""}`,
            ...(changed === null ? {} : { data: { Changes: changesOf(batch) } }),
            schema: FINDINGS,
            agentType: "fanfold-finder",
          },
        ),
  ),
);
// A batch one of whose agents was lost was not looked at for all of it, whatever others say of its files.
const failed = [
  ...new Set(looks.flatMap(({ batch }, index) => (reports[index] === null ? batch : []))),
];
const read = new Set(
  looks.flatMap(({ batch }, index) =>
    batch.filter((path) => reports[index]?.read.includes(path) && !failed.includes(path)),
  ),
);
const RANK = { high: 0, medium: 1, low: 2 };
// Several lenses may find the same place: it is verified and shown once, as the gravest of them has it.
const places = Map.groupBy(
  reports.filter(Boolean).flatMap((found) => found.findings),
  ({ path, line }) => `${path}:${line}`,
);
const findings = [...places.values()].map((same) => {
  const [gravest] = same.toSorted((a, b) => RANK[a.severity] - RANK[b.severity]);
  return { ...gravest, title: [...new Set(same.map(({ title }) => title))].join("; ") };
});

phase("Verify");
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
  findings: [
    // With those that are refuted: a schedule that knew one of them says that it is answered.
    ...withVerdict,
    // Left out, they would be taken for gone.
    ...findings.slice(checked.length).map((finding) => ({ ...finding, verdict: "unverified" })),
  ],
  coverage: {
    inScope: files.length,
    read: read.size,
    notRead: files.filter((path) => !read.has(path) && !failed.includes(path)),
    failed,
    skipped,
    scope: wanted.files || sources,
  },
});
return {
  confirmed: count("confirmed"),
  unverified: count("unverified"),
  refuted: count("refuted"),
};
