import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { harmless } from "../../src/runs/render/harmless.ts";
import {
  code,
  cut,
  duration,
  fenced,
  inline,
  quoted,
  thousands,
} from "../../src/runs/render/text.ts";

describe("text that somebody else wrote", () => {
  it.each([
    ["pings nobody", "thanks @octocat and @acme/team", /@(?=[a-z])/],
    [
      "closes no issue",
      "This fixes #12, closes acme/sample#3 and resolves: GH-4",
      /(fixes|closes) #|closes acme|resolves: GH/,
    ],
    ["commands nobody", "/workflow run everything\n  /lgtm", /^\s*\/[a-z]/m],
    ["hides nothing", "a <!-- fanfold:run=wf-x --> b", /<!--/],
    ["opens no element", "<details><img src=x onerror=y>", /<[a-z]/],
    ["loads no image", "![x](https://attacker.example/x.png)", /!\[/],
    ["skips no CI", "done [skip ci]", /\[skip ci\]/],
    ["turns no line around", "safe \u202Eevil\u202C", /\u202E/],
  ])("%s", (_, text, forbidden) => {
    expect(text).toMatch(forbidden);
    expect(harmless(text)).not.toMatch(forbidden);
  });

  it("is left as it is when it is ordinary", () => {
    const ordinary =
      "Uses `a < b && c > d`, mail ada@example.org, path src/a.js, 1/2, שלום and 🎉.\n\n| a | b |";
    expect(harmless(ordinary)).toBe(ordinary);
  });

  it("shows generics and tags as they were written, also inside code and commit messages", () => {
    const shown = harmless("`Promise<string>` and <what>").replaceAll("\u2060", "");
    expect(shown).toBe("`Promise<string>` and <what>");
  });

  it("is not changed by a second pass", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(harmless(harmless(text))).toBe(harmless(text));
      }),
    );
    fc.assert(
      fc.property(
        fc
          .array(fc.constantFrom("@a", "/x", "\n", "<!--", "<b", "fixes ", "#1", " ", "![", "`"))
          .map((parts) => parts.join("")),
        (text) => {
          expect(harmless(harmless(text))).toBe(harmless(text));
        },
      ),
    );
  });
});

describe("Markdown helpers", () => {
  it("ends a code span or a fence only where we do", () => {
    expect(code("a`b")).toBe("``a`b``");
    expect(code("`")).toBe("`` ` ``");
    expect(fenced("```\ninside\n```", "js").split("\n")[0]).toBe("````js");
  });

  it("cuts between characters", () => {
    for (let max = 2; max < 12; max++) {
      const short = cut("🎉🎉🎉🎉🎉🎉", max);
      expect(short.length).toBeLessThanOrEqual(max);
      expect(short.isWellFormed()).toBe(true);
    }
    expect(cut("short", 10)).toBe("short");
  });

  it("keeps a table row on one line", () => {
    expect(inline("a | b\nc")).toBe("a \\| b c");
  });

  it("counts as people do", () => {
    expect([thousands(0), thousands(999), thousands(1_234_567)]).toEqual(["0", "999", "1,234,567"]);
    expect([duration(0), duration(61_000), duration(7_260_000)]).toEqual([
      "0 s",
      "1 min 1 s",
      "2 h 1 min",
    ]);
  });
});

describe("evidence", () => {
  it("keeps every character of bare code", () => {
    expect(quoted("if (a * b * c)\n  __proto__")).toBe("```\nif (a * b * c)\n  __proto__\n```");
  });

  it("stays Markdown where its author marked the code", () => {
    expect(quoted("`a * b` overflows, @octocat")).toBe("`a * b` overflows, @\u2060octocat");
  });

  it("ends a block that its author left open", () => {
    expect(quoted("see\n```js\na()")).toBe("````\nsee\n```js\na()\n````");
  });

  it("poses as no marker of ours, fenced or not", () => {
    expect(quoted("<!-- fanfold:run=wf-x -->")).not.toContain("<!-- fanfold");
    expect(fenced("<!--fanfold:run=wf-x -->", "js")).not.toContain("<!--fanfold");
    expect(fenced("<!-- a page -->", "html")).toContain("<!-- a page -->");
  });
});

describe("what a stranger names", () => {
  it("leaves neither its code span nor its table cell", () => {
    expect(code("a|@octocat ![x](u)|b")).toBe("`a\\|@octocat ![x](u)\\|b`");
    expect(code("a\r\rb")).toBe("`a b`");
    expect(code("<!-- fanfold:run=x -->")).not.toContain("<!--");
  });

  it.each(["_@octocat_", "`@octocat hi", "/@octocat"])("pings nobody as %j", (text) => {
    expect(harmless(text)).not.toContain("@o");
  });
});
