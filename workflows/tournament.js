export const meta = {
  name: "tournament",
  description:
    "Several workers solve the same task, each by its own approach; the same reviewers attack all of them; the one that stands best becomes a pull request.",
  whenToUse:
    "`/workflow tournament WHAT` for one hard task with several good ways. Costs three workers and nine reviewers, and four agents for each round that the best one needs; `{task, attempts}` takes up to six. Leaves every attempt on its branch.",
  needsArgs: "say what is to be done, as in `/workflow tournament make the parser twice as fast`.",
  phases: [{ title: "Try" }, { title: "Judge" }, { title: "Fold" }],
};

const wanted = typeof args === "object" && args !== null ? args : { task: args };
const { task } = wanted;
if (!task) throw new Error("Say what is to be done: `/workflow tournament <what>`.");

const APPROACHES = [
  "the smallest change that does all of it",
  "the clearest code, even where more of it has to change",
  "the most robust one: every input and failure the code can meet",
  "the fastest one at run time, without giving up clarity",
  "the one that reuses what the repository has already",
  "the one a maintainer of ten years would write: its conventions before everything else",
];
const LENSES = ["does what was asked", "breaks nothing else", "can be maintained"];
const count = Math.min(Math.max(Number(wanted.attempts) || 3, 2), APPROACHES.length);

phase("Try");
const attempts = await parallel(
  APPROACHES.slice(0, count).map(
    (approach, index) => () =>
      change(
        `${task}\n\nOthers try the same in other ways; one of you wins. Your way: ${approach}.`,
        { label: `attempt ${index + 1}`, agentType: "fanfold-fixer" },
      ),
  ),
);
const entered = attempts.flatMap((made, index) =>
  made === null ? [] : [{ number: index + 1, approach: APPROACHES[index], made }],
);
if (entered.length === 0)
  return `Nothing was changed: none of ${count} workers made a change. The table above says why.`;
log(`${entered.length} of ${count} attempts entered`);

phase("Judge");
// Each is attacked on its own, by reviewers who know of no other: nobody can be talked into a favourite.
const judge = (made, label) => review(made, { requirement: task, lenses: LENSES, label });
const judged = await parallel(
  entered.map((attempt) => async () => ({
    ...attempt,
    review: await judge(attempt.made, `judge attempt ${attempt.number}`),
  })),
);
const RANK = { accepted: 0, unverified: 1, rejected: 2 };
const votesFor = ({ review: { votes } }) => votes.filter(({ vote }) => vote === "for").length;
const blocking = ({ review: { findings } }) =>
  findings.filter(({ severity }) => severity === "blocking").length;
const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
const size = ({ made }) => made.additions + made.deletions;
const ranking = judged
  .filter(Boolean)
  .sort(
    (one, other) =>
      RANK[one.review.verdict] - RANK[other.review.verdict] ||
      votesFor(other) - votesFor(one) ||
      blocking(one) - blocking(other) ||
      one.review.findings.length - other.review.findings.length ||
      size(one) - size(other) ||
      one.number - other.number,
  );
if (ranking.length === 0) return "No attempt could be judged, so none was folded in.";

// A winner that was rejected all the same may answer, until it is accepted, two rounds bring nothing new, nothing is said
// that could be answered, or four are over.
let [winner] = ranking;
const known = new Set();
let stale = 0;
for (let round = 1; winner.review.verdict === "rejected" && round <= 4; round++) {
  const places = winner.review.findings.map(({ path, title }) => `${path}: ${title}`);
  stale = places.some((place) => !known.has(place)) ? 0 : stale + 1;
  if (stale === 2 || places.length === 0) break;
  for (const place of places) known.add(place);
  const made = await revise(winner.made, winner.review.findings, {
    label: `revise ${round}`,
    agentType: "fanfold-fixer",
  });
  if (made === null) break;
  winner = { ...winner, made, review: await judge(made, `judge revision ${round}`) };
}

phase("Fold");
const { combined } = await combine([winner.made]);
const lines = [winner, ...ranking.slice(1)].map(
  (attempt, place) =>
    `${place + 1}. Attempt ${attempt.number} (${attempt.approach}): ${attempt.review.verdict}, ` +
    `${votesFor(attempt)} of ${attempt.review.votes.length} for it, ${counted(attempt.review.findings.length, "finding")}, ` +
    `${counted(size(attempt), "line")}, on \`${attempt.made.branch}\``,
);
const missing = count - ranking.length;
return [
  combined.length === 1
    ? `Attempt ${winner.number} won: ${winner.made.summary}`
    : `No attempt stood: the best one is \`${winner.review.verdict}\` and stayed out. It is on \`${winner.made.branch}\`.`,
  lines.join("\n"),
  missing > 0 ? `${missing} of ${count} attempts did not get so far.` : "",
]
  .filter(Boolean)
  .join("\n\n");
