// Crashes at the very end of a run, where its own branch has been replaced by signed commits.

import { describe, expect, it } from "vitest";

import { ForgeError } from "../../src/world/forge-error.ts";
import { type Actor, playedBy } from "./actors.ts";
import { openStage } from "./stage.ts";

const worker: Actor = ({ turn }) =>
  turn === 0
    ? { tools: [{ name: "write_file", input: { path: "b.txt", content: "b\n" } }] }
    : { finish: { summary: "Write b" } };

describe("a bot that is stopped while it finishes", () => {
  it.each(["createCommit", "moveRefs", "createPullRequest", "putCheckRun"])(
    "at %s takes the finish up again without touching the signed commits",
    async (operation) => {
      const reached = Promise.withResolvers<void>();
      let isHeld = true;
      let made = 0;
      await using stage = await openStage({
        files: { "a.txt": "a\n" },
        model: playedBy({ worker }),
        before: (asked) => {
          made += asked === "createCommit" ? 1 : 0;
          const isFinal = asked !== "createPullRequest" || made > 0;
          if (!isHeld || asked !== operation || !isFinal || (asked === "putCheckRun" && made === 0))
            return;
          reached.resolve();
          throw new ForgeError("unreachable", "GitHub is away.");
        },
      });
      await stage.post("/workflow fix write b");
      await stage.world.clock.during(reached.promise, 200);
      await stage.restart();
      isHeld = false;
      await stage.settle();
      const finals = stage.github.pulls.filter(({ base }) => base === "main");
      expect(finals).toHaveLength(1);
      const commits = await stage.git("rev-list", `main..${finals[0]?.head}`);
      expect(commits.split("\n").every((commit) => stage.github.verified.has(commit))).toBe(true);
      expect(stage.said()).toHaveLength(1);
      expect(stage.said()[0]).toContain("✅ Completed");
    },
  );
});
