// Rows of real diffs: names, numbers and threads' lines must stay right whatever a file holds.

import { symlink, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";

import { expect, it } from "vitest";

import { type FileDiff, fileDiffs, hunkRows } from "../../../src/local/github/pages/diff.ts";
import { rawDiff } from "../../../src/local/github/pages/git.ts";
import { openVillage } from "./village.ts";

const rowsOf = (file: FileDiff | undefined) =>
  (file?.rows ?? []).map((row) => [row.kind, row.text]);

it("keeps each file's rows with its name when one changes its kind, another its name, a third holds a patch", async () => {
  await using village = await openVillage();
  const { gitDir } = village.repository;
  const long = Array.from({ length: 20 }, (_, index) => `line ${index}\n`).join("");
  await village.commit("main", {
    message: "one",
    files: { "a.txt": "a\n", "b c.txt": long, "patch.txt": "one\n", "z.txt": "-- z\n" },
  });
  await unlink(join(dirname(gitDir), "a.txt"));
  await symlink("z.txt", join(dirname(gitDir), "a.txt"));
  const head = await village.commit("main", {
    message: "two",
    files: {
      "b c.txt": null,
      "b d.txt": `${long}more\n`,
      "patch.txt": "one\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\rdiff --git a/y b/y\n",
      "z.txt": "++ z",
    },
  });
  const diff = fileDiffs(await rawDiff(gitDir, `${head}~1`, head));
  const [kind, renamed, patch, marks] = diff;
  expect(diff).toHaveLength(4);
  expect(rowsOf(kind)).toContainEqual(["removed", "a"]);
  expect(rowsOf(kind)).toContainEqual(["added", "z.txt"]);
  expect(renamed).toMatchObject({ path: "b d.txt", previousPath: "b c.txt", status: "renamed" });
  expect(renamed).toMatchObject({ additions: 1, deletions: 0 });
  expect(patch?.rows.at(-1)).toMatchObject({ kind: "added", right: 5 });
  expect(patch).toMatchObject({ path: "patch.txt", additions: 4 });
  expect(rowsOf(marks)).toEqual([
    ["hunk", "@@ -1 +1 @@"],
    ["removed", "-- z"],
    ["added", "++ z"],
    ["note", "No newline at end of file"],
  ]);
});

it("shows the last lines of the hunk a comment carries", () => {
  const rows = hunkRows("@@ -1,9 +1,9 @@\n 1\n 2\n 3\n-4\n+four");
  expect(rows.map(({ text }) => text)).toEqual(["2", "3", "4", "four"]);
  expect(hunkRows("")).toEqual([]);
});
