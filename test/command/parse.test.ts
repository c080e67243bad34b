// Where a command counts and how it is read: one row per way people write comments.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Command, Verb } from "../../src/command/command.ts";
import { parseComment } from "../../src/command/parse.ts";
import { limits } from "../../src/config/limits.ts";

const none = { budgetUsd: null, maxAgents: null, base: null, hours: null };

function commandOf(body: string): Command {
  const parsed = parseComment(body);
  if (parsed.kind !== "commands") throw new Error(`no command but ${JSON.stringify(parsed)}`);
  expect(parsed.commands).toHaveLength(1);
  return parsed.commands[0].command;
}

function taskOf(body: string): string {
  const command = commandOf(body);
  if (command.verb !== "run") throw new Error(`no run but ${command.verb}`);
  return command.task;
}

describe("a command counts where people see plain text at the start of a line", () => {
  it.each([
    ["alone", "/workflow run fix it"],
    ["run implied", "/workflow fix it"],
    ["short name", "/wf fix it"],
    ["any case", "/WorkFlow RUN fix it"],
    ["after a greeting line", "Hello!\n/workflow fix it"],
    ["after a greeting paragraph", "Hello!\n\nThis is a bug.\n\n/workflow fix it"],
    ["as the last line of a long comment", `${"text\n\n".repeat(200)}/workflow fix it`],
    ["with three leading spaces", "   /workflow fix it"],
    ["with three leading spaces on a later line", "Hello!\n   /workflow fix it"],
    ["with CRLF", "Hello!\r\n\r\n/workflow fix it\r\n"],
    ["with lone CR", "Hello!\r\r/workflow fix it\r"],
    ["with trailing blanks", "/workflow fix it  \t "],
    ["with a no-break space behind the name", "/workflow\u00a0fix it"],
    ["below a quote and an empty line", "> /workflow run something else\n\n/workflow fix it"],
    ["below a closed fence", "```\n/workflow run something else\n```\n/workflow fix it"],
    ["below a closed details element", "<details>\n\n/wf other\n\n</details>\n\n/workflow fix it"],
    ["below an element GitHub drops", "Array<string> is odd\n\n/workflow fix it"],
    ["below a hard line break", "Hello!  \n/workflow fix it"],
    ["below a heading", "# Title\n/workflow fix it"],
    ["below a table and an empty line", "|a|\n|-|\n|b|\n\n/workflow fix it"],
  ])("%s", (_, body) => {
    expect(taskOf(body)).toBe("fix it");
  });
});

