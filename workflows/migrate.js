export const meta = {
  name: "migrate",
  description:
    "Migrates every place of one kind: an inventory, one file ahead of the others, then worker, review and revision per file, then one pull request.",
  whenToUse:
    '`/workflow migrate WHAT`, such as "callbacks to async/await in src". Costs one for the inventory and about three agents per file, three more for each round in which its reviewers reject it. Leaves one pull request with the list of what was not migrated.',
  needsArgs: "say what to migrate, as in `/workflow migrate callbacks to async/await in src`.",
  phases: [
    { title: "Inventory" },
    { title: "Canary", detail: "one file, reviewed, before the others begin" },
    { title: "Migrate" },
    { title: "Fold" },
  ],
};

const what = typeof args === "string" ? args : args?.what;
if (!what) throw new Error("Say what to migrate: `/workflow migrate <from> to <to>`.");

phase("Inventory");
const files = await repo.files(
  args?.files || "**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx,py,rb,go,rs,java,kt,cs,php}",
);
const inventory = await agent(
  `Which of these files must change for this migration: ${what}?\n` +
    files.map((path) => `- ${path}`).join("\n"),
  {
    label: "inventory",
    agentType: "fanfold-surveyor",
    schema: {
      type: "object",
      required: ["files"],
      properties: {
        files: { type: "array", items: { type: "string" }, description: "Paths that must change" },
        notes: {
          type: "string",
          description: "What each worker must know to stay consistent with the others",
        },
      },
    },
  },
);
if (inventory === null)
  return `The inventory failed, so nothing was migrated: none of ${files.length} files was looked at.`;
const shards = [...new Set(inventory.files)].filter((path) => files.includes(path));
if (shards.length === 0)
  return `Nothing to migrate: none of ${files.length} files needs "${what}".`;
log(`${shards.length} of ${files.length} files to migrate`);

const migrate = (path, part, notes) =>
  change(`Migrate ${path}: ${what}. Part ${part} of ${shards.length}.`, {
    label: path,
    ...(notes === "" ? {} : { data: { Notes: notes } }),
    agentType: "fanfold-migrator",
  });
// Until it is accepted, two rounds bring nothing new, nothing is said that could be answered, or four are over.
const judge = async (migrated, path) => {
  if (migrated === null) return { path, change: null, verdict: "unchanged" };
  const requirement = `${path} is migrated: ${what}. Behaviour stays the same; nothing else changes.`;
  let current = migrated;
  let verdict = await review(current, { requirement, lenses: ["correctness", "completeness"] });
  const known = new Set();
  let stale = 0;
  for (let round = 1; verdict.verdict === "rejected" && round <= 4; round++) {
    const places = verdict.findings.map((finding) => `${finding.path}: ${finding.title}`);
    stale = places.some((place) => !known.has(place)) ? 0 : stale + 1;
    if (stale === 2 || places.length === 0) break;
    for (const place of places) known.add(place);
    const revised = await revise(current, verdict.findings, {
      label: `revise ${path}`,
      agentType: "fanfold-migrator",
    });
    if (revised === null) break;
    current = revised;
    verdict = await review(current, { requirement, lenses: ["correctness", "completeness"] });
  }
  return { path, change: current, verdict: verdict.verdict };
};

phase("Canary");
// What fails here would fail as often as there are files.
const [first, ...others] = shards;
const notes = inventory.notes ?? "";
const canary = await judge(await migrate(first, 1, notes), first);
if (canary.verdict !== "accepted")
  return (
    `Nothing was migrated: the first of ${shards.length} files, \`${first}\`, is ${canary.verdict}` +
    (canary.change === null ? "" : ` (on \`${canary.change.branch}\`)`) +
    `, so the others were not begun: ${others.map((path) => `\`${path}\``).join(", ") || "there are none"}.`
  );

phase("Migrate");
const lesson = canary.change.summary.replaceAll(first, "another file");
const example = `${notes}\nOne file is migrated and accepted already: ${lesson}`;
const results = [
  canary,
  ...(await pipeline(
    others,
    (path, _, index) => migrate(path, index + 2, example),
    (migrated, path) => judge(migrated, path),
  )),
];

phase("Fold");
const done = results.filter((result) => result?.verdict === "accepted");
const { combined, conflicted } = await combine(done.map((result) => result.change));
const migrated = done.filter((result) => combined.includes(result.change.id));
const open = shards.filter((path) => !migrated.some((result) => result.path === path));
return [
  `${migrated.length} of ${shards.length} files migrated.`,
  conflicted.length > 0 ? `${conflicted.length} conflicted and stayed out.` : "",
  open.length > 0
    ? `Not migrated, or not accepted: ${open.map((path) => `\`${path}\``).join(", ")}.`
    : "",
]
  .filter(Boolean)
  .join(" ");
