// The final pull request: its commits, what happens when the base moves meanwhile, and when a person is asked before it is opened.

import { describe, expect, it } from "vitest";
import { z } from "zod";

import { ForgeError } from "../../src/world/forge-error.ts";
import { type Actor, playedBy } from "./actors.ts";
import { openStage, type Stage } from "./stage.ts";

const SCRIPT = `export const meta = { name: 'edit', description: 'Edits' }
const made = await parallel(args.map((edit) => () => change('Write ' + JSON.stringify(edit), { label: edit.path })))
for (const one of made) await review(one, { reviewers: 1, lenses: ['correctness'] })
return (await combine(made)).combined.length
`;

const TEN = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n";
const FILES = {
  "README.md": "numbers\n",
  "ten.txt": TEN,
  "ci/build.yml": "steps:\n  - one\n  - two\n  - three\n  - four\n  - five\n",
  ".claude/workflows/edit.js": SCRIPT,
};

const TEMPLATE =
  "<!-- Say what it does. -->\n### Checklist\n\n- [ ] I asked @owners\n<!-- fanfold:run=wf-0 -->\n";

/** Without `find` the file is written anew. */
const Edit = z.object({ path: z.string(), find: z.string().optional(), text: z.string() });
type Edit = z.infer<typeof Edit>;

const worker: Actor = ({ task, turn }) => {
  const edit = Edit.parse(JSON.parse(/Write (\{.*\})/.exec(task)?.[1] ?? ""));
  if (turn > 0) return { finish: { summary: `Edit ${edit.path}` } };
  const { path, find, text } = edit;
  return find === undefined
    ? { tools: [{ name: "write_file", input: { path, content: text } }] }
    : {
        tools: [
          { name: "read_file", input: { path } },
          { name: "edit_file", input: { path, find, replace: text } },
        ],
      };
};

const EDITS: Edit[] = [
  { path: "ten.txt", find: "1\n2\n3\n", text: "one\n2\n3\n" },
  { path: "new.txt", text: "new\n" },
];

const finalOf = ({ github }: Stage) => github.pulls.find(({ head }) => head.endsWith("/result"));

interface Plot {
  edits?: readonly Edit[];
  settings?: string;
  files?: Readonly<Record<string, string>>;
  /** Happens before the run. */
  prepare?: (stage: Stage) => Promise<void>;
  /** Happens when the workers are done and nothing is published yet. */
  meanwhile?: (stage: Stage) => Promise<void>;
  /** What GitHub does not let the App do. */
  forbidden?: string;
}

async function played({ edits = EDITS, settings = "", files = {}, ...plot }: Plot) {
  const { prepare, meanwhile, forbidden } = plot;
  let isDone = false;
  const seen: { stage: Stage | null } = { stage: null };
  const reviewer: Actor = async () => {
    if (!isDone && seen.stage !== null) await meanwhile?.(seen.stage);
    isDone = true;
    return { finish: { verdict: "accept", findings: [] } };
  };
  const trusting = `approval:\n  trusted: [edit]\n${settings}`;
  const stage = await openStage({
    files: { ...FILES, ...files, ".github/fanfold.yml": trusting },
    model: playedBy({ worker, reviewer }),
    before: (operation) => {
      if (operation === forbidden) throw new ForgeError("forbidden", "The App may not do that.");
    },
  });
  seen.stage = stage;
  await prepare?.(stage);
  await stage.post(`/workflow edit ${JSON.stringify(edits)}`);
  await stage.settle();
  const head = finalOf(stage)?.head ?? "";
  const subjects = async (range: string): Promise<string[]> =>
    (await stage.git("log", "--format=%s", range)).split("\n");
  return { stage, head, subjects, body: finalOf(stage)?.body ?? "" };
}

/** A program and a link among the files. */
async function withModes(stage: Stage): Promise<void> {
  const git = (...args: string[]): Promise<string> => stage.git(...args);
  await git("read-tree", "main");
  const oid = await git("rev-parse", "main:ten.txt");
  for (const [mode, path] of [
    ["100755", "ten.txt"],
    ["120000", "link"],
  ]) {
    await git("update-index", "--add", "--cacheinfo", `${mode},${oid},${path}`);
  }
  const tree = await git("write-tree");
  const commit = await git("commit-tree", tree, "-p", "main", "-m", "Modes");
  await git("update-ref", "refs/heads/main", commit);
}

