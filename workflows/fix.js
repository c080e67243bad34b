export const meta = {
  name: "fix",
  description:
    "One worker fixes what the text asks for, reviewers try to reject it, and the result becomes a pull request.",
  whenToUse:
    "`/workflow fix WHAT` for a task that fits one context: a bug, a small feature. Costs one worker and two reviewers a round. Leaves one pull request, or a branch with what its reviewers have against it.",
  needsArgs: "say what to fix, as in `/workflow fix the flaky test in src/net`.",
  phases: [{ title: "Fix" }, { title: "Review" }, { title: "Fold" }],
};

const task = typeof args === "string" ? args : args?.task;
if (!task) throw new Error("Say what to fix: `/workflow fix <what>`.");

phase("Fix");
let fixed = await change(task, { label: "fix", agentType: "fanfold-fixer" });
if (fixed === null)
  return "Nothing was changed: the worker found nothing to do, or failed. The table above says which.";

phase("Review");
let verdict = await review(fixed, { requirement: task, lenses: ["correctness", "side effects"] });
// Until it is accepted, two rounds bring nothing new, nothing is said that could be answered, or four are over.
const known = new Set();
let stale = 0;
for (let round = 1; verdict.verdict === "rejected" && round <= 4; round++) {
  const places = verdict.findings.map(({ path, title }) => `${path}: ${title}`);
  stale = places.some((place) => !known.has(place)) ? 0 : stale + 1;
  if (stale === 2 || places.length === 0) break;
  for (const place of places) known.add(place);
  const revised = await revise(fixed, verdict.findings, {
    label: `revise ${round}`,
    agentType: "fanfold-fixer",
  });
  if (revised === null) break;
  fixed = revised;
  verdict = await review(fixed, { requirement: task, lenses: ["correctness", "side effects"] });
}

phase("Fold");
const { combined } = await combine([fixed]);
return combined.length === 1
  ? fixed.summary
  : `The change stayed out: its reviewers say \`${verdict.verdict}\`. It is on the branch \`${fixed.branch}\`.`;
