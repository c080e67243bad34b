// What a repository says in its settings is honoured, each key at its place, and a broken file starts nothing.

import { describe, expect, it } from "vitest";

import { type Actor, playedBy } from "./actors.ts";
import { openStage, type StageOptions } from "./stage.ts";

const FILE = ".github/fanfold.yml";
const ECHO = `export const meta = { name: 'echo', description: 'One agent' }
return await agent('Say it.', { label: 'echo' })`;

interface Given extends Partial<StageOptions> {
  settings?: string;
  owner?: string;
  script?: string;
}

async function openWith({ settings, owner, script = ECHO, files = {}, ...more }: Given) {
  const stage = await openStage({
    model: playedBy({ worker: () => ({ text: "Said" }) }),
    ...more,
    files: {
      "a.txt": "a\n",
      ".claude/workflows/echo.js": script,
      ...files,
      ...(settings === undefined ? {} : { [FILE]: settings }),
    },
  });
  if (owner !== undefined) stage.github.ownerFiles.set(FILE, owner);
  return stage;
}

describe("a repository that is switched off", () => {
  it("P58 by its file starts nothing, and says who can change it and where", async () => {
    await using stage = await openWith({ settings: "disableWorkflows: true\n" });
    for (const command of ["echo", "plan echo"]) {
      await stage.post(`/workflow ${command}`);
      expect(stage.said().at(-1)).toMatch(
        /switched off\*\* in this repository: `disableWorkflows: true` stands in `.github\/fanfold.yml` on the default branch\. Whoever may push there can change it\.\n\nNothing was started/,
      );
    }
    expect(stage.desk.runs()).toEqual([]);
    await stage.push({ [FILE]: "disableWorkflows: false\n" });
    await stage.post("/workflow echo");
    await stage.settle();
    expect(stage.said().at(-1)).toContain("✅ Completed");
  });

  it("P58 by its owner's file cannot be switched on by its own", async () => {
    await using stage = await openWith({
      settings: "disableWorkflows: false\n",
      owner: "disableWorkflows: true\n",
    });
    await stage.post("/workflow echo");
    expect(stage.said().at(-1)).toContain("stands in `acme/.github: .github/fanfold.yml`");
    expect(stage.desk.runs()).toEqual([]);
  });

  it("P58 by the bot's operator starts nothing, and what waits stays where it stood", async () => {
    await using stage = await openWith({});
    await stage.post("/workflow plan echo");
    await stage.settle();
    await stage.restart({ operator: { disableWorkflows: true, approval: "large" } });
    await stage.settle();
    const hash = /approve ([0-9a-f]{8})/.exec(stage.said()[0] ?? "")?.[1] ?? "";
    await stage.post(`/workflow approve ${hash}`);
    expect(stage.said().at(-1)).toContain("`FANFOLD_DISABLE_WORKFLOWS` in its environment");
    expect(stage.said()[0]).toContain("waits for approval");
    await stage.restart({ operator: { disableWorkflows: false, approval: "large" } });
    await stage.post(`/workflow approve ${hash}`);
    await stage.settle();
    expect(stage.said()[0]).toContain("✅ Completed");
  });

  it("P58 by `/workflow off` stops what runs, over a restart, until `on`; both take a maintainer", async () => {
    await using stage = await openWith({});
    await stage.post("/workflow plan echo");
    await stage.settle();
    await stage.post("/workflow off", "ada");
    expect(stage.said().at(-1)).toMatch(
      /`\/workflow off` needs \*\*maintain\*\*.*you have \*\*write\*\*/,
    );
    await stage.post("/workflow off", "mia");
    expect(stage.said().at(-1)).toMatch(/off in this repository.*Stopping `wf-/);
    await stage.settle();
    expect(stage.said()[0]).toContain("⏹️ Cancelled");
    await stage.restart();
    await stage.post("/workflow echo", "mia");
    expect(stage.said().at(-1)).toMatch(
      /switched off\*\*.*mia wrote `\/workflow off` on .*maintain/,
    );
    await stage.post("/workflow on", "mia");
    expect(stage.said().at(-1)).toContain("The switch is on again");
    await stage.post("/workflow echo");
    await stage.settle();
    expect(stage.said().at(-1)).toContain("✅ Completed");
  });
});

describe("a settings file that is broken", () => {
  it("starts nothing, is told line by line, and never counts as no file", async () => {
    await using stage = await openWith({ settings: "model: opus\ndisableWorkflow: true\n" });
    await stage.post("/workflow echo");
    expect(stage.said().at(-1)).toMatch(
      /cannot be used\*\*.*nothing is started.*- Line 2: There is no setting `disableWorkflow`\. Did you mean `disableWorkflows`\?.*2 \| disableWorkflow: true/s,
    );
    expect(stage.desk.runs()).toEqual([]);
    await stage.post("/workflow config");
    expect(stage.said().at(-1)).toContain("- Line 2: There is no setting");
    await stage.post("/workflow cancel");
    expect(stage.said().at(-1)).toContain("This thread has no run");
  });

  it("of the owner is named as the owner's", async () => {
    await using stage = await openWith({ owner: "budget: much\n" });
    await stage.post("/workflow echo");
    expect(stage.said().at(-1)).toMatch(
      /`acme\/.github: .github\/fanfold.yml` on the default branch \*\*cannot/,
    );
  });

  it("cannot write anything of its own into the thread", async () => {
    await using stage = await openWith({ settings: '"@ada `x` <img src=y>": 1\n' });
    await stage.post("/workflow echo");
    expect(stage.said().at(-1)).toContain("There is no setting ``@ada `x` <img src=y>``");
  });
});

describe("who may do what", () => {
  it("is raised by a file, and the refusal says by what", async () => {
    await using stage = await openWith({ settings: "permissions:\n  run: maintain\n" });
    await stage.post("/workflow echo", "ada");
    expect(stage.said().at(-1)).toMatch(
      /needs \*\*maintain\*\* on this repository \(`permissions.run` in `.github\/fanfold.yml`\)/,
    );
    expect(stage.desk.runs()).toEqual([]);
    await stage.post("/workflow echo", "mia");
    await stage.settle();
    expect(stage.said().at(-1)).toContain("✅ Completed");
  });
});

describe("a repository that runs saved workflows only", () => {
  it("P58 refuses a task in a sentence before anybody is paid for a script", async () => {
    await using stage = await openWith({ settings: "savedWorkflowsOnly: true\n" });
    await stage.post("/workflow make everything better in here");
    await stage.settle();
    expect(stage.said()[0]).toMatch(/saved workflows only\*\*.*Nothing was started.*`echo`/s);
    await stage.post("/workflow echo");
    await stage.settle();
    expect(stage.said().at(-1)).toContain("✅ Completed");
  });
});

describe("what a run may use", () => {
  it("is narrowed to the settings, and the run's comment says so", async () => {
    await using stage = await openWith({
      settings: "limits: { agents: 3, agentsAtOnce: 1 }\nbudget: { run: 2, most: 4 }\n",
      script: `export const meta = { name: 'echo', description: 'Five agents' }
const all = await parallel([1, 2, 3, 4, 5].map((n) => () => agent('Say ' + n)))
return all.filter(Boolean).length`,
    });
    await stage.post("/workflow echo --budget $9 --max-agents 50");
    await stage.settle();
    const [text = ""] = stage.said();
    expect(text).toContain("`--max-agents 50` is cut to 3: `limits.agents` allows no more.");
    expect(text).toContain("`--budget` is cut to $4.00: `budget.most` allows no more.");
    expect(text).toMatch(/3 agents · .*of \$4\.00/);
    await stage.post("/workflow echo");
    await stage.settle();
    expect(stage.said()[1]).toContain("of $2.00");
  });

  it("its agents at once, model and effort are the repository's where scripts name none", async () => {
    let atOnce = 0;
    let most = 0;
    const both = Promise.withResolvers<void>();
    const worker: Actor = async () => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      if (atOnce === 2) both.resolve();
      await both.promise;
      await new Promise((done) => setTimeout(done, 5));
      atOnce -= 1;
      return { text: "Said" };
    };
    const model = playedBy({ worker });
    await using stage = await openWith({
      model,
      settings: "model: opus-of-ours\neffort: low\nlimits: { agentsAtOnce: 2 }\n",
      script: `export const meta = { name: 'echo', description: 'Four agents' }
return await parallel([1, 2, 3, 4].map((n) => () => agent('Say ' + n, n === 1 ? {} : { model: 'mine-' + n, effort: 'max' })))`,
    });
    await stage.post("/workflow echo");
    await stage.settle();
    expect(most).toBe(2);
    const asked = model.requests.map((request) => `${request.model} ${request.effort}`).sort();
    expect(asked).toEqual(["mine-2 max", "mine-3 max", "mine-4 max", "opus-of-ours low"]);
  });

  it("its time is the repository's", async () => {
    await using stage = await openWith({
      settings: "limits: { hours: 0.5 }\n",
      model: playedBy({ worker: () => new Promise(() => {}) }),
    });
    await stage.post("/workflow echo");
    await stage.settle();
    expect(stage.said()[0]).toContain("The run's time is over (30 min 0 s)");
  });
});

describe("an author", () => {
  it.each([
    ["", "fewer than 10 agents"],
    ["size: small\n", "fewer than 5 agents"],
    ["size: large\n", "fewer than 50 agents"],
    ["size: unrestricted\n", "none"],
  ])("P56 with %j is told the repository's guideline: %s", async (settings, advice) => {
    const tasks: string[] = [];
    const script = "export const meta = { name: 'x', description: 'd' }\nreturn 1";
    const author: Actor = ({ task }) => {
      tasks.push(task);
      return { finish: { title: "T", summary: "S", script } };
    };
    await using stage = await openWith({ settings, model: playedBy({ author }) });
    await stage.post("/workflow make it better in here");
    await stage.settle();
    expect(tasks).toHaveLength(1);
    const told = /guideline is (.*?) in a run/.exec(tasks[0] ?? "")?.[1] ?? "none";
    expect(told).toBe(advice);
  });
});

describe("files of which the settings speak", () => {
  const script = `export const meta = { name: 'echo', description: 'One change' }
const one = await change('Change it', { label: 'it' })
return one && (await review(one, { reviewers: 1, lenses: ['correctness'] })).verdict`;

  it("are left alone when they are protected", async () => {
    const refusals: string[] = [];
    const write = (path: string) => ({ name: "write_file", input: { path, content: "x\n" } });
    const worker: Actor = ({ turn, results }) => {
      refusals.push(...results.filter((text) => text.includes("is protected")));
      return turn === 0
        ? { tools: [write("db/Migrations/1.sql"), write("b.txt")] }
        : { finish: { summary: "Write" } };
    };
    await using stage = await openWith({
      settings: "paths:\n  protected: [db/migrations/**]\n",
      script,
      model: playedBy({ worker }),
    });
    await stage.post("/workflow echo");
    await stage.settle();
    expect(refusals).toEqual([expect.stringContaining("db/Migrations/1.sql is protected")]);
    const branches = await stage.git("for-each-ref", "--format=%(refname)", "refs/heads/fanfold");
    for (const branch of branches.split("\n")) {
      expect(await stage.git("ls-tree", "-r", "--name-only", branch)).not.toContain("1.sql");
    }
  });

  it("come with their instructions: for every worker, and for reviewers whose diff touches them", async () => {
    const told = new Map<string, string>();
    const worker: Actor = ({ task, turn }) => {
      told.set("worker", task);
      return turn === 0
        ? { tools: [{ name: "write_file", input: { path: "src/b.txt", content: "x\n" } }] }
        : { finish: { summary: "Write" } };
    };
    const reviewer: Actor = ({ task }) => {
      told.set("reviewer", task);
      return { finish: { verdict: "accept", findings: [] } };
    };
    await using stage = await openWith({
      settings:
        "paths:\n  instructions:\n    - { paths: 'src/**', text: ALPHA }\n    - { paths: 'lib/**', text: BETA }\n",
      script,
      model: playedBy({ worker, reviewer }),
    });
    await stage.post("/workflow echo");
    await stage.settle();
    expect(told.get("worker")).toMatch(/Instructions for src\/\*\*.*ALPHA.*BETA/s);
    expect(told.get("reviewer")).toContain("ALPHA");
    expect(told.get("reviewer")).not.toContain("BETA");
  });
});

describe("/workflow config", () => {
  it("shows every value with where it comes from", async () => {
    await using stage = await openWith({
      settings: "budget:\n  run: 5\nlimits:\n  agents: 900\n",
      owner: "limits:\n  agents: 40\napproval:\n  when: always\n",
    });
    await stage.post("/workflow config");
    const text = stage.said().at(-1) ?? "";
    expect(text).toContain(
      "read from `.github/fanfold.yml` and `acme/.github: .github/fanfold.yml`",
    );
    expect(text).toContain("| `budget.run` | `5` | `.github/fanfold.yml` |");
    expect(text).toContain("| `limits.agents` | `40` | `acme/.github: .github/fanfold.yml` |");
    expect(text).toContain("| `approval.when` | `always` | `acme/.github: .github/fanfold.yml` |");
    expect(text).toMatch(/<details>.*\| `permissions.off` \| `maintain` \| default \|/s);
  });

  it("says that there is no file, and needs triage access", async () => {
    await using stage = await openWith({});
    await stage.post("/workflow config");
    expect(stage.said().at(-1)).toContain("there is no `.github/fanfold.yml`, here or in");
    await stage.post("/workflow config", "rob");
    expect(stage.said().at(-1)).toContain("needs **triage**");
  });
});
