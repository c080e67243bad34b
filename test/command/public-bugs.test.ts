// Ways of writing a comment that other bots got wrong in public, each with the report of it: none of them may come back here.

import { describe, expect, it } from "vitest";

import { commandLines, parseComment } from "../../src/command/parse.ts";

const github = "https://github.com/";

/** What the comment is: the tasks of its runs, the verbs of its other commands, a problem's kind, or nothing. */
function readingOf(body: string): string[] {
  const parsed = parseComment(body);
  if (parsed.kind === "nothing") return [];
  if (parsed.kind === "problem") return [`problem: ${parsed.problem.kind}`];
  return parsed.commands.map(({ command }) =>
    "task" in command ? `run: ${command.task}` : command.verb,
  );
}

type Row = [what: string, body: string, expected: string[], ...bugs: string[]];
const fixIt = ["run: fix it"];
const nothing: string[] = [];

const rows: Row[] = [
  ["a plain command", "/workflow fix it", fixIt, "fullsend-ai/fullsend/issues/639"],
  ["below a greeting", "Hello!\n\n/workflow fix it", fixIt, "OCA/oca-github-bot/pull/59"],
  [
    "as the last line",
    `${"text\n\n".repeat(50)}/workflow fix it`,
    fixIt,
    "peter-evans/slash-command-dispatch/issues/32",
  ],
  ["in mid-sentence", "you could /workflow fix it", nothing, "servo/homu/issues/202"],
  ["behind another bot's word", "@bors /workflow fix it", nothing, "servo/homu/issues/202"],
  [
    "with CRLF",
    "/workflow fix it\r\nnow\r\n",
    ["run: fix it\nnow"],
    "github/gh-aw/issues/61580",
    "fullsend-ai/fullsend/issues/2137",
    "fullsend-ai/fullsend/pull/614",
  ],
  [
    "with blanks behind it",
    "/workflow status \t\r\n",
    ["status"],
    "cncf/prow-github-actions/pull/108",
    "kelos-dev/kelos/pull/1356",
  ],
  ["in a fence", "```\n/workflow fix it\n```", nothing, "bors-ng/bors-ng/issues/173"],
  [
    "in a fence that nobody closed",
    "~~~\n/workflow fix it",
    nothing,
    "Safety-Critical-Rust-Consortium/safety-critical-rust-coding-guidelines/issues/362",
  ],
  ["in code", "`/workflow fix it`", nothing, "rust-lang/bors/issues/295"],
  [
    "in code over line ends",
    "see `a\n/workflow fix it\nb` there",
    nothing,
    "conda-forge/conda-forge-webservices/issues/411",
    "yegor256/rultor/pull/1880",
  ],
  [
    "in a quote",
    "> /workflow fix it",
    nothing,
    "OCA/oca-github-bot/issues/82",
    "rust-lang/triagebot/issues/595",
  ],
  [
    "in the quoted plan of ours",
    "> Approve exactly this plan: `/workflow approve 7f3a91c2`\n>\n> /workflow approve 7f3a91c2",
    nothing,
    "anthropics/claude-code/issues/66773",
  ],
  [
    "below a quote and an empty line",
    "> the plan\n\n/workflow approve 7f3a91c2",
    ["approve"],
    "vercel/eve/issues/2137",
    "vercel/eve/pull/2175",
    "RussellSB/pytrendy/issues/240",
  ],
  [
    "right below a quote, where it renders inside",
    "> the plan\n/workflow approve 7f3a91c2",
    ["problem: lazy-quote"],
    "gke-labs/kube-agents/pull/889",
  ],
  ["in an HTML comment", "<!--\n/workflow fix it\n-->", nothing, "rust-lang/triagebot/pull/1869"],
  ["in a heading", "# /workflow fix it", nothing, "rust-lang/bors/pull/300"],
  [
    "in a link's text",
    "[\n/workflow fix it](https://a.example)",
    nothing,
    "rust-lang/bors/pull/300",
  ],
  ["as an image", "![\n/workflow fix it](https://a.example)", nothing, "rust-lang/bors/pull/300"],
  ["a longer name", "/workflows fix it", nothing, "openclaw/openclaw/pull/84634"],
  ["a path on its own line", "/workflow/run/main.ts", nothing, "python-trio/snekomatic/pull/86"],
  [
    "the name in a longer one",
    "@workflowDevs /workflow-run x",
    nothing,
    "anthropics/claude-code/issues/66773",
  ],
  [
    "the name alone, and a slip",
    "/workflow aprove",
    ["unknown"],
    "sgl-project/sglang/pull/38736",
    "NousResearch/hermes-agent/pull/112481",
  ],
  ["a verb that is called otherwise", "/workflow abort", ["unknown"], "dotnet/arcade/pull/17228"],
  [
    "with a no-break space",
    "/workflow\u00a0fix it",
    fixIt,
    "errbotio/errbot/pull/1518",
    "shomali11/slacker/issues/94",
  ],
  [
    "with dashes and quotes of a phone",
    "/workflow fix it —base “main”",
    fixIt,
    "NousResearch/hermes-agent/pull/14363",
    "mattermost/mattermost-mobile/pull/5259",
    "errbotio/errbot/issues/1145",
  ],
  [
    "in what a mail quotes below",
    "/workflow fix it\n\nOn Mon, Nov 30, 2026 at 10:12 AM fanfold[bot] wrote:\n\n/workflow off",
    fixIt,
    "dependabot/feedback/issues/277",
  ],
  [
    "of GitHub's full size",
    `/workflow fix it\n\n${"x".repeat(66_000)}`,
    [`run: fix it\n\n${"x".repeat(8_000 - "fix it\n\n".length)}`],
    "devops-thiago/ThrillhouseBot/issues/462",
  ],
  [
    "two of them",
    "/workflow status\n\n/workflow list",
    ["status", "list"],
    "Safety-Critical-Rust-Consortium/safety-critical-rust-coding-guidelines/issues/362",
  ],
  [
    "one that is bad among two",
    "/workflow status\n\n/workflow fix it --budgte $5",
    ["problem: one-of-several"],
    "Safety-Critical-Rust-Consortium/safety-critical-rust-coding-guidelines/issues/362",
  ],
  [
    "beside another bot's",
    "/lgtm\n\n/workflow status\n\n@otherbot merge",
    ["status"],
    "Safety-Critical-Rust-Consortium/safety-critical-rust-coding-guidelines/issues/362",
  ],
];

