// A plan is read before it runs: it waits for a person where the repository says so, and only what was approved is run.

import { readFile, writeFile } from "node:fs/promises";

import { describe, expect, it } from "vitest";

import { playedBy } from "./actors.ts";
import { openStage, type Stage, type StageOptions } from "./stage.ts";

const FILE = ".github/fanfold.yml";
const HOUR_MS = 60 * 60_000;
const ECHO = `export const meta = { name: 'echo', description: 'Says it', phases: [{ title: 'Say' }] }
phase('Say')
const said = await agent('Say it.', { label: 'echo', agentType: 'Explore' })
return said + ' / ' + JSON.stringify(args ?? null)`;
/** Agents, one after the other. */
const many = (count: number) => `export const meta = { name: 'echo', description: 'Says it often' }
const all = await parallel(Array.from({ length: ${count} }, (_, n) => () => agent('Say ' + n, { agentType: 'Explore' })))
return all.length`;

interface Given extends Partial<StageOptions> {
  settings?: string;
  script?: string;
}

async function openWith({ settings, script = ECHO, files = {}, ...more }: Given = {}) {
  const model = playedBy({ worker: () => ({ text: "Said" }) });
  const stage = await openStage({
    model,
    ...more,
    files: {
      "a.txt": "a\n",
      ".claude/workflows/echo.js": script,
      ...files,
      ...(settings === undefined ? {} : { [FILE]: settings }),
    },
  });
  return { stage, model };
}

const planIn = (stage: Stage): string =>
  stage.said().find((body) => body.includes("fanfold:run=")) ?? "";
const hashIn = (text: string): string => /\/workflow approve ([0-9a-f]{8})/.exec(text)?.[1] ?? "";

async function planned(given: Given = {}, command = "plan echo") {
  const { stage, model } = await openWith(given);
  await stage.post(`/workflow ${command}`);
  await stage.settle();
  const hash = hashIn(planIn(stage));
  expect(hash).not.toBe("");
  return { stage, model, hash };
}

