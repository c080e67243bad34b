export const meta = {
  name: "migrate",
  description:
    "Migrates every place of one kind: an inventory, one part ahead of the others, a person's word, then worker, review and revision per part; one pull request for all, or one for each part over days.",
  whenToUse:
    '`/workflow migrate WHAT`, such as "callbacks to async/await in src". Costs one agent for each 200 files of the inventory and about three per part, three more for each round in which its reviewers reject it. Run again with the same words it finds new places, and leaves alone what is proposed, merged or refused already.',
  needsArgs: "say what to migrate, as in `/workflow migrate callbacks to async/await in src`.",
  phases: [
    { title: "Inventory" },
    { title: "Canary", detail: "one part, reviewed, before the others begin" },
    { title: "Migrate" },
    { title: "Fold" },
  ],
};

const what = typeof args === "string" ? args : args?.what;
if (!what) throw new Error("Say what to migrate: `/workflow migrate <from> to <to>`.");
const MOST_BY_FILE = 12;
/** So many paths one agent looks through with care. */
const PATHS_EACH = 200;
/** Files of one run at most: migration.shards takes no more. */
const PLACES_MOST = 4_096;
const INVENTORY = {
  type: "object",
  required: ["files"],
  properties: {
    files: { type: "array", items: { type: "string" }, description: "Paths that must change" },
    undecided: {
      type: "array",
      items: { type: "string" },
      description: "Paths you did not get to, or could not decide about",
    },
    notes: {
      type: "string",
      description: "What each worker must know to stay consistent with the others",
    },
  },
};
/** So many further parts are a person's to decide once the first can be seen; `ask` says otherwise. */
const ASKS_FROM = 8;
const named = (shards) => shards.map(({ name }) => `\`${name}\``).join(", ");

phase("Inventory");
// A wrong `by` is refused before anything is paid for.
if (args?.by !== undefined) await migration.shards([], { by: args.by });
const known = await migration.known(what);
// Parts that conflict or fail are done again by a run of their own, which names them.
const only = Array.isArray(args?.only) ? args.only : null;
let shards = known.filter(({ name }) => only?.includes(name));
let notes = "";
let later = "";
let coverage;
/** Every end says what the inventory looked at, and what not. */
const ended = async (said) => {
  if (coverage === undefined) return said;
  const missed = coverage.inScope - coverage.read;
  const summary = `${said}${later}${missed > 0 ? ` ${missed} of ${coverage.inScope} files were not looked at.` : ""}`;
  await report({ summary, coverage });
  return summary;
};
if (only === null) {
  const files = await repo.files(
    args?.files || "**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx,py,rb,go,rs,java,kt,cs,php}",
  );
  const lists = [];
  for (let start = 0; start < files.length; start += PATHS_EACH)
    lists.push(files.slice(start, start + PATHS_EACH));
  if (lists.length > 1) log(`${files.length} files to look at, by ${lists.length} agents`);
  const looks = await parallel(
    lists.map((list, index) => () => {
      const part = lists.length === 1 ? "" : `\nPart ${index + 1} of ${lists.length} of the files.`;
      return agent(
        `Which of these files must change for this migration: ${what}?${part}\n` +
          list.map((path) => `- ${path}`).join("\n"),
        {
          label: lists.length === 1 ? "inventory" : `inventory ${index + 1} of ${lists.length}`,
          agentType: "fanfold-surveyor",
          schema: INVENTORY,
        },
      );
    }),
  );
  const failed = lists.flatMap((list, index) => (looks[index] === null ? list : []));
  if (failed.length === files.length && files.length > 0)
    return `The inventory failed, so nothing was migrated: none of ${files.length} files was looked at.`;
  const answers = looks.filter(Boolean);
  notes = [...new Set(answers.map((look) => look.notes))]
    .filter(Boolean)
    .join("\n")
    .slice(0, 8_000);
  const chosen = new Set(answers.flatMap((look) => look.files));
  const undecided = new Set(answers.flatMap((look) => look.undecided ?? []));
  const lost = new Set(failed);
  const found = files.filter((path) => chosen.has(path) && !lost.has(path));
  const notRead = files.filter(
    (path) => undecided.has(path) && !chosen.has(path) && !lost.has(path),
  );
  coverage = {
    inScope: files.length,
    read: files.length - failed.length - notRead.length,
    notRead,
    failed,
  };
  const refused = known.filter(({ state }) => state === "closed");
  // What was given up before anybody saw it is tried once more when somebody asks.
  const isGivenUp = ({ state, pull }) => state === "conflict" && pull === null;
  const pending = known.filter(
    (shard) => !["closed", "merged"].includes(shard.state) && !isGivenUp(shard),
  );
  const taken = new Set([...refused, ...pending].flatMap((shard) => shard.files));
  const fresh = found.filter((path) => !taken.has(path));
  const places = fresh.slice(0, PLACES_MOST);
  if (fresh.length > places.length)
    later = ` ${fresh.length - places.length} more files need it and are for another run: ask for the same migration again.`;
  if (known.length > 0)
    log(
      `${found.length - fresh.length} of ${found.length} files are proposed or refused already: ${pending.length} parts are on their way, ${refused.length} are not wanted.`,
    );
  if (places.length === 0)
    return await ended(
      found.length === 0
        ? `Nothing to migrate: none of ${coverage.read} files needs "${what}".`
        : `Nothing new to migrate: all ${found.length} files of "${what}" are proposed or refused already.`,
    );
  const by = args?.by ?? (places.length > MOST_BY_FILE ? "directory" : "file");
  shards = await migration.shards(places, { by });
  log(`${places.length} of ${files.length} files to migrate, in ${shards.length} parts`);
}
if (shards.length === 0) return `None of the parts ${only.join(", ")} of "${what}" is known.`;