describe("a command is ignored where people see something else", () => {
  it.each([
    ["in the middle of a sentence", "please /workflow fix it"],
    ["behind another bot's word", "/lgtm /workflow fix it"],
    ["with four leading spaces", "    /workflow fix it"],
    ["with four leading spaces on a later line", "Hello!\n    /workflow fix it"],
    ["behind a tab", "\t/workflow fix it"],
    ["in a backtick fence", "```\n/workflow fix it\n```"],
    ["in a tilde fence", "~~~\n/workflow fix it\n~~~"],
    ["in a nested fence", "````\n```\n/workflow fix it\n```\n````"],
    ["in a fence never closed", "```\n/workflow fix it"],
    ["in a suggestion", "```suggestion\n/workflow fix it\n```"],
    ["in inline code", "`/workflow fix it`"],
    ["in inline code over lines", "see `this\n/workflow fix it\nthat` there"],
    ["in a quote", "> /workflow fix it"],
    ["in a nested quote", "> > /workflow fix it"],
    ["in an HTML comment", "<!-- /workflow fix it -->"],
    ["in an HTML comment over lines", "<!--\n/workflow fix it\n-->"],
    ["in an HTML comment inside a paragraph", "Hello <!--\n/workflow fix it\n--> you"],
    ["in an HTML block", "<div>\n/workflow fix it\n</div>"],
    ["in inline HTML", "Hello <b>\n/workflow fix it</b>"],
    ["in a details element", "<details><summary>x</summary>\n\n/workflow fix it\n\n</details>"],
    ["in a details element never closed", "<details>\n\n/workflow fix it"],
    ["in an HTML quote", "<blockquote>\n\n/workflow fix it\n\n</blockquote>"],
    ["in link text", "[\n/workflow fix it](https://example.com)"],
    ["as an image's alternative", "![\n/workflow fix it](https://example.com/a.png)"],
    ["in a heading", "# /workflow fix it"],
    ["in a table", "| a |\n|---|\n| /workflow fix it |"],
    ["in a list", "- /workflow fix it"],
    ["in a numbered list", "1. /workflow fix it"],
    ["in a task item", "- [ ] /workflow fix it"],
    ["in a list's later paragraph", "- a\n\n  /workflow fix it"],
    ["in strikethrough", "~~x\n/workflow fix it~~"],
    ["in emphasis", "*x\n/workflow fix it*"],
    ["in a footnote", "see[^1]\n\n[^1]: x\n    /workflow fix it"],
    ["with a longer name", "/workflows fix it"],
    ["with a hyphen behind the name", "/workflow-run fix it"],
    ["as a path", "path/workflow fix it"],
    ["as an absolute path", "/workflow/main.ts"],
    ["with a fullwidth slash", "／workflow fix it"],
    ["behind an emoji", "🚀 /workflow fix it"],
    ["written as a character reference", "&#47;workflow fix it"],
    ["escaped", "\\/workflow fix it"],
    ["with something invisible in the name", "/work\u200bflow fix it"],
    ["with something invisible behind the name", "/workflow\u200b fix it"],
    [
      "in what a mail quotes",
      "Thanks!\n\nOn Mon, Nov 30, 2026, 10:12 Ada <a@b.c> wrote:\n\n/wf fix it",
    ],
    [
      "right below a mail's heading",
      "Yes.\n\nOn 30 Nov 2026 at 10:12, Ada wrote:\n/workflow fix it",
    ],
    ["to another bot", "/retest"],
    ["in an empty comment", ""],
  ])("%s", (_, body) => {
    expect(parseComment(body)).toEqual({ kind: "nothing" });
  });

  it("says so when the line renders inside the quote above it", () => {
    const parsed = parseComment("> quoted\n/workflow fix it");
    expect(parsed).toEqual({ kind: "problem", problem: { kind: "lazy-quote" } });
  });

  it.each([
    ["list", "- one\n/workflow fix it", "lazy-list"],
    ["numbered list", "1. one\n/workflow fix it", "lazy-list"],
    ["quote in a list", "- > one\n/workflow fix it", "lazy-list"],
    ["footnote", "see[^1]\n\n[^1]: one\n/workflow fix it", "lazy-list"],
    ["table", "| a |\n|---|\n| b |\n/workflow fix it", "lazy-table"],
  ])("says so when the line renders inside the %s above it", (_, body, kind) => {
    expect(parseComment(body)).toEqual({ kind: "problem", problem: { kind } });
  });

  it.each([
    ["German", "Am Mo., 30. Nov. 2026 um 05:00 Uhr schrieb Ada <a@b.c>:"],
    ["French", "Le lun. 30 nov. 2026 à 05:00, Ada <a@b.c> a écrit :"],
    ["Spanish", "El lun, 30 nov 2026 a las 5:00, Ada (<a@b.c>) escribió:"],
    ["Dutch over two lines", "Op ma 30 nov 2026 om 05:00 schreef Ada\n<a@b.c>:"],
    ["Outlook", "From: Ada <a@b.c>\nSent: Monday, 30 November 2026\nTo: Bob"],
    ["Outlook's line", "________________________________\nFrom: Ada <a@b.c>"],
  ])("reads nothing below a mail's heading: %s", (_, heading) => {
    const body = `Yes please.\n/workflow fix it\n${heading}\n\n/workflow off`;
    expect(taskOf(body)).toBe("fix it");
    expect(parseComment(`Thanks!\n\n${heading}\n/workflow fix it`)).toEqual({ kind: "nothing" });
  });

  it("reads what stands below prose that is like a mail's heading", () => {
    const body = "This is what Bob wrote:\n\nFrom: a to b\n\n/workflow fix it";
    expect(taskOf(body)).toBe("fix it");
  });

  it("says so when dashes below turn the line into a heading", () => {
    const parsed = parseComment("/workflow fix it\n---\nmore");
    expect(parsed).toEqual({ kind: "problem", problem: { kind: "setext-heading" } });
  });
});