describe("a plan that was asked for", () => {
  it("P53 is shown with phases, agents, cost, script and hash, and runs when exactly it is approved", async () => {
    const { stage, model, hash } = await planned({}, 'plan echo {"deep":1}');
    await using _stage = stage;
    const plan = planIn(stage);
    expect(plan).toContain(`### 📝 Plan \`${hash}\` waits for approval: Echo {"deep":1}`);
    expect(plan).toContain("| Say | 1 | $0.18–$1.30 | nothing |");
    expect(plan).toMatch(/\*\*1 agent, \$0\.18–\$1\.30 of \$20\.00\*\*/);
    expect(plan).toContain("because it was asked for by `/workflow plan`");
    expect(plan).toContain("const said = await agent('Say it.'");
    expect(plan).toMatch(/Arguments.*"deep": 1/s);
    expect(plan).toMatch(/Bound to.*main@[0-9a-f]{40}/s);
    expect(model.requests).toEqual([]);
    await stage.post(`/workflow approve ${hash} go ahead`, "eve");
    expect(stage.said().at(-1)).toContain(`Approved: plan \`${hash}\``);
    await stage.settle();
    expect(planIn(stage)).toContain("✅ Completed");
    expect(planIn(stage)).toContain('Said / {"deep":1}');
    expect(planIn(stage)).toContain(`Plan \`${hash}\`, approved by eve: 1 agent`);
    expect(model.requests).toHaveLength(1);

    // From then on there is something better to go by than made-up answers.
    await stage.restart();
    await stage.post("/workflow plan echo");
    await stage.settle();
    const next = stage.said().findLast((body) => body.includes("waits for approval")) ?? "";
    const basis = "what the last run of `echo` cost here; by its preview, $0.18–$1.30";
    expect(next).toContain(`**1 agent, $0.01 of $20.00** (basis: ${basis})`);
  });

  it("P53 is ended by a no, with its reason, and then nothing approves it any more", async () => {
    const { stage, model, hash } = await planned();
    await using _stage = stage;
    await stage.post("/workflow reject because it is Friday");
    await stage.settle();
    expect(planIn(stage)).toMatch(
      /⏹️ Cancelled.*rejected by ada: because it is Friday\. Nothing of it ran/s,
    );
    await stage.post(`/workflow approve ${hash}`);
    expect(stage.said().at(-1)).toContain("not open any more: ada decided (not approved)");
    await stage.settle();
    expect(model.requests).toEqual([]);
  });

  it("ends by itself after its time, and nothing ran", async () => {
    const { stage, model } = await planned({ settings: "approval: { expiresHours: 2 }\n" });
    await using _stage = stage;
    await stage.world.clock.advance(HOUR_MS);
    await stage.settle();
    expect(planIn(stage)).toContain("waits for approval");
    await stage.world.clock.advance(HOUR_MS);
    await stage.settle();
    expect(planIn(stage)).toMatch(/⏹️ Cancelled.*Nobody approved plan/s);
    expect(model.requests).toEqual([]);
  });

  it("is approved by its hash alone: not without one, not by another one, not by a reader", async () => {
    const { stage, model, hash } = await planned();
    await using _stage = stage;
    await stage.post("/workflow approve");
    expect(stage.said().at(-1)).toContain("names the plan it is for");
    await stage.post("/workflow approve 00000000");
    expect(stage.said().at(-1)).toMatch(/do not guess.*open/s);
    await stage.post(`/workflow approve ${hash.slice(0, 7)}`);
    expect(stage.said().at(-1)).toContain("do not guess");
    await stage.post(`/workflow approve ${hash}`, "rob");
    expect(stage.said().at(-1)).toContain("needs **write**");
    await stage.settle();
    expect(planIn(stage)).toContain("waits for approval");
    expect(model.requests).toEqual([]);
  });

  it("gives way to a newer plan of its thread", async () => {
    const { stage, hash } = await planned();
    await using _stage = stage;
    await stage.post("/workflow plan echo again");
    await stage.settle();
    expect(planIn(stage)).toMatch(/⏹️ Cancelled.*a newer plan takes its place/s);
    const { comments } = stage.world.github.state;
    const folded = comments.filter(({ hidden }) => hidden).map(({ body }) => body);
    expect(folded).toEqual([expect.stringContaining("a newer plan takes its place")]);
    const newer = stage.said().findLast((body) => body.includes("waits for approval")) ?? "";
    expect(hashIn(newer)).not.toBe(hash);
    await stage.post(`/workflow approve ${hashIn(newer)}`);
    await stage.settle();
    expect(stage.said().some((body) => body.includes("✅ Completed"))).toBe(true);
  });

  it.each([
    ["the same disk", false],
    ["another disk", true],
  ])(
    "runs nothing over a crash on %s, keeps its hash and its time, and then runs once",
    async (_, wipe) => {
      const { stage, model, hash } = await planned();
      await using _stage = stage;
      await stage.restart({ wipe });
      await stage.settle();
      expect(hashIn(planIn(stage))).toBe(hash);
      expect(model.requests).toEqual([]);
      await stage.post(`/workflow approve ${hash}`);
      await stage.restart();
      await stage.settle();
      expect(planIn(stage)).toContain("✅ Completed");
      expect(model.requests).toHaveLength(1);
      expect(stage.said().filter((body) => body.includes("fanfold:run="))).toHaveLength(1);
    },
  );

  it("can be cancelled while it waits", async () => {
    const { stage, hash } = await planned();
    await using _stage = stage;
    await stage.post("/workflow cancel");
    await stage.settle();
    expect(planIn(stage)).toContain("⏹️ Cancelled");
    await stage.post(`/workflow approve ${hash}`);
    expect(stage.said().at(-1)).toContain("nothing to decide");
  });
});