describe("the commits of the final pull request", () => {
  it("are one for each change, and a single one for `squash`, with every change named and modes kept", async () => {
    const each = await played({ prepare: withModes });
    await using _each = each.stage;
    expect((await each.subjects(`main..${each.head}`)).toSorted()).toEqual([
      "Edit new.txt",
      "Edit ten.txt",
    ]);
    expect(finalOf(each.stage)).toMatchObject({ labels: ["fanfold"], assignees: ["ada"] });
    const squash = "pull:\n  commits: squash\n  labels: [bot]\n";
    const one = await played({ prepare: withModes, settings: squash, forbidden: "mark" });
    await using _one = one.stage;
    expect(one.stage.said()[0]).toMatch(/✅ Completed.*has no labels \(`bot`\).*may not do that/s);
    expect(await one.subjects(`main..${one.head}`)).toEqual(["Do what was asked"]);
    const message = await one.stage.git("log", "-1", "--format=%B", one.head);
    expect(message.match(/^Fanfold-Worker: .+$/gm)).toHaveLength(2);
    expect(message).toContain("Co-authored-by: ada");
    expect(message).not.toContain("[skip ci]");
    const listed = ({ stage, head }: typeof one) =>
      stage.git("ls-tree", head, "ten.txt", "new.txt", "link");
    expect(await listed(one)).toBe(await listed(each));
    expect(await listed(one)).toMatch(/^120000 .*\tlink\n100644 .*\tnew.txt\n100755 .*\tten.txt$/);
  });
});

