// An ended run is gone through again on the command line: from the bot's disk, from a clone, and under another cap.

import { readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";

import { fanfold } from "../command-line/run.ts";
import { type Actor, playedBy } from "./actors.ts";
import { openStage, SECRET, type Stage } from "./stage.ts";

const SCRIPT = `export const meta = { name: 'count-up', description: 'Count up' }
const files = await repo.files('*.md')
const made = await parallel([1, 2, 3].map((n) => async () => {
  const one = await change('Write the number ' + n, { label: 'number ' + n })
  await review(one, { reviewers: 1, lenses: ['correctness'] })
  return one
}))
return { files, folded: (await combine(made)).combined.length }
`;
const FILES = { "README.md": "numbers\n", ".claude/workflows/count-up.js": SCRIPT };

const worker: Actor = ({ task, turn }) => {
  const n = /the number (\d)/.exec(task)?.[1] ?? "?";
  return turn === 0
    ? { tools: [{ name: "write_file", input: { path: `n${n}.txt`, content: `${n}\n` } }] }
    : { finish: { summary: `Write ${n}` } };
};

/** Every turn costs ten cents: a change takes two, a review one. */
function priced() {
  const model = playedBy({ worker });
  const inner = model.turn.bind(model);
  model.turn = async (...given) => {
    const turn = await inner(...given);
    return { ...turn, usage: { ...turn.usage, costUsd: 0.1 } };
  };
  return model;
}

const Shown = z.object({
  status: z.string(),
  replay: z.object({ kind: z.string(), calls: z.number() }),
  whatIf: z
    .object({
      spentUsd: z.number(),
      calls: z.number(),
      of: z.number(),
      refused: z.array(z.string()),
      accepted: z.number(),
      out: z.number(),
      stopped: z.string().nullable(),
    })
    .optional(),
  comment: z.string(),
});

describe("fanfold replay", () => {
  const model = priced();
  let stage: Stage;
  let run = "";
  let data = "";
  let gitDir = "";
  beforeAll(async () => {
    stage = await openStage({ files: FILES, model });
    await stage.post("/workflow count-up");
    await stage.settle();
    run = stage.desk.runs()[0]?.record().id ?? "";
    data = dirname(dirname(dirname(stage.fileOfRun("run.json"))));
    gitDir = stage.world.gitDir;
  });
  afterAll(() => stage[Symbol.asyncDispose]());
  afterEach(() => vi.unstubAllEnvs());

  it("comes to the same end from the disk and from a clone, and says what the thread says", async () => {
    const asked = model.requests.length;
    vi.stubEnv("FANFOLD_DATA", data);
    const disk = await fanfold("replay", run, "--repo", gitDir, "--json");
    expect(disk.complained).toBe("");
    const shown = Shown.parse(JSON.parse(disk.printed));
    expect(shown).toMatchObject({ status: "completed", replay: { kind: "same", calls: 8 } });
    const [said = ""] = stage.said();
    // The numbers of the workers' pull requests are GitHub's.
    const table = (text: string): string => text.slice(0, text.indexOf("| Change"));
    expect(table(said)).not.toBe("");
    expect(table(shown.comment)).toBe(table(said));
    vi.stubEnv("FANFOLD_DATA", `${data}/elsewhere`);
    vi.stubEnv("FANFOLD_CHECKPOINT_KEY", SECRET);
    const clone = await fanfold("replay", run, "--repo", gitDir, "--json");
    expect(Shown.parse(JSON.parse(clone.printed))).toEqual(shown);
    expect(model.requests.length).toBe(asked);
  });

  it("tells what another cap would have made of it", async () => {
    vi.stubEnv("FANFOLD_DATA", data);
    const under = async (cap: string) => {
      const words = ["--what-if", `budget=${cap}`, "--repo", gitDir, "--json"];
      return Shown.parse(JSON.parse((await fanfold("replay", run, ...words)).printed)).whatIf;
    };
    expect(await under("5")).toMatchObject({ calls: 8, of: 8, refused: [], stopped: null });
    const short = await under("0.75");
    // Three changes and a review fit.
    expect(short).toMatchObject({ refused: ["review", "review"], accepted: 1, out: 2 });
    expect(short?.spentUsd).toBeCloseTo(0.7);
    expect(short?.stopped).toContain("leaves no room");
  });

  it("is answered in the thread as well, also by a machine that never saw the run", async () => {
    const asked = model.requests.length;
    const answerTo = async (words: string): Promise<string> => {
      await stage.post(`/workflow replay ${words}`);
      return stage.said().at(-1) ?? "";
    };
    const same = await answerTo("");
    expect(same).toContain(`**Run \`${run}\` gone through again**: 8 answers`);
    expect(same).toContain("The script came to the end that it came to then.");
    const short = await answerTo(`${run} --what-if budget=0.75`);
    expect(short).toContain(
      "**Under a cap of $0.75** instead of with its cap of $20.00: $0.70 spent",
    );
    expect(short).toContain("Not begun: `review`, `review`.");
    await stage.restart({ wipe: true });
    expect(await answerTo(run)).toContain("The script came to the end that it came to then.");
    expect(await answerTo("wf-0000000000")).toContain("has no run `wf-0000000000` that I know");
    expect(model.requests.length).toBe(asked);
  });

  it("has ended where its checkpoint says so, whatever an old copy on the disk knows", async () => {
    const at = `${data}/runs/${run}/run.json`;
    const lines = `${data}/runs/${run}/journal.jsonl`;
    const kept = await readFile(at, "utf8");
    const journal = await readFile(lines, "utf8");
    const old: object = { ...JSON.parse(kept), status: "waiting", endedAt: null, endTold: false };
    vi.stubEnv("FANFOLD_DATA", data);
    vi.stubEnv("FANFOLD_CHECKPOINT_KEY", SECRET);
    await writeFile(at, JSON.stringify(old));
    await writeFile(lines, `${journal}{"v":1,"kind":`);
    try {
      const alone = await fanfold("replay", run);
      expect(alone).toMatchObject({ status: 1 });
      expect(alone.complained).toContain("has not ended (waiting)");
      expect(alone.complained).toContain("give a clone with --repo after `git fetch origin");
      expect(await fanfold("replay", run, "--repo", gitDir)).toMatchObject({ status: 0 });
      const left = await readFile(lines, "utf8");
      expect(left).toBe(`${journal}{"v":1,"kind":`);
    } finally {
      await writeFile(at, kept);
      await writeFile(lines, journal);
    }
  });

  it("says what is missing, and what to type", async () => {
    vi.stubEnv("FANFOLD_DATA", `${data}/elsewhere`);
    vi.stubEnv("FANFOLD_CHECKPOINT_KEY", "");
    const nowhere = await fanfold("replay", run);
    expect(nowhere).toMatchObject({ status: 1 });
    expect(nowhere.complained).toContain("git fetch origin");
    const keyless = await fanfold("replay", run, "--repo", gitDir);
    expect(keyless.complained).toContain("Set FANFOLD_CHECKPOINT_KEY");
    vi.stubEnv("PRIVATE_KEY_PATH", `${data}/no-such-key.pem`);
    const unreadable = await fanfold("replay", run, "--repo", gitDir);
    expect(unreadable.complained).toContain("PRIVATE_KEY_PATH names cannot be read (ENOENT)");
    expect(unreadable.complained).not.toContain("Set FANFOLD_CHECKPOINT_KEY, or");
    vi.stubEnv("FANFOLD_CHECKPOINT_KEY", "another key that is long enough for it");
    const foreign = await fanfold("replay", run, "--repo", gitDir);
    expect(foreign.complained).toContain("sealed with another key");
    expect(foreign.complained).toMatch(/^[^`]*PRIVATE_KEY_PATH names cannot be read \(ENOENT\)/u);
    vi.stubEnv("PRIVATE_KEY_PATH", "");
    vi.stubEnv("FANFOLD_DATA", data);
    const unread = await fanfold("replay", run);
    expect(unread.status).toBe(1);
    expect(unread.printed).toContain("The script reads the repository. Give a clone of it");
    expect((await fanfold("replay", "main")).complained).toContain("is no run's id");
    expect((await fanfold("replay", run, "--what-if", "luck=9")).complained).toContain(
      "Say budget=N",
    );
  });
});
