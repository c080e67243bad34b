// Characters nobody sees: dropped from prose, shown in code, kept where they make an emoji.

import { expect, it } from "vitest";

import { dropInvisible, showInvisible } from "../../src/agent/code-points.ts";

it.each([
  ["tags", "a\u{E0049}\u{E0067}b"],
  ["selectors of the supplement", "a\u{E0100}b"],
  ["text selectors after a letter", "a\uFE0F\uFE0Eb"],
  ["a joiner between letters", "a\u200Db"],
  ["fillers", "a\u3164\u115F\u2800b"],
  ["control characters", "a\u0000\u0008\u007F\u0085b"],
  ["byte order marks", "\uFEFFab"],
  ["colours of a terminal", "\u001b[31ma\u001b]0;title\u0007b"],
])("drops %s", (_name, text) => {
  expect(dropInvisible(text).text).toBe("ab");
  expect(dropInvisible(text).removed).toBeGreaterThan(0);
});

it("keeps emoji and what they are made of, and nothing smuggled behind them", () => {
  const family = "👩‍👩‍👧 ❤️ ☎︎ 1️⃣ 🏳️‍🌈 👍🏽";
  expect(dropInvisible(family)).toEqual({ text: family, removed: 0 });
  expect(showInvisible(family)).toEqual({ text: family, shown: 0 });
  expect(dropInvisible("❤\uFE0F\uFE0E\uFE0F\uFE0E")).toEqual({ text: "❤\uFE0F", removed: 3 });
});

it("keeps lines and tabs, and makes one kind of line end in prose", () => {
  expect(dropInvisible("a\r\nb\rc\td\n").text).toBe("a\nb\nc\td\n");
});

it("shows in code where the eye would be deceived, and leaves line ends alone", () => {
  expect(showInvisible("/*\u202e } \u2066if\u2069*/\r\n")).toEqual({
    text: "/*<U+202E> } <U+2066>if<U+2069>*/\r\n",
    shown: 3,
  });
  expect(showInvisible("\u{E0041}").text).toBe("<U+E0041>");
});