describe("an approved plan is void when what it was for has changed", () => {
  it("P53 the base moved: it says so, and a new plan asks again", async () => {
    const { stage, model, hash } = await planned();
    await using _stage = stage;
    await stage.push({ "b.txt": "b\n" });
    await stage.post(`/workflow approve ${hash}`);
    await stage.settle();
    expect(planIn(stage)).toMatch(
      new RegExp(
        `Plan \`${hash}\` is \\*\\*void\\*\\*.*: \`main\` moved \\(\`[0-9a-f]{7}\` → \`[0-9a-f]{7}\`\\)`,
      ),
    );
    expect(model.requests).toEqual([]);
    const second = hashIn(planIn(stage));
    expect(second).not.toBe(hash);
    await stage.post(`/workflow approve ${second}`);
    await stage.settle();
    expect(planIn(stage)).toContain("✅ Completed");
    expect(model.requests).toHaveLength(1);
  });

  it("the saved workflow became another one: the new one is shown, not run", async () => {
    const { stage, hash } = await planned();
    await using _stage = stage;
    await stage.push({
      ".claude/workflows/echo.js": ECHO.replace("Say it.", "Say something else."),
    });
    await stage.post(`/workflow approve ${hash}`);
    await stage.settle();
    expect(planIn(stage)).toContain("is **void**");
    expect(planIn(stage)).toContain("Say something else.");
    expect(planIn(stage)).toContain("waits for approval");
  });

  it("the settings changed: the key is named", async () => {
    const { stage, hash } = await planned();
    await using _stage = stage;
    await stage.push({ [FILE]: "model: opus\nlimits: { agents: 5 }\n" });
    await stage.post(`/workflow approve ${hash}`);
    await stage.settle();
    expect(planIn(stage)).toMatch(
      /void\*\*.*the ceiling of agents \(1000 → 5\); the settings `model`, `limits.agents`/,
    );
    expect(planIn(stage)).toContain("waits for approval");
  });

  it("a pull request's head moved", async () => {
    const { stage, model } = await openWith();
    await using _stage = stage;
    await stage.openPull({ "a.txt": "changed\n" });
    await stage.post("/workflow plan echo");
    await stage.settle();
    const hash = hashIn(planIn(stage));
    await stage.push({ "a.txt": "changed again\n" }, "topic");
    await stage.post(`/workflow approve ${hash}`);
    await stage.settle();
    expect(planIn(stage)).toMatch(/void\*\*.*`topic` moved/);
    expect(model.requests).toEqual([]);
  });

  it("a script written for the task is kept and paid for once", async () => {
    let asked = 0;
    const author = () => {
      asked += 1;
      return { finish: { title: "T", summary: "S", script: ECHO } };
    };
    const model = playedBy({ author, worker: () => ({ text: "Said" }) });
    const { stage, hash } = await planned({ model }, "plan make it better in here");
    await using _stage = stage;
    await stage.push({ "b.txt": "b\n" });
    await stage.post(`/workflow approve ${hash}`);
    await stage.settle();
    await stage.post(`/workflow approve ${hashIn(planIn(stage))}`);
    await stage.settle();
    expect(planIn(stage)).toContain("✅ Completed");
    expect(asked).toBe(1);
  });

  it("the script on the bot's disk is another one: nothing runs", async () => {
    const { stage, model, hash } = await planned();
    await using _stage = stage;
    const path = stage.fileOfRun("script.js");
    await writeFile(path, (await readFile(path, "utf8")).replace("Say it.", "Say what I want."));
    await stage.restart();
    await stage.post(`/workflow approve ${hash}`);
    await stage.settle();
    expect(planIn(stage)).toMatch(/❌ Failed.*not the one that was planned/s);
    expect(model.requests).toEqual([]);
  });

  it("Fanfold was switched off", async () => {
    const { stage, model, hash } = await planned();
    await using _stage = stage;
    await stage.push({ [FILE]: "disableWorkflows: true\n" });
    await stage.post(`/workflow approve ${hash}`);
    expect(stage.said().at(-1)).toContain("switched off");
    await stage.restart();
    await stage.settle();
    expect(planIn(stage)).toMatch(/⏹️ Cancelled.*disableWorkflows: true/s);
    expect(model.requests).toEqual([]);
  });
});