describe("a base that moved while the run was at work", () => {
  it("carries the result on top, and thread and pull request say which files met", async () => {
    const { stage, head, body, subjects } = await played({
      files: { ".github/pull_request_template.md": TEMPLATE },
      meanwhile: (now) => now.push({ "ten.txt": TEN.replace("10\n", "ten\n"), "other.txt": "o\n" }),
    });
    await using _stage = stage;
    expect((await subjects(`main..${head}`)).toSorted()).toEqual(["Edit new.txt", "Edit ten.txt"]);
    const text = await stage.git("show", `${head}:ten.txt`);
    expect(text).toMatch(/^one\n.*\nten$/s);
    expect(await stage.git("show", `${head}:other.txt`)).toBe("o");
    // Every commit of it, not only the last one, holds what the base holds by now.
    expect(await stage.git("show", `${head}~1:other.txt`)).toBe("o");
    for (const said of [body, stage.said()[0]]) {
      expect(said).toMatch(/`main` moved from `\w{12}` to `\w{12}` meanwhile/);
      expect(said).toContain("**folded on top**");
      expect(said).toContain("1 file touched by both sides, united by git: `ten.txt`");
    }
    expect(stage.said()[0]).toContain("✅ Completed");
    // The repository's own template comes first, without its hints and without a word that does something.
    expect(body).toMatch(
      /^<!-- fanfold:run=\S+ -->\n\n### Checklist\n\n- \[ \] I asked @\u2060owners\n\n---/,
    );
    expect(body.match(/^## .+$/gm)).toEqual([
      "## What & why",
      "## Changes",
      "## How it was verified",
      "## Reviews",
      "## Not done",
      "## Risk & undo",
    ]);
    expect(body).toContain("| the top folder | `new.txt`, `ten.txt` | +2 −1 |  |");
    expect(body).toMatch(/\| 2 of 2 parts accepted, 0 after a revision \| \[#\d+\]\(/);
    expect(body).toContain("| 2 | 0 (0 blocking) | 0 | 0 | 0 | **0** | 0 |");
    expect(body).toContain("- Nothing was left out.");
    expect(body).toMatch(/`\/workflow undo wf-\w+` in #1/);
    expect(body).toContain("Workers & provenance: 2 parts");
    // Each hunk has its worker, although the line was put on another commit.
    const shas = (await stage.git("log", "--format=%h", "--abbrev=12", `main..${head}`)).split(
      "\n",
    );
    for (const [place, lines] of [
      ["new.txt", 1],
      ["ten.txt", 2],
    ]) {
      const row = new RegExp(
        `\\| \`${place}\` 1 \\| ${lines} \\| ${place} \\(\\[#\\d+\\]\\([^)]+\\)\\) \\| accepted: correctness for \\| – \\| \`(\\w{12})\` \\|`,
      );
      expect(shas).toContain(row.exec(body)?.[1]);
    }
    const run = /wf-\w+/.exec(head)?.[0] ?? "";
    const file = await stage.git("show", `refs/fanfold/runs/${run}/state:provenance.json`);
    expect(JSON.parse(file)).toMatchObject({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ digest: { gitCommit: await stage.git("rev-parse", head) } }],
      predicate: {
        run,
        followed: true,
        hunks: [{ path: "new.txt" }, { path: "ten.txt", by: [{ lines: 2 }] }],
        changes: [{ verdict: "accepted" }, { verdict: "accepted" }],
      },
    });
    expect(body).toContain("for 5 agents");
    expect(body).toMatch(/<!-- fanfold:run=\S+ plan=[0-9a-f]{64} base=[0-9a-f]{40} -->$/);
  });

  it("and conflicts is left alone: the result stays where it was made, and says where they conflict", async () => {
    const { stage, head, body } = await played({
      meanwhile: (now) => now.push({ "ten.txt": TEN.replace("1\n2", "uno\n2") }),
    });
    await using _stage = stage;
    expect(await stage.git("show", `${head}:ten.txt`)).toMatch(/^one\n/);
    for (const said of [body, stage.said()[0]]) {
      expect(said).toContain("both sides **conflict** in `ten.txt`");
      expect(said).toContain("Merge `main` into it by hand");
    }
  });

  it("brings nothing back that was taken out of it by a forced push", async () => {
    const { stage, head, body } = await played({
      files: { "secret.txt": "a token\n" },
      meanwhile: async (now) => {
        await now.push({ "secret.txt": null }, "clean");
        const commit = await now.git("commit-tree", "clean^{tree}", "-m", "Begin again");
        await now.git("update-ref", "refs/heads/main", commit);
      },
    });
    await using _stage = stage;
    expect(body).toContain("`main` **was rewritten** (a forced push)");
    expect(body).toContain("**folded on top**");
    expect(await stage.git("ls-tree", "-r", "--name-only", head)).not.toContain("secret.txt");
    expect(await stage.git("log", "--format=%s", head)).toMatch(/^Edit .*\nEdit .*\nBegin again$/);
  });

  it("never carries an edit into a file that only people may change", async () => {
    const { stage, head, body } = await played({
      edits: [{ path: "ci/build.yml", find: "  - three\n", text: "  - 3\n" }],
      meanwhile: (now) =>
        now.push({ ".github/workflows/build.yml": FILES["ci/build.yml"], "ci/build.yml": null }),
    });
    await using _stage = stage;
    expect(body).toContain(
      "`.github/workflows/build.yml` would change, which only people may change",
    );
    expect(await stage.git("diff", "--name-only", `main...${head}`)).toBe("ci/build.yml");
  });

  it("and was deleted ends the run in words, with everything on its branch", async () => {
    const { stage } = await played({
      meanwhile: async (now) => void (await now.git("update-ref", "-d", "refs/heads/main")),
    });
    await using _stage = stage;
    const [said = ""] = stage.said();
    expect(said).toContain("⚠️ Completed in part");
    expect(said).toContain("The branch `main` was **deleted** meanwhile");
    const result = /All commits are on `([^`]+)`/.exec(said)?.[1] ?? "";
    expect(await stage.git("show", `${result}:new.txt`)).toBe("new");
    expect(finalOf(stage)).toBeUndefined();
  });
});

describe("a final pull request beyond the limits", () => {
  const small = "limits:\n  files: 1\n  lines: 2\n";

  it("is opened only after a person's word, for which the run waits and holds nothing", async () => {
    const edits = [
      { path: "ten.txt", find: "1\n2\n3\n", text: "one\n2\n3\n" },
      { path: "package.json", text: "{}\n" },
    ];
    const { stage } = await played({ settings: small, edits });
    await using _stage = stage;
    expect(finalOf(stage)).toBeUndefined();
    const question = stage.said().find((said) => said.includes("✋ Question")) ?? "";
    expect(question).toContain("2 files (`limits.files`: 1)");
    expect(question).toContain("2 lines added and 1 removed (`limits.lines`: 2)");
    await stage.restart();
    await stage.settle();
    expect(finalOf(stage)).toBeUndefined();
    const id = /Question `(q-\w+)`/.exec(question)?.[1] ?? "";
    await stage.post(`/workflow approve ${id}`);
    await stage.settle();
    expect(finalOf(stage)).toMatchObject({ state: "open", draft: true });
    expect(finalOf(stage)?.body).toContain(
      "⚠️ **Decides what CI and installs execute**: `package.json`. ada agreed to open it.",
    );
    expect(stage.said()[0]).toContain("✅ Completed");
  });

  it("is not opened when a person says no, and everything stays on the branches", async () => {
    const { stage } = await played({
      edits: [{ path: "package.json", text: "{}\n" }],
    });
    await using _stage = stage;
    const question = stage.said().find((said) => said.includes("✋ Question")) ?? "";
    expect(question).toContain("1 file that decides what CI and installs execute");
    // No CI has run it: nothing that was pushed so far may start one.
    const pushed = await stage.git("for-each-ref", "--format=%(subject)", "refs/heads/fanfold/");
    expect(pushed.split("\n").filter((subject) => !subject.includes("[skip ci]"))).toEqual([]);
    await stage.post("/workflow reject no packages");
    await stage.settle();
    expect(finalOf(stage)).toBeUndefined();
    expect(stage.said()[0]).toContain("⏹️ Cancelled");
    expect(stage.said()[0]).toContain("shall not be opened: no packages");
  });
});