describe("the task", () => {
  it.each([
    ["goes on over the next lines", "/workflow fix\nthe parser", "fix\nthe parser"],
    ["may begin on the next line", "/workflow run\nfix it", "fix it"],
    [
      "goes on over paragraphs, lists and fences",
      "/wf fix:\n\n- a\n- b\n\n```\n/wf no\n```",
      "fix:\n\n- a\n- b\n\n```\n/wf no\n```",
    ],
    ["ends at a line of dashes", "/workflow fix it\n\n---\n\nKind regards", "fix it"],
    ["does not end at dashes in a fence", "/wf fix\n```\n---\n```", "fix\n```\n---\n```"],
    [
      "leaves out HTML comments",
      "/workflow fix <!-- and leak --> it\n\n<!-- template -->\n",
      "fix it",
    ],
    [
      "keeps what only looks like HTML",
      "/workflow fix Array<string> handling",
      "fix Array<string> handling",
    ],
    [
      "ends where a mail begins to quote",
      "/workflow fix it\n\nOn Mon, Nov 30, 2026 at 10:12 AM Ada <a@example.com>\nwrote:\n\n/wf off",
      "fix it",
    ],
    ["ends where a mail is appended", "/wf fix it\n\n----- Original Message -----\nab", "fix it"],
    [
      "goes on below a sentence like it",
      "/wf fix it\n\nOn Windows it wrote:\nab",
      "fix it\n\nOn Windows it wrote:\nab",
    ],
    ["leaves another bot's lines in place", "/workflow fix it\n/lgtm", "fix it\n/lgtm"],
    [
      "keeps quotes in prose",
      `/workflow fix the parser's "strict" mode`,
      `fix the parser's "strict" mode`,
    ],
    ["holds no carriage return", "/workflow fix\r\nit\r\n", "fix\nit"],
  ])("%s", (_, body, task) => {
    expect(taskOf(body)).toBe(task);
  });

  it("gives the words of its own line apart, so that a saved workflow can be recognised", () => {
    const command = commandOf("/workflow run audit, src and lib --budget $5\nmore words");
    expect(command).toEqual({
      verb: "run",
      words: ["audit,", "src", "and", "lib"],
      task: "audit, src and lib\nmore words",
      flags: { ...none, budgetUsd: 5 },
    });
  });

  it("is cut when it is a document, and says so", () => {
    const body = `/workflow ${"x".repeat(20_000)}`;
    expect(taskOf(body)).toHaveLength(limits.command.taskChars);
    expect(parseComment(body)).toMatchObject({
      notes: ["The task had 20000 characters; only the first 8000 were taken."],
    });
  });

  it("loses invisible characters, and says so; an emoji keeps its joiners", () => {
    const body = "/workflow f\u200bix\u202e it 👩‍💻";
    expect(taskOf(body)).toBe("fix it 👩‍💻");
    expect(parseComment(body)).toMatchObject({
      notes: ["2 invisible characters were removed from the comment before it was read."],
    });
  });
});

/** A word that is no verb, with the run that it would be. */
function slip(word: string, suggestion: Verb, behind: string[] = []): Command {
  const words = [word, ...behind];
  const run: Command = { verb: "run", words, task: words.join(" "), flags: none };
  return { verb: "unknown", word, suggestion, run };
}

