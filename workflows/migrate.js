export const meta = {
  name: "migrate",
  description:
    "Migrates every place of one kind: an inventory, then worker, review and revision per file, then one pull request.",
  whenToUse:
    '`/workflow migrate WHAT`, such as "callbacks to async/await in src". Costs about three agents per file.',
  needsArgs: "say what to migrate, as in `/workflow migrate callbacks to async/await in src`.",
  phases: [{ title: "Inventory" }, { title: "Migrate" }, { title: "Fold" }],
};

const what = typeof args === "string" ? args : args?.what;
if (!what) throw new Error("Say what to migrate: `/workflow migrate <from> to <to>`.");

phase("Inventory");
const files = await repo.files(
  args?.files || "**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx,py,rb,go,rs,java,kt,cs,php}",
);
const inventory = await agent(
  `Which of these files must change for this migration: ${what}?\nRead before you decide; leave out generated and vendored code.\n` +
    files.map((path) => `- ${path}`).join("\n"),
  {
    label: "inventory",
    agentType: "Explore",
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

phase("Migrate");
const results = await pipeline(
  shards,
  (path, _, index) =>
    change(
      `Migrate ${path}: ${what}. Part ${index + 1} of ${shards.length}. Touch no other file.\n${inventory.notes ?? ""}`,
      { label: path },
    ),
  async (migrated, path) => {
    if (migrated === null) return { path, change: null, verdict: "unchanged" };
    const requirement = `${path} is migrated: ${what}. Behaviour stays the same; nothing else changes.`;
    let current = migrated;
    let verdict = await review(current, { requirement, lenses: ["correctness", "completeness"] });
    for (let round = 1; verdict.verdict === "rejected" && round <= 2; round++) {
      const revised = await revise(current, verdict.findings, { label: `revise ${path}` });
      if (revised === null) break;
      current = revised;
      verdict = await review(current, { requirement, lenses: ["correctness", "completeness"] });
    }
    return { path, change: current, verdict: verdict.verdict };
  },
);

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
