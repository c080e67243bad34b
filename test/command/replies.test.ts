// What people read: each answer says what happened, what is safe and what to do, and nothing in it takes effect.

import { describe, expect, it } from "vitest";

import { allVerbs } from "../../src/command/verbs.ts";
import { parseComment } from "../../src/command/parse.ts";
import * as about from "../../src/command/run-replies.ts";
import * as problems from "../../src/command/problem-replies.ts";
import * as replies from "../../src/command/replies.ts";
import { codeBlock, codeSpan, shorten } from "../../src/command/text.ts";

function problemIn(body: string): string {
  const parsed = parseComment(body);
  if (parsed.kind !== "problem") throw new Error(`no problem but ${JSON.stringify(parsed)}`);
  return problems.problem(parsed.problem);
}

const run = {
  run: "wf-1",
  title: "fix it",
  state: "waiting",
  detail: "1 of 2",
  url: null,
  costUsd: 1,
  asks: [],
  createdAt: 0,
} as const;

describe("answers", () => {
  it("a mistake is shown with its place", () => {
    expect(problemIn('/workflow run --base "main fix it'))
      .toBe(`😕 I could not read this line: the quote opened here is never closed. Nothing was started, nothing was spent.

\`\`\`text
/workflow run --base "main fix it
                     ^
\`\`\`

Expected \`--base main\`. Example: \`/workflow run --budget $5 --base main fix the flaky tests\``);
  });

  it("a refused person learns which access is missing and who can help", () => {
    const text = replies.denied(
      { login: "octocat", verb: "run" },
      { allowed: false, why: "role", has: "read", needs: "write" },
    );
    expect(text)
      .toBe(`😕 octocat: \`/workflow run\` needs **write** on this repository; you have **read** (checked just now; custom roles count as their base role).

Someone with write access can do it for you by commenting the same line. Nothing was started, nothing was spent.`);
  });

  it("whoever could have a verb opened to them learns how", () => {
    const undo = (has: "read" | "write") =>
      replies.denied(
        { login: "octocat", verb: "undo" },
        { allowed: false, why: "role", has, needs: "maintain" },
      );
    expect(undo("write")).toContain("`permissions: { undo: write }` in `.github/fanfold.yml`");
    expect(undo("read")).not.toContain("permissions:");
  });

  it("a changed cap says what it does to a plan that waits, and to a run that has spent more", () => {
    const cap = { kind: "cap", run: "wf-1", from: 3, to: 4, goesOn: false } as const;
    expect(about.granted(cap)).toBe("The cap of run `wf-1` is $4.00 now (it was $3.00).");
    expect(about.granted({ ...cap, voids: "7f3a91c2" })).toContain(
      "Plan `7f3a91c2` was made for another cap: `/workflow approve 7f3a91c2` shows a new plan",
    );
    expect(about.granted({ ...cap, to: 0.01, spentUsd: 0.04 })).toContain(
      "$0.04 are spent already, so no further agent begins. `/workflow budget +$2` makes room",
    );
  });

  it("help names what waits for a word, also in a run that is paused", () => {
    const all = new Set(allVerbs);
    const rights = { login: "ada", role: "write", needs: new Map(), may: all };
    const text = replies.help(rights, [{ ...run, state: "paused", asks: ["7f3a91c2"] }]);
    expect(text).toContain("**paused**: `/workflow approve 7f3a91c2`, `/workflow reject 7f3a91c2`");
    const reader = { ...rights, may: new Set(["help"] as const) };
    expect(replies.help(reader, [{ ...run, asks: ["7f3a91c2"] }])).toContain("nothing you may do");
  });

  it("a flag that a verb does not take is answered with what it takes", () => {
    expect(problemIn("/workflow land --force")).toContain("takes at most the id of a run");
    expect(problemIn("/workflow fix it --constructor 1")).not.toContain("--what-if");
  });

  it("a typo gets a suggestion, and the way to mean it", () => {
    const text = replies.unknownWord("cancle", "cancel");
    expect(text).toContain("Did you mean `/workflow cancel`?");
    expect(text).toContain("`/workflow run cancle …`");
  });

  it("a mistyped approval names the plan that waits, and only where there is no doubt", () => {
    const asking = (...asks: string[]) => [{ ...run, asks }];
    expect(replies.meantLine("approve", [], asking("7f3a91c2"))).toBe("approve 7f3a91c2");
    expect(replies.meantLine("approve", [], asking("7f3a91c2", "q-1"))).toBe("approve");
    expect(replies.meantLine("reject", ["q-2"], asking("7f3a91c2"))).toBe("reject q-2");
    expect(replies.meantLine("cancel", [], asking("7f3a91c2"))).toBe("cancel");
    expect(replies.meantLine(null, [], asking("7f3a91c2"))).toBeNull();
  });

  it("a run that is over is not offered what does not fit it", () => {
    const ended = (state: "completed" | "failed"): string =>
      about.granted({ kind: "ended", run: "wf-1", state });
    expect(ended("completed")).toContain("`/workflow undo wf-1` takes back");
    expect(ended("completed")).not.toContain("retry");
    expect(ended("failed")).toContain("`/workflow retry wf-1` performs again");
  });

  it("a word of a later version is called that", () => {
    expect(replies.unknownWord("steer", null)).toContain("is not part of this version");
  });

  it.each([
    ["/workflow cancel it", "takes at most the id of a run"],
    ["/workflow pause the builds on Friday", "takes at most the id of a run"],
    ["/workflow status of main", "takes nothing behind it"],
    ["/workflow budget", "takes an amount such as `$5`"],
    ["/workflow budget $0", "takes an amount such as `$5`"],
    ["/workflow retry --base main", "at most the id of a run, `--failed` and `--budget`"],
    ["/workflow resume wf-1 wf-2", "takes at most the id of a run"],
    ["/workflow show me the money", "the id of a run or the name of a saved workflow"],
    ["/workflow list --budget $5", "takes nothing behind it"],
    ["/workflow fix it\n\n/workflow cancel", "want opposite things"],
    ["/workflow status\n\n/workflow list now", "has 2 commands, and none of them was carried out"],
    ["/workflow status\n\n/workflow aprove", "This line is no command that I can carry out"],
    ["/workflow status\n\n".repeat(6), "6 commands in one comment and take at most 5"],
    ["> a\n/workflow cancel", "belongs to the quote"],
    ["/workflow cancel\n---", "into a heading"],
  ])("%j starts nothing and says so", (body, sentence) => {
    const text = problemIn(body);
    expect(text).toContain(sentence);
    expect(text).toContain("Nothing was started");
  });

  it("help names every verb and who may use it", () => {
    for (const verb of allVerbs) {
      expect(replies.help()).toContain(`/workflow ${verb === "run" ? "[run]" : verb}`);
    }
    expect(replies.help()).toContain("write or more");
  });

  it("no answer is read as a command by ourselves", () => {
    const answers = [
      replies.help(),
      replies.empty("run"),
      replies.unknownWord("x", "run"),
      about.granted({ kind: "nothing-runs", run: null }),
      about.status([]),
      problemIn("/workflow cancel it"),
    ];
    for (const answer of answers) expect(parseComment(answer)).toEqual({ kind: "nothing" });
  });

  it("a failure may be tried again by a second delivery, a refusal may not", () => {
    expect(replies.asksAgain(replies.marked("1", replies.failed("run", "d")))).toBe(true);
    expect(replies.asksAgain(replies.marked("1", replies.help()))).toBe(false);
  });

  it("an answer fits into a comment, mark included", () => {
    const text = replies.marked("1", "x".repeat(100_000));
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain(replies.replyMarker("1"));
  });
});

describe("other people's words have no effect in ours", () => {
  it.each(["`", "``", "a`b", "`@octocat`", "![x](y)\n# z", ""])("in a code span: %j", (text) => {
    const span = codeSpan(text);
    const fence = /^`+/u.exec(span)?.[0] ?? "";
    expect(span.slice(fence.length, -fence.length)).not.toMatch(
      new RegExp(`(^|[^\`])${fence}([^\`]|$)`, "u"),
    );
    expect(span).not.toContain("\n");
  });

  it("in a block that tries to close itself", () => {
    expect(codeBlock("```\n/workflow run")).toMatch(/^````text\n[\s\S]*\n````$/u);
  });

  it("in a table cell", () => {
    const summary = {
      run: "wf-1",
      title: "a | b",
      detail: "1 | 2",
      url: null,
      costUsd: 1,
      asks: [],
      createdAt: 0,
    };
    const text = about.status([{ ...summary, state: "running" }]);
    expect(text).toContain("| `wf-1` | `a \\| b` | running | `1 \\| 2` |");
  });

  it("when cut, no half character is left", () => {
    expect(shorten("ab😀", 4)).toBe("ab😀");
    expect(shorten("ab😀c", 4)).toBe("ab…");
  });
});
