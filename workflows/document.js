export const meta = {
  name: "document",
  description:
    "Documents a code base folder by folder: a survey says what readers miss, one worker a folder writes it, reviewers hold every sentence against the code.",
  whenToUse:
    "`/workflow document [WHAT]`, such as `the public API in src`. Costs one survey and about three agents a folder, three more for each round in which its reviewers reject it. Leaves one pull request of comments; no code changes.",
  phases: [{ title: "Survey" }, { title: "Write" }, { title: "Fold" }],
};

const wanted = typeof args === "object" && args !== null ? args : { what: args };
const what = wanted.what || "everything that other code or other people use";
const sources = "**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx,py,rb,go,rs,java,kt,cs,php,c,h,cc,cpp,swift}";
const foreign =
  /(^|\/)(node_modules|vendor|third_party|dist|build)\/|\.min\.js$|(^|[./_-])(test|spec)s?[./_-]/i;
const files = (await repo.files(wanted.files || sources)).filter((path) => !foreign.test(path));
if (files.length === 0)
  return `Nothing was documented: no source file matches \`${wanted.files || sources}\`.`;

const list = (paths) => paths.map((path) => `- ${path}`).join("\n");

phase("Survey");
const survey = await agent(
  `Somebody new has to use and change this code. To be documented: ${what}.\n` +
    "Say how this repository documents things where it does so well (form of comments, tone), and name the files in which a reader " +
    `misses something. The files:\n${list(files)}`,
  {
    label: "survey",
    agentType: "fanfold-surveyor",
    schema: {
      type: "object",
      required: ["conventions", "files"],
      properties: {
        conventions: { type: "string", description: "What every writer must keep to" },
        files: {
          type: "array",
          items: {
            type: "object",
            required: ["path", "missing"],
            properties: {
              path: { type: "string" },
              missing: { type: "string", description: "What a reader needs and does not find" },
            },
          },
        },
      },
    },
  },
);
if (survey === null)
  return `The survey failed, so nothing was documented: none of ${files.length} files was looked at.`;
const missing = new Map(survey.files.map((file) => [file.path, file.missing]));
const lacking = files.filter((path) => missing.has(path));
if (lacking.length === 0)
  return `Nothing to document: none of ${files.length} files lacks what a reader needs (${what}).`;

// One writer a folder: files of a folder explain each other. A large folder has several.
const MOST_FILES = 12;
const folderOf = (path) => (path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : ".");
const groups = [...Map.groupBy(lacking, folderOf)].flatMap(([folder, paths]) =>
  Array.from({ length: Math.ceil(paths.length / MOST_FILES) }, (_, part) => ({
    name: part === 0 ? folder : `${folder} (${part + 1})`,
    paths: paths.slice(part * MOST_FILES, (part + 1) * MOST_FILES),
  })),
);
log(`${lacking.length} of ${files.length} files to document, in ${groups.length} parts`);

phase("Write");
const LENSES = ["every statement is true of the code", "plain words that a newcomer needs"];
const results = await pipeline(
  groups,
  ({ name, paths }) =>
    change(
      `Document these files, and no others:\n${list(paths)}\n\n` +
        "The block `Missing` says what a reader of each of them misses.\n" +
        `To be documented: ${what}.\n` +
        "The block `Conventions` says how this repository documents things: keep to its form and tone.",
      {
        label: name,
        agentType: "fanfold-writer",
        data: {
          Missing: paths.map((path) => `${path}: ${missing.get(path)}`).join("\n"),
          Conventions: survey.conventions,
        },
      },
    ),
  async (written, { name }) => {
    if (written === null) return { name, change: null, verdict: "unchanged" };
    const requirement =
      `Documents ${name} (${what}). Only comments and documents change; no code does. ` +
      "Every sentence can be shown from the code.";
    let current = written;
    let verdict = await review(current, { requirement, lenses: LENSES });
    // Until it is accepted, two rounds bring nothing new, nothing is said that could be answered, or four are over.
    const known = new Set();
    let stale = 0;
    for (let round = 1; verdict.verdict === "rejected" && round <= 4; round++) {
      const places = verdict.findings.map((finding) => `${finding.path}: ${finding.title}`);
      stale = places.some((place) => !known.has(place)) ? 0 : stale + 1;
      if (stale === 2 || places.length === 0) break;
      for (const place of places) known.add(place);
      const revised = await revise(current, verdict.findings, {
        label: `revise ${name}`,
        agentType: "fanfold-writer",
      });
      if (revised === null) break;
      current = revised;
      verdict = await review(current, { requirement, lenses: LENSES });
    }
    return { name, change: current, verdict: verdict.verdict };
  },
);

phase("Fold");
const accepted = results.filter((result) => result?.verdict === "accepted");
const { combined, conflicted } = await combine(accepted.map((result) => result.change));
const done = accepted.filter((result) => combined.includes(result.change.id));
const open = groups.filter(({ name }) => !done.some((result) => result.name === name));
return [
  `${done.length} of ${groups.length} parts documented; ${files.length - lacking.length} of ${files.length} files lacked nothing.`,
  conflicted.length > 0 ? `${conflicted.length} conflicted and stayed out.` : "",
  open.length > 0
    ? `Not documented, or not accepted: ${open.map(({ name }) => `\`${name}\``).join(", ")}.`
    : "",
]
  .filter(Boolean)
  .join(" ");
