// Texts as GitHub would show them, and texts made to keep the server busy.

import { describe, expect, it } from "vitest";

import type { Html } from "../../../src/local/github/pages/html.ts";
import { commentHtml, documentHtml } from "../../../src/local/github/pages/markdown.ts";

const home = { owner: "o", name: "r", private: true, defaultBranch: "main", gitDir: "" };

const shown = async (html: Html): Promise<string> => (await html).toString();

it("ends a line where a comment ends it, but not where a file does", async () => {
  expect(await shown(commentHtml(home, "before: a\nafter: b"))).toMatch(/before: a<br>\s*after: b/);
  expect(await shown(documentHtml(home, "before: a\nafter: b"))).not.toContain("<br>");
  expect(await shown(commentHtml(home, "`a\nb`\n\n```\nc\nd\n```"))).not.toContain("<br>");
});

describe("a text that would keep the parser busy or overflow its stack", () => {
  const bad = {
    quotes: ">".repeat(60_000),
    lists: `${"- ".repeat(500)}x\n`.repeat(50),
    numbers: "1. ".repeat(3_000),
    elements: "<b>".repeat(20_000),
    emphasis: "*a_ ".repeat(16_000),
    length: "word\n".repeat(20_000),
  };
  it.each(Object.entries(bad))("is shown as it is: %s", async (_name, text) => {
    const found = await shown(commentHtml(home, text));
    expect(found).toMatch(/^<pre>/);
    expect(found).not.toContain("<b>");
  });
});