describe("verbs", () => {
  it.each<[string, Command]>([
    ["/workflow status", { verb: "status" }],
    ["/workflow cancel", { verb: "cancel", run: null }],
    ["/workflow HELP me", { verb: "help" }],
    ["/workflow version", { verb: "version" }],
    ["/workflow", { verb: "empty", after: null }],
    ["/workflow\n\nsome text", { verb: "empty", after: null }],
    ["/workflow run", { verb: "empty", after: "run" }],
    ["/workflow --budget $5", { verb: "empty", after: "run" }],
    ["/workflow cancle", slip("cancle", "cancel")],
    ["/workflow stauts please", slip("stauts", "status", ["please"])],
    ["/workflow cancle the run", slip("cancle", "cancel", ["the", "run"])],
    ["/workflow stop it now", slip("stop", "cancel", ["it", "now"])],
    ["/workflow accept 7f3a91c2", slip("accept", "approve", ["7f3a91c2"])],
    ["/workflow kill wf-0a1b2c3d4e", slip("kill", "cancel", ["wf-0a1b2c3d4e"])],
    ["/workflow cancel!", { verb: "cancel", run: null }],
    ["/workflow status.", { verb: "status" }],
    ["/workflow --help", { verb: "help" }],
    ["/workflow cancel -h", { verb: "help" }],
    ["/workflow --version", { verb: "version" }],
    ["/workflow aprove", slip("aprove", "approve")],
    ["/workflow test", slip("test", "list")],
    ["/workflow approve", { verb: "approve", id: null, comment: "" }],
    ["/workflow reject not yet", { verb: "reject", id: null, comment: "not yet" }],
    ["/workflow approve Q-7f3a91 fine", { verb: "approve", id: "q-7f3a91", comment: "fine" }],
    ["/workflow approve 7f3a91", { verb: "approve", id: "7f3a91", comment: "" }],
    ["/workflow approve: `7F3A91c2`", { verb: "approve", id: "7f3a91c2", comment: "" }],
    ['/workflow approve "7f3a91c2", go', { verb: "approve", id: "7f3a91c2", comment: "go" }],
    ["/workflow approve hash=7f3a91c2", { verb: "approve", id: "7f3a91c2", comment: "" }],
    ["/workflow reject #q-7f3a91 no", { verb: "reject", id: "q-7f3a91", comment: "no" }],
    ["/workflow undo `wf-0a1b2c3d4e`.", { verb: "undo", run: "wf-0a1b2c3d4e" }],
    ["/workflow show `wf-0a1b2c3d4e`", { verb: "show", what: "wf-0a1b2c3d4e" }],
    ["/workflow steer the queue", { verb: "unknown", word: "steer", suggestion: null, run: null }],
    ["/workflow stop", slip("stop", "cancel")],
    ["/workflow cancel WF-0a1b2c3d4e", { verb: "cancel", run: "wf-0a1b2c3d4e" }],
    ["/workflow pause", { verb: "pause", run: null }],
    ["/workflow resume wf-0a1b2c3d4e", { verb: "resume", run: "wf-0a1b2c3d4e" }],
    ["/workflow land", { verb: "land", run: null }],
    ["/workflow retry", { verb: "retry", run: null, budgetUsd: null }],
    ["/workflow retry wf-1 --budget $3", { verb: "retry", run: "wf-1", budgetUsd: 3 }],
    ["/workflow retry --failed wf-1", { verb: "retry", run: "wf-1", budgetUsd: null }],
    ["/workflow budget +2 usd", { verb: "budget", run: null, change: { kind: "by", usd: 2 } }],
    ["/workflow budget $+2", { verb: "budget", run: null, change: { kind: "by", usd: 2 } }],
    ["/workflow budget $5", { verb: "budget", run: null, change: { kind: "to", usd: 5 } }],
    [
      "/workflow budget wf-1 +2.50",
      { verb: "budget", run: "wf-1", change: { kind: "by", usd: 2.5 } },
    ],
    ["/workflow budget 7usd wf-1", { verb: "budget", run: "wf-1", change: { kind: "to", usd: 7 } }],
    ["/workflow list", { verb: "list" }],
    ["/workflow show", { verb: "show", what: null }],
    ["/workflow show audit", { verb: "show", what: "audit" }],
    ["/workflow why", { verb: "why", run: null, agent: null }],
    ["/workflow why wf-1 number 2", { verb: "why", run: "wf-1", agent: "number 2" }],
    [
      "/workflow plan the move to pino",
      {
        verb: "plan",
        words: ["the", "move", "to", "pino"],
        task: "the move to pino",
        flags: none,
      },
    ],
    ["/workflow plan", { verb: "empty", after: "plan" }],
    ["/workflow config", { verb: "config" }],
    ["/workflow doctor", { verb: "doctor" }],
    ["/workflow schedules", { verb: "schedules" }],
    ["/workflow schedule", { verb: "schedules" }],
    ["/workflow schedule LIST", { verb: "schedules" }],
    ["/workflow schedule pause Weekly", { verb: "schedule", act: "pause", name: "weekly" }],
    [
      "/workflow dismiss F-0A1B2C because it is a test",
      { verb: "dismiss", id: "f-0a1b2c", reason: "it is a test" },
    ],
    ["/workflow undismiss f-0a1b2c", { verb: "undismiss", id: "f-0a1b2c" }],
    ["/workflow off", { verb: "off" }],
    ["/workflow on", { verb: "on" }],
  ])("%s", (body, command) => {
    expect(commandOf(body)).toEqual(command);
  });

  it.each([
    ["audit", "/workflow audit", "audit"],
    ["review", "/workflow review", "review"],
    [
      "a task beginning with a word like a verb",
      "/workflow hell is in the parser",
      "hell is in the parser",
    ],
    [
      "a task beginning with another word for a verb",
      "/workflow stop retrying on 404 answers",
      "stop retrying on 404 answers",
    ],
    ["a task behind run and a colon", "/workflow run: fix it", "fix it"],
    ["a reserved word behind run", "/workflow run list all files", "list all files"],
    ["a slip behind run", "/workflow run aprove", "aprove"],
  ])("%s runs", (_, body, task) => {
    expect(taskOf(body)).toBe(task);
  });

  it.each([
    "/workflow cancel button is broken",
    "/workflow status --budget $1",
    "/workflow cancel, the wrong branch",
    "/workflow land --force",
    "/workflow status --all",
    "/workflow cancel --failed",
    "/workflow on main fix it",
  ])("%s does nothing but ask, since it could be a task", (body) => {
    expect(parseComment(body)).toMatchObject({ problem: { kind: "wrong-words" } });
  });

  it.each([
    "/workflow approve 7f3a91c2 --force",
    "/workflow approve 7f3a91c2 --budget $5",
    "/workflow reject --base main",
  ])("%s decides nothing: an approval is for the plan as it is shown", (body) => {
    expect(parseComment(body)).toMatchObject({ problem: { kind: "takes-no-flags" } });
  });

  it("a slip keeps what stands below it, should it be a workflow's name", () => {
    expect(commandOf("/workflow gate --budget $2\nall of it")).toEqual({
      verb: "unknown",
      word: "gate",
      suggestion: "save",
      run: {
        verb: "run",
        words: ["gate"],
        task: "gate\nall of it",
        flags: { ...none, budgetUsd: 2 },
      },
    });
  });
});