describe("a command that others misread", () => {
  it.each(rows)("%s", (...[, body, expected, ...bugs]) => {
    const seen = bugs.map((bug) => github + bug);
    expect({ seen, read: readingOf(body) }).toEqual({ seen, read: expected });
    expect(bugs).not.toEqual([]);
  });
});

/** An edit is told of what came to be by it; nothing is ever carried out. */
describe("an edit that others ran again", () => {
  const added = (before: string, after: string): string[] => {
    const known = new Set(commandLines(before));
    return commandLines(after).filter((line) => !known.has(line));
  };

  it.each<[string, string, string, string[], string]>([
    [
      "changes no command",
      "/wf status\nplease",
      "/wf status\nthanks",
      [],
      "rust-lang/homu/issues/79",
    ],
    [
      "adds one",
      "/wf status",
      "/wf status\n\n/wf list",
      ["/wf list"],
      "reviewpad/reviewpad/issues/473",
    ],
    ["removes one", "/wf status\n\n/wf list", "/wf list", [], "algora-io/algora/issues/141"],
    [
      "turns them round",
      "/wf status\n\n/wf list",
      "/wf list\n\n/wf status",
      [],
      "conda-forge/conda-forge-webservices/issues/161",
    ],
  ])("%s", (...[, before, after, lines, bug]) => {
    expect({ bug, lines: added(before, after) }).toEqual({ bug, lines });
  });
});