describe("when a plan waits", () => {
  const waits = (stage: Stage): boolean => planIn(stage).includes("waits for approval");
  const run = async (given: Given, command = "echo") => {
    const { stage } = await openWith(given);
    await stage.post(`/workflow ${command}`);
    await stage.settle();
    return stage;
  };

  it("P57 a large workflow warns with its estimate in money, and waits", async () => {
    await using stage = await run({ script: many(26) });
    expect(planIn(stage)).toMatch(
      /⚠️ \*\*Large workflow\*\*: more than 25 agents\. Expect \$\d+\.\d\d–\$\d+\.\d\d\./,
    );
    expect(waits(stage)).toBe(true);
    expect(planIn(stage)).toContain("because it is large (`approval.when`)");
  });

  it("P57 up to the guideline nobody is asked and nobody warned", async () => {
    await using stage = await run({ script: many(25) });
    expect(planIn(stage)).toContain("✅ Completed");
    expect(planIn(stage)).toContain("25 agents, $");
    expect(planIn(stage)).not.toContain("Large workflow");
  });

  it("P57 the chosen guideline counts, and the warning is only advice where nobody wants to be asked", async () => {
    await using stage = await run({
      script: many(6),
      settings: "size: small\napproval: { when: never }\n",
    });
    expect(planIn(stage)).toContain("✅ Completed");
    expect(planIn(stage)).toContain("Large workflow**: more than 5 agents (`size: small`)");
  });

  it("P57 so do projected tokens", async () => {
    await using stage = await run({ settings: "size: unrestricted\n", script: many(60) });
    expect(planIn(stage)).toMatch(
      /Large workflow\*\*: about 2,\d+,\d+ tokens, more than 1,500,000/,
    );
    expect(waits(stage)).toBe(true);
  });

  it("money may be what makes it large", async () => {
    await using stage = await run({ settings: "approval: { aboveUsd: 0.2 }\n" });
    expect(waits(stage)).toBe(true);
    expect(planIn(stage)).toContain("may cost more than $0.20");
  });

  it("P53 always, but for workflows that are trusted by name", async () => {
    await using asked = await run({ settings: "approval: { when: always }\n" });
    expect(waits(asked)).toBe(true);
    expect(planIn(asked)).toContain(
      'Never be asked again for `echo`: `approval: { trusted: ["echo"] }`',
    );
    await using trusted = await run({ settings: "approval: { when: always, trusted: [echo] }\n" });
    expect(planIn(trusted)).toContain("✅ Completed");
  });

  it("saved workflows under a price start at once, others do not", async () => {
    await using cheap = await run({ settings: "approval: { when: always, savedUpToUsd: 2 }\n" });
    expect(planIn(cheap)).toContain("✅ Completed");
    await using dear = await run({
      settings: "approval: { when: always, savedUpToUsd: 2 }\n",
      script: many(5),
    });
    expect(waits(dear)).toBe(true);
  });

  it("nobody is asked where the settings say never, but for what `plan` asked for", async () => {
    await using never = await run({ settings: "approval: { when: never }\n", script: many(40) });
    expect(planIn(never)).toContain("✅ Completed");
    await using plan = await run({ settings: "approval: { when: never }\n" }, "plan echo");
    expect(waits(plan)).toBe(true);
  });

  it("the operator says when to ask where no file does", async () => {
    const operator = { approval: "never" } as const;
    await using quiet = await run({ operator, script: many(30) });
    expect(planIn(quiet)).toContain("✅ Completed");
    await using asked = await run({ operator, settings: "approval: { when: always }\n" });
    expect(waits(asked)).toBe(true);
  });
});

describe("two people", () => {
  it("are needed where the settings say so: the requester's own approval does not count", async () => {
    const { stage, model, hash } = await planned({ settings: "approval: { twoPeople: true }\n" });
    await using _stage = stage;
    expect(planIn(stage)).toContain("by somebody else than the requester");
    await stage.post(`/workflow approve ${hash}`, "ada");
    expect(stage.said().at(-1)).toMatch(/ada asked for plan.*somebody else has to approve/);
    await stage.settle();
    expect(model.requests).toEqual([]);
    await stage.post(`/workflow approve ${hash}`, "eve");
    await stage.settle();
    expect(planIn(stage)).toContain("✅ Completed");
  });
});

describe("a script too long for a comment", () => {
  const long = `${ECHO}\n${"// padding\n".repeat(4_500)}`;

  it("is linked in full at a commit that does not move, and can then be approved", async () => {
    const { stage, hash } = await planned({ script: long });
    await using _stage = stage;
    const link =
      /\[<code>script\.js<\/code> in the checkpoint\]\(\S+\/blob\/([0-9a-f]{40})\/script\.js\)/.exec(
        planIn(stage),
      );
    expect(await stage.git("show", `${link?.[1]}:script.js`)).toBe(long.trimEnd());
    await stage.post(`/workflow approve ${hash}`);
    await stage.settle();
    expect(planIn(stage)).toContain("✅ Completed");
  });
});