describe("several commands in one comment", () => {
  const linesOf = (body: string): unknown => {
    const parsed = parseComment(body);
    if (parsed.kind !== "commands") return parsed;
    return parsed.commands.map(({ command, line }) =>
      command.verb === "run" ? `${line} = ${command.task}` : line,
    );
  };

  it("are taken in their order, and a task ends where the next one begins", () => {
    const body = "Hi!\n/workflow status\n/wf fix it\nplease\n\n/lgtm\n\n/workflow list";
    expect(linesOf(body)).toEqual([
      "/workflow status",
      "/wf fix it = fix it\nplease\n\n/lgtm",
      "/workflow list",
    ]);
  });

  it.each([
    ["a mistake", "/workflow status\n/workflow fix --budgte $5", "mistake"],
    ["a wrong word", "/workflow status now\n/workflow list", "wrong-words"],
    ["a slip", "/workflow status\n\n/workflow aprove", "odd-word"],
    ["a verb without its task", "/workflow run\n/workflow status", "odd-word"],
  ])("none is carried out where one is %s", (_, body, kind) => {
    expect(parseComment(body)).toMatchObject({
      problem: { kind: "one-of-several", count: 2, problem: { kind } },
    });
  });

  it.each([
    ["/workflow fix it", "/workflow cancel"],
    ["/workflow approve 7f3a91c2", "/workflow reject 7f3a91c2"],
    ["/workflow pause", "/workflow resume"],
    ["/workflow on", "/workflow off"],
  ])("none is carried out where two are opposites: %s, %s", (one, other) => {
    expect(parseComment(`${one}\n\n${other}`)).toEqual({
      kind: "problem",
      problem: { kind: "clash", lines: [one, other] },
    });
  });

  it("are five at most", () => {
    expect(parseComment("/workflow status\n\n".repeat(5))).toMatchObject({ kind: "commands" });
    expect(parseComment("/workflow status\n\n".repeat(6))).toEqual({
      kind: "problem",
      problem: { kind: "too-many", count: 6 },
    });
  });
});

