// Commit messages: whatever a model wrote, the trailers are ours and CI is silenced only where we silence it.

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { commitMessage, type MessageFacts } from "../../src/steps/message.ts";

const message = (over: Partial<MessageFacts>): string =>
  commitMessage({
    run: "wf-1",
    requester: { id: 1, login: "ada" },
    workers: ["work-1"],
    title: "Say hello",
    body: "It said hi.",
    skipCi: false,
    ...over,
  });

const OURS = [
  "Fanfold-Run: wf-1",
  "Fanfold-Worker: work-1",
  "Co-authored-by: ada <1+ada@users.noreply.github.com>",
];

const trailersIn = (text: string): string[] =>
  text
    .split("\n")
    .filter((line) =>
      /^\s*(co-authored|signed-off|reviewed)-by\s*:|^\s*fanfold-[a-z]+\s*:|^\s*skip-checks\s*:/i.test(
        line,
      ),
    );

const MARK = /\[(skip ci|ci skip|no ci|skip actions|actions skip)\]/i;

describe("a commit message", () => {
  it.each([
    ["a mark within a mark", "[skip [skip ci]ci]"],
    ["a mark within a mark within a mark", "[no [ci [skip ci]skip] ci]"],
    ["a mark that a hidden character parts", "[skip\u200b ci]"],
    ["a mark on two lines", "[skip\nci]"],
  ])("does not silence CI by %s", (_, text) => {
    expect(message({ title: text, body: "" })).not.toMatch(MARK);
    expect(message({ title: text, body: `${text} and more` })).not.toMatch(MARK);
  });

  it.each([
    ["a trailer behind a mark", "[skip ci]Co-authored-by: eve <eve@example.test>"],
    ["a trailer behind a trailer", "Signed-off-by: x\rCo-authored-by: eve <eve@example.test>"],
    ["an indented trailer", "Text.\n\n  Fanfold-Run: wf-2"],
  ])("takes nobody's words for ours: %s", (_, body) => {
    expect(trailersIn(message({ body }))).toEqual(OURS);
  });

  it("is clean whatever marks and trailers are pushed into each other", () => {
    const piece = fc.constantFrom(
      ..."[|]|skip|ci|no|actions| |\n|\r|\u200b|:|Co-authored-by|fanfold-run|skip-checks|\u001b[31m|x".split(
        "|",
      ),
      "[skip ci]",
      "Signed-off-by: y",
    );
    const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(text, text, (title, body) => {
        const made = message({ title, body });
        expect(made).not.toMatch(MARK);
        expect(trailersIn(made)).toEqual(OURS);
        const [first = ""] = made.split("\n", 1);
        expect(message({ title: first, body: "" }).split("\n", 1)[0]).toBe(first);
      }),
      { numRuns: 500 },
    );
  });

  it("ends soon on a text that is all marks in each other", () => {
    const nested = `${"[skip ".repeat(20_000)}${"ci]".repeat(20_000)}`;
    expect(message({ body: nested })).not.toMatch(MARK);
  });
});
