// People delete branches and comments, lock threads and copy refs: a run goes on, and says what it left alone.

import { describe, expect, it } from "vitest";

import { ForgeError } from "../../src/world/forge-error.ts";
import { type Actor, playedBy } from "./actors.ts";
import { openStage, type Stage } from "./stage.ts";

const SCRIPT = `export const meta = { name: 'count-up', description: 'Two changes' }
const made = []
for (const n of [1, 2]) {
  const one = await change('Write the number ' + n + ' into n' + n + '.txt', { label: 'number ' + n })
  await review(one, { reviewers: 1, lenses: ['correctness'] })
  made.push(one)
}
return (await combine(made)).combined.length
`;
const FILES = { "README.md": "numbers\n", ".claude/workflows/count-up.js": SCRIPT };

const number = (task: string): string => /the number (\d)/.exec(task)?.[1] ?? "?";

const worker: Actor = ({ task, turn }) => {
  const n = number(task);
  return turn === 0
    ? { tools: [{ name: "write_file", input: { path: `n${n}.txt`, content: `${n}\n` } }] }
    : { finish: { summary: `Write ${n}` } };
};

async function workerBranch(stage: Stage): Promise<string> {
  const refs = await stage.git("for-each-ref", "--format=%(refname)", "refs/heads/fanfold/");
  return refs.split("\n").find((ref) => ref.includes("number-1")) ?? "";
}

/** Commits of changes whose branches people took. */
async function keptOf(stage: Stage): Promise<string[]> {
  const refs = await stage.git("for-each-ref", "--format=%(refname)", "refs/fanfold/");
  return refs.split("\n").filter((ref) => ref.includes("/kept/"));
}

const finalOf = ({ github }: Stage) => github.pulls.find(({ base }) => base === "main");

describe("a worker's branch", () => {
  it.each([
    ["deleted", (stage: Stage, ref: string) => stage.git("update-ref", "-d", ref)],
    ["moved", (stage: Stage, ref: string) => stage.git("update-ref", ref, "main")],
  ])("that somebody %s is left alone, and the run ends with everything", async (_, meddle) => {
    const seen: { stage: Stage | null; ref: string } = { stage: null, ref: "" };
    await using stage = await openStage({
      files: FILES,
      model: playedBy({ worker }),
      before: async (operation) => {
        // The branch was just pushed, its pull request is about to be made.
        if (operation !== "createPullRequest" || seen.ref !== "" || seen.stage === null) return;
        seen.ref = await workerBranch(seen.stage);
        await meddle(seen.stage, seen.ref);
      },
    });
    seen.stage = stage;
    await stage.post("/workflow count-up");
    await stage.settle();
    expect(seen.ref).not.toBe("");
    expect(stage.said()[0]).toContain("✅ Completed");
    expect(stage.said()[0]).toContain("somebody moved or deleted it, so it is left alone");
    expect(await stage.git("show", `${finalOf(stage)?.head}:n1.txt`)).toBe("1");
    expect(stage.github.pulls.map(({ title }) => title).join()).not.toContain("number 1");
    // For whoever takes the run up on another machine; it goes with the run's other refs.
    const [kept = "", ...others] = await keptOf(stage);
    expect(others).toEqual([]);
    expect(await stage.git("show", `${kept}:n1.txt`)).toBe("1");
    const final = finalOf(stage);
    if (final !== undefined) final.state = "closed";
    await stage.world.clock.during(stage.desk.tidy(new AbortController().signal), 2000);
    expect(await keptOf(stage)).toEqual([]);
  });

  it("that somebody moved while the bot was away is not moved back", async () => {
    const reached = Promise.withResolvers<void>();
    let isHeld = true;
    await using stage = await openStage({
      files: FILES,
      model: playedBy({ worker }),
      before: (operation) => {
        if (!isHeld || operation !== "createCommit") return;
        reached.resolve();
        throw new ForgeError("unreachable", "GitHub is away.");
      },
    });
    await stage.post("/workflow count-up");
    await stage.world.clock.during(reached.promise, 200);
    const ref = await workerBranch(stage);
    await stage.git("update-ref", ref, "main");
    await stage.restart();
    isHeld = false;
    await stage.settle();
    expect(await stage.git("rev-parse", ref)).toBe(await stage.git("rev-parse", "main"));
    expect(stage.said()[0]).toContain("✅ Completed");
  });
});