describe("flags", () => {
  it.each([
    ["--budget $5", { ...none, budgetUsd: 5 }],
    ["--budget=5usd", { ...none, budgetUsd: 5 }],
    ["--budget 2.50", { ...none, budgetUsd: 2.5 }],
    ["--BUDGET $5", { ...none, budgetUsd: 5 }],
    ["—budget $5", { ...none, budgetUsd: 5 }],
    ["–budget $5", { ...none, budgetUsd: 5 }],
    ["--max-agents 12", { ...none, maxAgents: 12 }],
    ["--base release/2.x", { ...none, base: "release/2.x" }],
    ['--base "main"', { ...none, base: "main" }],
    ["--base “main”", { ...none, base: "main" }],
    ["--timeout 30m", { ...none, hours: 0.5 }],
    ["--timeout=2h", { ...none, hours: 2 }],
    ["--timeout 1h30m", { ...none, hours: 1.5 }],
    ["--timeout 2 hours", { ...none, hours: 2 }],
    ["--budget 5 USD", { ...none, budgetUsd: 5 }],
    ["--budget US$5", { ...none, budgetUsd: 5 }],
    ["--budget 1 --max-agents 2 --base b", { ...none, budgetUsd: 1, maxAgents: 2, base: "b" }],
  ])("%s stands before or behind the task", (flags, expected) => {
    for (const body of [`/wf ${flags} fix it`, `/wf run ${flags} fix it`, `/wf fix it ${flags}`]) {
      expect(commandOf(body)).toMatchObject({ task: "fix it", flags: expected });
    }
  });

  it.each([
    ["--budgte $5", "there is no flag `--budgte`", "^there"],
    ["--budget", "`--budget` needs a value", ""],
    ["--budget --base main", "`--budget` needs a value", ""],
    ["--budget 0", "from $0.01 to $1000", ""],
    ["--budget 1001", "from $0.01 to $1000", ""],
    ["--budget -5", "from $0.01 to $1000", ""],
    ["--budget five", "from $0.01 to $1000", ""],
    ["--budget 1e3", "from $0.01 to $1000", ""],
    ["--max-agents 0", "a whole number from 1 to 1000", ""],
    ["--max-agents 1001", "a whole number from 1 to 1000", ""],
    ["--max-agents 1.5", "a whole number from 1 to 1000", ""],
    ["--base -x", "the name of a branch", ""],
    ["--base a..b", "the name of a branch", ""],
    ["--base a.lock", "the name of a branch", ""],
    ["--base refs/heads/x", "the name of a branch", ""],
    ['--base "a b"', "the name of a branch", ""],
    ["--base @{u}", "the name of a branch", ""],
    ["--budget 1 --budget 2", "`--budget` is given twice", ""],
    ['--base "main', "the quote opened here is never closed", ""],
    ["--budget 5€", "from $0.01 to $1000", ""],
    ["--failed", "`--failed` belongs to `retry`", ""],
    ["--timeout 1x30m", "a time from 1m to 24h with its unit", ""],
    ["--timeout 30", "a time from 1m to 24h with its unit", ""],
    ["--timeout 25h", "a time from 1m to 24h with its unit", ""],
    ["--no-pr=yes", "`--no-pr` takes no value", ""],
    ["--no-pr --pr draft", "`--pr` is given twice", ""],
    ["--pr link --no-pr", "`--no-pr` is given twice", ""],
    ["--dry-run=yes", "`--dry-run` takes no value", ""],
    ["--dry-run --dry-run", "`--dry-run` is given twice", ""],
    ["--constructor 1", "there is no flag `--constructor`", ""],
  ])("%s is a mistake with its place", (flags, what) => {
    const parsed = parseComment(`/workflow run fix it ${flags}`);
    if (parsed.kind !== "problem" || parsed.problem.kind !== "mistake") {
      throw new Error(JSON.stringify(parsed));
    }
    expect(parsed.problem.mistake.what).toContain(what);
    expect(parsed.problem.mistake.at).toBeGreaterThanOrEqual("/workflow run fix it ".length);
  });

  it("may be pairs in front of the task, and are prose behind it", () => {
    for (const line of ["/wf budget=$5 base=dev fix it", "/wf plan budget=$5 base=dev fix it"]) {
      expect(commandOf(line)).toMatchObject({
        task: "fix it",
        flags: { budgetUsd: 5, base: "dev" },
      });
    }
    expect(taskOf("/wf fix what base=dev does")).toBe("fix what base=dev does");
  });

  it("what if is for replay, and names what would be another", () => {
    expect(commandOf("/wf replay")).toEqual({ verb: "replay", run: null, capUsd: null });
    for (const typed of ["--what-if budget=5", "--what-if=budget=$5", "what-if=budget=5"])
      expect(commandOf(`/wf replay ${typed}`)).toMatchObject({ run: null, capUsd: 5 });
    expect(commandOf("/wf replay WF-0A1B2C3D4E --what-if budget=0.5")).toEqual({
      verb: "replay",
      run: "wf-0a1b2c3d4e",
      capUsd: 0.5,
    });
    for (const typed of ["replay the queue", "replay --budget 5", "replay --dry-run"])
      expect(parseComment(`/wf ${typed}`)).toMatchObject({ problem: { kind: "wrong-words" } });
    for (const typed of ["fix it --what-if budget=5", "run --what-if budget=5 fix it"])
      expect(parseComment(`/wf ${typed}`)).toMatchObject({
        problem: { kind: "mistake", mistake: { what: "`--what-if` belongs to `replay`" } },
      });
    expect(parseComment("/wf replay --what-if luck=9")).toMatchObject({
      problem: { kind: "mistake" },
    });
  });

  it("a dry run is a plan that waits", () => {
    for (const typed of ["--no-pr", "--pr link", "--pr=LINK"]) {
      const read = commandOf(`/wf fix it ${typed}`);
      expect(read).toMatchObject({ task: "fix it", flags: { pr: "link" } });
    }
    expect(commandOf("/wf pr=link fix it")).toMatchObject({ flags: { pr: "link" } });
    expect(commandOf("/wf fix the pr=link option")).toMatchObject({
      task: "fix the pr=link option",
    });
    expect(commandOf("/wf fix it --dry-run")).toMatchObject({ verb: "plan", task: "fix it" });
    expect(parseComment("/wf retry --dry-run")).toMatchObject({ problem: { kind: "wrong-words" } });
  });

  it("points at the very character, whatever stands before", () => {
    const parsed = parseComment('Hi!\n\n  /wf run --base "main fix');
    if (parsed.kind !== "problem" || parsed.problem.kind !== "mistake") throw new Error("fine?");
    const { line, mistake } = parsed.problem;
    expect(line[mistake.at]).toBe('"');
  });

  it.each([
    [
      "in inline code",
      "/workflow replace `git reset --hard` everywhere",
      "replace `git reset --hard` everywhere",
    ],
    ["behind a lone --", "/workflow run -- rename --foo to --bar", "rename --foo to --bar"],
    ["on a later line", "/workflow fix\n--foo is broken", "fix\n--foo is broken"],
    ["as a dash in prose", "/workflow fix it —really", "fix it —really"],
  ])("what looks like a flag %s is part of the task", (_, body, task) => {
    expect(taskOf(body)).toBe(task);
  });
});

