// The globals that read the repository, and the one that reports.

import { type LanguageEntry, step } from "./entry.ts";

const GLOB = "a glob such as `src/**/*.ts`";

export const repository: readonly LanguageEntry[] = [
  {
    name: "repo.files",
    signature: "repo.files(glob?)",
    does: "The files of the repository at the run's pinned commit. Costs nothing: divide the work with it instead of asking an agent for a list.",
    parameters: [{ name: "glob", type: "string", does: `${GLOB}; default: every file` }],
    gives: "paths, sorted.",
    errors: ["when the glob is none"],
    example: `const files = await repo.files("src/**/*.js");
const audits = await pipeline(files, (path) => agent(\`Audit \${path}.\`, { label: path }));`,
    step: step("repo.files", "glob"),
  },
  {
    name: "repo.read",
    signature: "repo.read(path)",
    does: "One file at the pinned commit.",
    parameters: [{ name: "path", type: "string", does: "relative to the repository's root" }],
    gives: "its text, or `null` when there is none or it is not text.",
    errors: ["when the path leads out of the repository (`PathRefused`)"],
    example: `const manifest = JSON.parse((await repo.read("package.json")) ?? "{}");
log(manifest.name ?? "no package");`,
    step: step("repo.read", "path"),
  },
  {
    name: "repo.search",
    signature: "repo.search(pattern, options?)",
    does: "Lines of the repository that match.",
    parameters: [
      {
        name: "pattern",
        type: "string",
        does: "a regular expression as ripgrep reads it: no look-around, no backreferences",
      },
    ],
    options: [
      { name: "glob", type: "string", does: `only in these files: ${GLOB}` },
      { name: "limit", type: "number", does: "hits at most, up to 1,000; default: 200" },
    ],
    gives: "`[{ path, line, text }]`.",
    errors: ["when the expression is none, or takes too long (`SearchRefused`)"],
    example: `const hits = await repo.search("logger\\\\.(info|warn)\\\\(", { glob: "src/**/*.js", limit: 500 });
const places = Map.groupBy(hits, ({ path }) => path);
log(\`\${hits.length} calls in \${places.size} files\`);`,
    step: step("repo.search", "pattern"),
  },
  {
    name: "repo.diff",
    signature: "repo.diff()",
    does: "What the pull request changes that the run was started on.",
    gives:
      "`[{ path, status, additions, deletions, patch }]`; `null` when the run was not started on a pull request.",
    example: `const changed = await repo.diff();
if (changed === null) throw new Error("This workflow looks at a pull request: write it in one.");`,
    step: step("repo.diff"),
  },
  {
    name: "repo.head",
    signature: "repo.head",
    does: "The commit this run is pinned to.",
    gives: "40 hexadecimal digits; a value, not a function.",
    example: `log(\`at \${repo.head}\`);`,
  },
  {
    name: "repo.pull",
    signature: "repo.pull",
    does: "The pull request the run was started on.",
    gives: "its number, or `null`; a value, not a function.",
    example: `const where = repo.pull === null ? "the default branch" : \`#\${repo.pull}\`;
log(where);`,
  },
  {
    name: "report",
    signature: "report(value)",
    does: "What the thread gets. Without it the script's return value is used.",
    parameters: [
      {
        name: "value",
        type: "JSON",
        does: "a string is Markdown; an array of findings becomes a table; `{ summary, findings, coverage: { inScope, read, notRead } }` shows what was looked at as well. A finding with the `verdict` `'refuted'` is shown apart; a schedule that knew it calls it gone",
      },
    ],
    gives: "`null`.",
    example: `await report("**Nothing to do**: no file matches.");`,
    step: step("report", "value"),
  },
];
