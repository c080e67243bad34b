import { expect, it } from "vitest";

import { readPatch } from "../../../src/local/model/patch.ts";
import { renderDiff } from "../../../src/repo/diff-text.ts";

it("reads the diff as the bot shows it to reviewers, with a number in front of each line", () => {
  const text = renderDiff(
    [
      {
        path: "a.js",
        oldPath: null,
        status: "modified",
        binary: false,
        modes: { old: "100644", new: "100644" },
        additions: 1,
        deletions: 1,
        hunks: [
          {
            header: "@@ -7,3 +7,3 @@",
            lines: [
              { kind: "context", oldLine: 7, newLine: 7, text: "  8 +not a number" },
              { kind: "removed", oldLine: 8, newLine: null, text: "old" },
              { kind: "added", oldLine: null, newLine: 8, text: "new" },
              { kind: "context", oldLine: 9, newLine: 9, text: "end" },
            ],
          },
        ],
      },
    ],
    { maxCharacters: 10_000 },
  );
  expect(readPatch(text)).toEqual([
    {
      path: "a.js",
      lines: [
        { kind: "same", oldLine: 7, newLine: 7, text: "  8 +not a number" },
        { kind: "removed", oldLine: 8, newLine: 8, text: "old" },
        { kind: "added", oldLine: 9, newLine: 8, text: "new" },
        { kind: "same", oldLine: 9, newLine: 9, text: "end" },
      ],
    },
  ]);
});