describe("no text breaks the parser", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "/workflow",
      "/wf",
      " ",
      "\n",
      "\n\n",
      "> ",
      "- ",
      "```",
      "`",
      "---",
      "<details>",
    ),
    fc.constantFrom(
      "<!--",
      "-->",
      "--budget",
      "--base",
      '"',
      "“",
      "[",
      "](",
      "|",
      "~~",
      "*",
      "\t",
      "\r",
    ),
    fc.constantFrom(
      "\u200b",
      "\u202e",
      "\ud800",
      "\u0000",
      "👩‍💻",
      "run",
      "cancel",
      "$5",
      "[^1]:",
      "<b>",
    ),
    fc.string({ unit: "binary", maxLength: 8 }),
  );

  it("whatever it is made of", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const parsed = parseComment(pieces.join(""));
        const commands = parsed.kind === "commands" ? parsed.commands : [];
        for (const { command } of commands) {
          const task = command.verb === "run" ? command.task : "-";
          expect(task.trim()).not.toBe("");
          expect(task).not.toMatch(/\r/u);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each(
    [
      [">", "> ", "+ ", "1. ", "> + ", "- ", "[^a]: ", "+\t", ">- x"],
      ["[", "![", "[a](", "*a ", "*a _b ", "**a *", "_a_", "~", "~~a ", "`", "`` ` ", "\\"],
      [
        "<",
        "<b>",
        "<!--",
        "<details>\n\n",
        "&",
        "&amp;",
        "| ",
        "|\n",
        "www.",
        "http://a",
        "a@b.c ",
      ],
      ["[a]: x\n", "/wf ", "/wf\n", "---\n", "a\n", "\n", "(", "# ", "\u200b"],
    ].flat(),
  )("nor %j, repeated to GitHub's full size", (text) => {
    const body = text.repeat(70_000 / text.length);
    expect(["nothing", "commands", "problem"]).toContain(
      parseComment(`/workflow fix it\n\n${body}\n/wf x`).kind,
    );
  });
});
