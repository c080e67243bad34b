// What a final pull request may not change, and what only after a person's word, held against real trees.

import { describe, expect, test } from "vitest";
import { z } from "zod";

import { reasonsToAsk, twinReasons } from "../../src/runs/ask-first.ts";
import { twinsIn } from "../../src/runs/final-guards.ts";
import { protectedIn } from "../../src/runs/final-line.ts";
import { defaultSettings } from "../../src/settings/effective.ts";
import { attacksOf } from "../attacks/load.ts";
import { AT, AUTHOR, commitOf, type Content, openBench } from "../repo/kit.ts";

/** What differs after these files were put, or removed, by somebody who asked no gate. */
async function countsOf(
  before: Readonly<Record<string, Content>>,
  after: Readonly<Record<string, Content | null>>,
) {
  await using bench = await openBench(before);
  const { hub, mirror, base } = bench;
  hub.commit("main", after);
  const head = (await mirror.fetch("main")) ?? base;
  return await mirror.lineCounts(base, head);
}

const settings = defaultSettings;

describe("protected paths", () => {
  for (const { id, expected, input } of attacksOf("protected.jsonl", "tree_diff_is_truth")) {
    test(`${id}: ${expected}`, async () => {
      const { patch } = z.object({ patch: z.string() }).parse(input);
      const named = ["src/ok.ts", ".github/workflows/ci.yml"];
      const before = Object.fromEntries(named.map((path) => [path, "x\n"]));
      // A text that claims to be a patch of a protected file changes none, and one that does not claim it does.
      expect(protectedIn({ settings }, await countsOf(before, { "src/ok.ts": patch }))).toEqual([]);
      const hidden = { "src/ok.ts": patch, ".github/workflows/ci.yml": "y\n" };
      expect(protectedIn({ settings }, await countsOf(before, hidden))).toEqual([
        ".github/workflows/ci.yml",
      ]);
    });
  }

  test("are looked for on both sides of a move, and where the repository asks for more of them", async () => {
    const [inside, outside] = [".github/workflows/x.yml", "src/x.yml"];
    const text = "on: push\n".repeat(20);
    const into = await countsOf({ [outside]: text }, { [outside]: null, [inside]: text });
    const out = await countsOf({ [inside]: text }, { [inside]: null, [outside]: text });
    expect(protectedIn({ settings }, into)).toEqual([inside]);
    expect(protectedIn({ settings }, out)).toEqual([inside]);
    const more = { ...settings, "paths.protected": ["src/**"] };
    expect(protectedIn({ settings: more }, into)).toEqual([inside, outside]);
  });
});

/** A tree as a case describes it: so many files, or a binary one. */
function filesOf(input: unknown): Record<string, Content> {
  const { diff_files: files = 0, ...binary } = z
    .object({
      diff_files: z.int().optional(),
      binary_blob: z.literal(true).optional(),
      ext: z.string().optional(),
    })
    .parse(input);
  const found: Record<string, Content> = {};
  for (let at = 0; at < files; at++) found[`f${at}.txt`] = "x\n";
  if (binary.binary_blob === true) found[`blob${binary.ext}`] = Buffer.from([0, 97, 0]);
  return found;
}

describe("a person is asked before a final pull request", () => {
  for (const { id, expected, input } of attacksOf("protected.jsonl", "diff_limits")) {
    // Not refused for good, as the case has it: nothing is opened until somebody has said yes.
    test(`${id}: ${expected}`, async () => {
      const counts = await countsOf({ "README.md": "x\n" }, filesOf(input));
      expect(reasonsToAsk(counts, settings)).toHaveLength(1);
    });
  }

  for (const { id, expected, input } of attacksOf("protected.jsonl", "manifest_change_holds_ci")) {
    test(`${id}: ${expected}`, async () => {
      const { path } = z.object({ path: z.string() }).parse(input);
      const counts = await countsOf({ [path]: "{}\n" }, { [path]: "{ }\n" });
      expect(reasonsToAsk(counts, settings).join()).toContain(path);
      expect(reasonsToAsk(counts, { ...settings, "approval.manifests": false })).toEqual([]);
    });
  }

  test("not because files got other names, however long they are, and whatever they hold", async () => {
    const long = "a line\n".repeat(500);
    const picture = Buffer.from([0, 1, 0]);
    const counts = await countsOf(
      { "a/long.txt": long, "a/pic.png": picture, "a/edited.txt": "1\n2\n3\n" },
      {
        "a/long.txt": null,
        "a/pic.png": null,
        "a/edited.txt": null,
        "b/long.txt": long,
        "b/pic.png": picture,
        "b/edited.txt": "1\n2\n4\n",
      },
    );
    expect(counts.map(({ path }) => path)).toHaveLength(6);
    expect(reasonsToAsk(counts, { ...settings, "limits.lines": 6 })).toEqual([]);
    expect(reasonsToAsk(counts, { ...settings, "limits.lines": 5 })).toHaveLength(1);
  });

  test("when changes that fold cleanly leave two names for one file of many disks", async () => {
    await using bench = await openBench({ "Docs/a.md": "x\n", "docs/A.md": "x\n" });
    const { mirror, base } = bench;
    const theirs = await Promise.all(
      ["src/New.ts", "src/new.ts", "src/other.ts"].map((path) =>
        commitOf(mirror, base, { [path]: `${path}\n`, "Docs/a.md": "y\n" }),
      ),
    );
    const changes = theirs.map((oid) => ({ theirs: oid, message: "m" }));
    const { results } = await mirror.foldAll({ ours: base, changes, author: AUTHOR, at: AT });
    const tip = results.map((each) => (each.kind === "folded" ? each.commit : "")).at(-1) ?? "";
    const counts = await mirror.lineCounts(base, tip);
    // The repository's own pair is its own affair.
    const twins = await twinsIn(mirror, { tip, counts });
    expect(twins).toEqual([{ path: "src/New.ts", twin: "src/new.ts" }]);
    expect(twinReasons(twins).join()).toContain("`src/New.ts` and `src/new.ts`");
  });

  test("says what is beyond which limit, and nothing of what is within", async () => {
    const counts = await countsOf(
      { "gone.png": Buffer.from([0, 1, 0]), "a.txt": "1\n2\n3\n" },
      { "gone.png": null, "a.txt": "1\n", "b.txt": "x\n" },
    );
    const at = (files: number, lines: number) =>
      reasonsToAsk(counts, { ...settings, "limits.files": files, "limits.lines": lines });
    // A picture that is removed is a file; nobody has to read it.
    expect(at(3, 3)).toEqual([]);
    expect(at(2, 2)).toEqual([
      "3 files (`limits.files`: 2)",
      "1 line added and 2 removed (`limits.lines`: 2)",
    ]);
  });
});
