// The script of a run becomes a workflow of the repository, by a pull request that people merge.

import { describe, expect, it } from "vitest";

import { playedBy } from "./actors.ts";
import { ForgeError } from "../../src/world/forge-error.ts";
import { openStage, type Stage } from "./stage.ts";

const SCRIPT = `export const meta = { 'name': 'count', description: 'Count up' } // by hand
log('one')
return 'counted'
`;

const answer = (stage: Stage): string => stage.said().at(-1) ?? "";
const fileIn = (stage: Stage, head: string, name: string): Promise<string> =>
  stage.git("show", `${head}:.claude/workflows/${name}.js`);

describe("a run whose script somebody wants to keep", () => {
  it("is proposed once under another name, merged by people, and can then be run by it", async () => {
    await using stage = await openStage({
      files: { "README.md": "numbers\n", ".claude/workflows/count.js": SCRIPT },
      model: playedBy({}),
    });
    await stage.post("/workflow save");
    expect(answer(stage)).toContain("Nothing ran in this thread yet");
    await stage.post("/workflow count");
    await stage.settle();
    const id = stage.desk.runs()[0]?.record().id ?? "";

    await stage.post("/workflow save");
    expect(answer(stage)).toMatch(
      /default branch has this script as `\.claude\/workflows\/count\.js` already/,
    );
    for (const wrong of ["plan", "../up", "a".repeat(61)]) {
      await stage.post(`/workflow save ${wrong}`);
      expect(answer(stage)).toContain("Nothing was saved.");
    }
    expect(stage.github.pulls).toEqual([]);

    await stage.post("/workflow save tally", "rob");
    expect(answer(stage)).toMatch(/write/);
    await stage.post(`/workflow save ${id} tally`);
    expect(answer(stage)).toMatch(/#\d+ proposes `\.claude\/workflows\/tally\.js`/);
    await stage.restart();
    await stage.post("/workflow save tally");
    expect(answer(stage)).toMatch(/#\d+ proposes/);

    const [pull, ...more] = stage.github.pulls;
    expect(more).toEqual([]);
    expect(pull).toMatchObject({
      title: "Save the workflow tally",
      draft: true,
      base: "main",
    });
    expect(pull?.body).toContain(`The script of run \`${id}\``);
    const head = pull?.head ?? "";
    expect(await fileIn(stage, head, "tally")).toBe(SCRIPT.replace("'count'", '"tally"').trimEnd());
    expect(await stage.git("diff", "--name-only", "main", head)).toBe(".claude/workflows/tally.js");
    expect(await stage.git("rev-list", "--count", `main..${head}`)).toBe("1");
    const commit = await stage.git("rev-parse", head);
    expect(stage.github.verified.has(commit)).toBe(true);

    await stage.git("update-ref", "refs/heads/main", commit);
    await stage.post("/workflow tally");
    await stage.settle();
    expect(stage.said().filter((body) => body.includes("✅ Completed"))).toHaveLength(2);
  });

  it.each(["createCommit", "moveRefs", "createPullRequest"])(
    "is proposed on the branch that a try left which ended before %s",
    async (operation) => {
      let isLost = true;
      await using stage = await openStage({
        files: { ".claude/workflows/count.js": SCRIPT },
        model: playedBy({}),
        before: (asked) => {
          if (asked !== operation || isLost) return;
          isLost = true;
          throw new ForgeError("unreachable", "Nobody answers.");
        },
      });
      await stage.post("/workflow count");
      await stage.settle();
      isLost = false;
      await stage.post("/workflow save tally").catch(() => {});
      expect(isLost).toBe(true);
      await stage.post("/workflow save tally");
      expect(answer(stage)).toMatch(/#\d+ proposes `\.claude\/workflows\/tally\.js`/);
      expect(stage.github.pulls).toHaveLength(1);
    },
  );
});