const migrate = (shard, part, advice) => {
  const list = shard.files.length === 1 ? shard.name : shard.files.join(", ");
  const data = {
    ...(advice === "" ? {} : { Notes: advice }),
    ...(shard.patch ? { "An earlier attempt, which is not wanted as it is": shard.patch } : {}),
    ...(shard.log ? { "How the checks of the earlier attempt failed": shard.log } : {}),
  };
  const again = shard.patch
    ? " It was done before and cannot stay as it was: do it anew on the files as they are now."
    : "";
  return change(`Migrate ${list}: ${what}. Part ${part} of ${shards.length}.${again}`, {
    label: shard.name,
    ...(Object.keys(data).length === 0 ? {} : { data }),
    agentType: "fanfold-migrator",
  });
};
// Until it is accepted, two rounds bring nothing new, nothing is said that could be answered, or four are over.
const judge = async (migrated, shard) => {
  if (migrated === null) return { ...shard, change: null, verdict: "unchanged" };
  const requirement = `${shard.files.join(", ")} ${shard.files.length === 1 ? "is" : "are"} migrated: ${what}. Behaviour stays the same; nothing else changes.`;
  let current = migrated;
  let verdict = await review(current, { requirement, lenses: ["correctness", "completeness"] });
  const seen = new Set();
  let stale = 0;
  for (let round = 1; verdict.verdict === "rejected" && round <= 4; round++) {
    const places = verdict.findings.map((finding) => `${finding.path}: ${finding.title}`);
    stale = places.some((place) => !seen.has(place)) ? 0 : stale + 1;
    if (stale === 2 || places.length === 0) break;
    for (const place of places) seen.add(place);
    const revised = await revise(current, verdict.findings, {
      label: `revise ${shard.name}`,
      agentType: "fanfold-migrator",
    });
    if (revised === null) break;
    current = revised;
    verdict = await review(current, { requirement, lenses: ["correctness", "completeness"] });
  }
  return { ...shard, change: current, verdict: verdict.verdict };
};

phase("Canary");
// What fails here would fail as often as there are parts.
const [first, ...others] = shards;
const canary = await judge(await migrate(first, 1, notes), first);
if (canary.verdict !== "accepted")
  return await ended(
    `Nothing was migrated: the first of ${shards.length} parts, \`${first.name}\`, is ${canary.verdict}` +
      (canary.change === null ? "" : ` (on \`${canary.change.branch}\`)`) +
      `, so the others were not begun: ${named(others) || "there are none"}.`,
  );
const rest = others.length === 1 ? "the other part" : `the other ${others.length}`;
if (only === null && (args?.ask ?? others.length >= ASKS_FROM)) {
  const { approved, by, comment } = await approve(
    `The first of ${shards.length} parts of "${what}", \`${first.name}\`, is migrated and its reviewers accepted it: see \`${canary.change.branch}\`.\n\n> ${canary.change.summary.split("\n").join("\n> ")}\n\nShall ${rest} be migrated the same way?\n\n${others
      .slice(0, 40)
      .map(({ name, files }) => `- \`${name}\` (${files.length})`)
      .join("\n")}${others.length > 40 ? `\n- … and ${others.length - 40} more` : ""}`,
    { phase: "Canary" },
  );
  if (!approved) {
    const { apart } = await migration.propose(what, [canary], { coverage });
    if (!apart) await combine([canary.change]);
    const why =
      by === null
        ? `nobody answered whether ${rest} should follow`
        : `${by} did not approve ${rest} (${comment || "no reason given"})`;
    return await ended(`Migrated \`${first.name}\` alone: ${why}.`);
  }
}

phase("Migrate");
const lesson = canary.change.summary.replaceAll(first.name, "another part");
const example = `${notes}\nOne part is migrated and accepted already: ${lesson}`;
const results = [
  canary,
  ...(await pipeline(
    others,
    (shard, _, index) => migrate(shard, index + 2, example),
    (migrated, shard) => judge(migrated, shard),
  )),
];

phase("Fold");
const judged = results.map((result, index) => result ?? { ...shards[index], change: null });
const { apart, proposed } = await migration.propose(what, judged, { coverage });
if (apart) {
  const left = judged.filter(({ name }) => !proposed.includes(name));
  return await ended(
    `${proposed.length} of ${shards.length} parts are accepted. Each gets a pull request of its own, as many at a time as the repository wants; the migration's issue tells where each stands.` +
      (left.length > 0 ? ` Not migrated, or not accepted: ${named(left)}.` : ""),
  );
}
const done = judged.filter((result) => result.verdict === "accepted");
const { combined, conflicted } = await combine(done.map((result) => result.change));
const migrated = done.filter((result) => combined.includes(result.change.id));
const open = judged.filter((shard) => !migrated.some(({ name }) => name === shard.name));
return await ended(
  [
    `${migrated.length} of ${shards.length} parts migrated.`,
    conflicted.length > 0 ? `${conflicted.length} conflicted and stayed out.` : "",
    open.length > 0 ? `Not migrated, or not accepted: ${named(open)}.` : "",
  ]
    .filter(Boolean)
    .join(" "),
);