describe("the run's comment", () => {
  it("may be refused by a locked thread: the run ends all the same, and tries again at its end", async () => {
    let asked = 0;
    await using stage = await openStage({
      files: FILES,
      model: playedBy({ worker }),
      before: (operation) => {
        if (operation !== "editComment") return;
        asked += 1;
        throw new ForgeError("forbidden", "This thread is locked.");
      },
    });
    await stage.post("/workflow count-up");
    await stage.settle();
    expect(finalOf(stage)).toMatchObject({ state: "open" });
    // Once while it worked, and three times for each look at its end.
    expect(asked).toBeGreaterThanOrEqual(4);
    const warned = stage.world.log.lines.filter(({ message }) =>
      message.includes("cannot be written"),
    );
    expect(warned).toHaveLength(1);
  });

  it("is looked for before it is made again", async () => {
    let gone = 0;
    await using stage = await openStage({
      files: FILES,
      model: playedBy({ worker }),
      before: (operation) => {
        // GitHub answers as if the comment were gone, although an earlier attempt made it again.
        if (operation === "editComment" && gone++ === 0)
          throw new ForgeError("not-found", "There is no such comment.");
      },
    });
    await stage.post("/workflow count-up");
    await stage.settle();
    expect(stage.said()).toHaveLength(1);
    expect(stage.said()[0]).toContain("✅ Completed");
  });
});

describe("a run that cannot be opened", () => {
  it("is told once in the thread, tried again, and ends when the trouble is over", async () => {
    await using stage = await openStage({ files: FILES, model: playedBy({ worker }) });
    let failures = 0;
    const { openForge } = stage.world;
    stage.world.openForge = async (ref) => {
      // Three times, by the run: whoever heard the command had no trouble.
      if (stage.desk.runs().length === 0 || failures >= 3) return openForge(ref);
      failures += 1;
      throw new Error("The disk is full.");
    };
    await stage.post("/workflow count-up");
    for (let tries = 0; tries < 4; tries++) {
      await stage.world.clock.during(stage.world.queue.idle(), 200);
      await stage.world.clock.advance(10 * 60_000);
    }
    await stage.world.clock.during(stage.world.queue.idle(), 200);
    expect(failures).toBe(3);
    const [told, run] = stage.said();
    expect(stage.said()).toHaveLength(2);
    expect(told).toMatch(/cannot go on now.*tried again/s);
    expect(run).toContain("✅ Completed");
    // It is over, and so is what was said of it.
    const hidden = stage.github.comments.filter((comment) => comment.hidden);
    expect(hidden.map(({ body }) => body)).toEqual([told]);
  });

  it("says so when its checkpoint was copied from another repository", async () => {
    const gate = Promise.withResolvers<void>();
    const model = playedBy({ worker });
    model.turn = (_, signal) => {
      gate.resolve();
      return new Promise((__, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason)),
      );
    };
    await using stage = await openStage({ files: FILES, model });
    await stage.post("/workflow count-up");
    await stage.world.clock.during(gate.promise, 200);
    await stage.world.clock.during(new Promise((done) => setTimeout(done, 1_000)), 50);
    // The same refs, in a repository of another id.
    Object.assign(stage.world.ref, { repositoryId: 2 });
    await stage.restart({ wipe: true });
    const warned = stage.world.log.lines.find(({ message }) =>
      message.includes("checkpoint of an unfinished run"),
    );
    expect(String(warned?.fields && "error" in warned.fields && warned.fields.error)).toMatch(
      /belongs to another repository \(acme\/site\)/,
    );
    expect(stage.desk.runs()).toEqual([]);
  });
});
