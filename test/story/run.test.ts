// A comment comes in, a pull request comes out; and what happens when something on the way is wrong.

import { describe, expect, it } from "vitest";

import { ModelError } from "../../src/agent/model.ts";
import { type Act, type Actor, playedBy } from "./actors.ts";
import { openStage } from "./stage.ts";

const FIX = `export const meta = { name: 'fix-greetings', description: 'Fix every greeting', phases: [{ title: 'Fix' }, { title: 'Fold' }] }
phase('Fix')
const files = await repo.files('src/*.js')
const results = await pipeline(files,
  (path) => change('Say hello instead of hi in ' + path + '.', { label: path }),
  async (made, path) => {
    if (made === null) return null
    let current = made
    let seen = await review(current, { requirement: path + ' says hello', lenses: ['correctness', 'style'] })
    if (seen.verdict === 'rejected') {
      current = await revise(current, seen.findings, { label: 'revise ' + path })
      seen = await review(current, { requirement: path + ' says hello', lenses: ['correctness', 'style'] })
    }
    return seen.verdict === 'accepted' ? current : null
  })
phase('Fold')
const { combined } = await combine(results.filter(Boolean))
return combined.length + ' of ' + files.length + ' files fixed.'
`;

const FILES = {
  "README.md": "# Greetings\n",
  "src/a.js": "export const a = 'hi'\n",
  "src/b.js": "export const b = 'hi'\n",
  "src/ü c.js": "export const c = 'hi'\n",
  ".claude/workflows/fix-greetings.js": FIX,
};

const pathIn = (task: string): string => /(src\/[^\n]*?\.js)/.exec(task)?.[1] ?? "";

/** Writes "hello", but leaves a stray mark in src/a.js the first time. */
const worker: Actor = ({ task, turn }): Act => {
  const path = pathIn(task);
  const name = path.at(-4) ?? "";
  if (turn > 0) return { finish: { summary: `Say hello in ${path}` } };
  if (task.includes("stray mark")) {
    return { tools: [{ name: "edit_file", input: { path, find: " // hi", replace: "" } }] };
  }
  const mark = path === "src/a.js" ? " // hi" : "";
  return {
    tools: [
      {
        name: "edit_file",
        input: { path, find: `${name} = 'hi'`, replace: `${name} = 'hello'${mark}` },
      },
    ],
  };
};

const reviewer: Actor = ({ task }): Act => {
  if (!task.includes("// hi")) return { finish: { verdict: "accept", findings: [] } };
  const finding = {
    path: "src/a.js",
    line: 1,
    severity: "blocking",
    title: "stray mark left behind",
    claim: "The old word is still there, in a stray mark.",
    evidence: "export const a = 'hello' // hi",
  };
  return { finish: { verdict: "reject", findings: [finding] } };
};

describe("a comment on an issue", () => {
  it("P48 ends in one draft pull request with reviewed, signed commits", async () => {
    await using stage = await openStage({ files: FILES, model: playedBy({ worker, reviewer }) });
    await stage.post("/workflow fix-greetings");
    await stage.settle();

    const { pulls, reviews, comments } = stage.github;
    const [progress, ...others] = stage.said();
    expect(others).toEqual([]);
    expect(progress).toContain("✅ Completed");
    expect(
      comments.find(({ author }) => author === "fanfold[bot]")?.earlier.length,
    ).toBeGreaterThan(0);

    const final = pulls.find(({ base }) => base === "main");
    expect(final).toMatchObject({ state: "open", draft: true, merged: false });
    const workers = pulls.filter((pull) => pull !== final);
    expect(workers).toHaveLength(3);
    expect(workers.every(({ merged }) => merged)).toBe(true);

    const threads = reviews.flatMap(({ threads: inline }) => inline);
    expect(threads).toMatchObject([{ path: "src/a.js", line: 1, resolved: true }]);
    expect(await stage.git("show", `${final?.head}:src/a.js`)).toBe("export const a = 'hello'");
    expect(await stage.git("show", `${final?.head}:src/ü c.js`)).toBe("export const c = 'hello'");
    const commits = (await stage.git("rev-list", `main..${final?.head}`)).split("\n");
    expect(commits).toHaveLength(3);
    expect(commits.every((commit) => stage.github.verified.has(commit))).toBe(true);
    const messages = await stage.git("log", "--format=%B", `main..${final?.head}`);
    expect(messages).toContain("Co-authored-by: ada <1+ada@users.noreply.github.com>");
    expect(messages).not.toContain("[skip ci]");
    expect(await stage.git("log", "--format=%s", `${workers[0]?.head}`, "-1")).toContain(
      "[skip ci]",
    );
    expect(await stage.git("for-each-ref", "--format=%(refname)", "refs/fanfold/")).toMatch(
      /^(refs\/fanfold\/runs\/wf-\w+)\/line\n\1\/state$/,
    );
  });

  it("starts one run however often it is delivered", async () => {
    const model = playedBy({ worker, reviewer });
    await using stage = await openStage({ files: FILES, model });
    const comment = await stage.post("/workflow fix-greetings");
    await stage.deliver(comment);
    await stage.settle();
    const asked = model.requests.length;
    await stage.deliver(comment);
    await stage.settle();
    expect(model.requests).toHaveLength(asked);
    expect(stage.said()).toHaveLength(1);
    expect(stage.github.pulls).toHaveLength(4);
  });

  it("P54 says who may, and starts nothing, when the person may not", async () => {
    const model = playedBy({});
    await using stage = await openStage({ files: FILES, model });
    await stage.post("/workflow fix-greetings", "rob");
    await stage.settle();
    expect(stage.said()).toHaveLength(1);
    expect(stage.said()[0]).toMatch(/rob.*write.*read/s);
    expect(model.requests).toHaveLength(0);
  });
});

describe("a script written for the task", () => {
  const script = `export const meta = { name: 'written', description: 'Look once' }\nreturn await agent('Look at the greetings.')`;

  it("P47 is shown in the thread with its hash, and its result is reported", async () => {
    const author: Actor = () => ({
      finish: { title: "Look at the greetings", summary: "One look.", script },
    });
    await using stage = await openStage({
      files: FILES,
      model: playedBy({ author, worker: () => ({ text: "All say hi." }) }),
    });
    await stage.post("/workflow look at all greetings and tell me what they say");
    await stage.settle();
    expect(stage.said()[0]).toContain("Look at the greetings");
    expect(stage.said()[0]).toMatch(/Script <code>[0-9a-f]{12}<\/code>/);
    expect(stage.said()[0]).toContain("return await agent('Look at the greetings.')");
    expect(stage.said()[0]).toContain("All say hi.");
    expect(stage.github.pulls).toEqual([]);
  });

  it("goes back to its author with the errors of the check, then with what its preview runs into", async () => {
    const tries: string[] = [];
    const scripts = [
      "const x: number = 1",
      `export const meta = { name: 'w', description: 'Throws' }\nthrow new Error('no such thing')`,
      script,
    ];
    const author: Actor = ({ task }) => {
      const written = scripts[tries.push(task) - 1] ?? script;
      const small = { fitsOneContext: true, fanOutAgents: 12 };
      return { finish: { title: "Look", summary: "One look.", script: written, ...small } };
    };
    await using stage = await openStage({
      files: { ...FILES, "AGENTS.md": "Greet politely." },
      model: playedBy({ author, worker: () => ({ text: "Seen." }) }),
    });
    await stage.post("/workflow look at all greetings --budget $3");
    await stage.settle();
    expect(tries).toHaveLength(3);
    expect(tries[0]).toMatch(
      /This run may cost \$3\.00\. A worker with its reviewer costs .* at most/u,
    );
    expect(tries[0]).toMatch(/Greet politely\..*files in all.*\.js: /su);
    expect(tries[1]).toMatch(/const x: number = 1/u);
    expect(tries[2]).toMatch(/made-up answers, the script throws: .*no such thing/u);
    expect(stage.said()[0]).toContain("✅ Completed");
    // What a fan-out would cost beside it, so that nobody wonders why there is none.
    expect(stage.said()[0]).toMatch(
      /fits one context, so one worker and its reviewers do it \(\$[\d.]+ to \$[\d.]+\); a fan-out to 12 agents would cost \$[\d.]+ to \$[\d.]+\./u,
    );
  });

  it("P46 is refused with line and caret when the author never gets it right", async () => {
    const author: Actor = () => ({
      finish: { title: "Look", summary: "x", script: "export const meta = {" },
    });
    await using stage = await openStage({ files: FILES, model: playedBy({ author }) });
    await stage.post("/workflow look at all greetings");
    await stage.settle();
    expect(stage.said()[0]).toContain("❌ Failed");
    expect(stage.said()[0]).toMatch(/No script could be written.*\^/s);
  });
});

describe("what is wrong gets a clear sentence in the thread", () => {
  const scriptOf = (body: string): Record<string, string> => ({
    "src/a.js": "export const a = 'hi'\n",
    ".claude/workflows/peculiar.js": `export const meta = { name: 'peculiar', description: 'Peculiar' }\n${body}`,
  });

  it.each([
    [
      "a script that throws",
      scriptOf("const x = 1\nthrow new Error('no luck')"),
      {},
      /threw at line 3, column \d+.*no luck/s,
    ],
    [
      "an option of the wrong type",
      scriptOf("return await agent('x', { schema: 5 })"),
      {},
      /agent\(\) cannot use `schema`/,
    ],
    [
      "a change that is none of this run",
      scriptOf("return await review({ id: 'x', head: 'y' })"),
      {},
      /"x", which is no change of this run/,
    ],
    [
      "a worker that changes nothing",
      scriptOf("return String(await change('Do nothing.'))"),
      { worker: () => ({ finish: { summary: "Nothing to do." } }) },
      /Nothing was folded in/,
    ],
    [
      "a worker that never fits its schema",
      scriptOf(
        "return await agent('x', { schema: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] } })",
      ),
      { worker: () => ({ finish: { n: "many" } }) },
      /answer-does-not-fit|does not fit/,
    ],
    [
      "all workers failing",
      scriptOf("return await parallel([1, 2].map((n) => () => change('Do ' + n)))"),
      { worker: () => ({ error: new ModelError("invalid-request", "The model is gone.") }) },
      /All 2 agents failed.*The model is gone/s,
    ],
  ] as const)("%s", async (...[, files, cast, sentence]) => {
    await using stage = await openStage({ files, model: playedBy(cast) });
    await stage.post("/workflow peculiar");
    await stage.settle();
    expect(stage.said()).toHaveLength(1);
    expect(stage.said()[0]).toMatch(sentence);
  });

  it("an empty repository", async () => {
    await using stage = await openStage({ files: {}, model: playedBy({}) });
    await stage.post("/workflow audit");
    await stage.settle();
    expect(stage.said()[0]).toMatch(/repository is \*\*empty\*\*.*Push a first commit/s);
  });

  it("a repository without the default branch it claims", async () => {
    await using stage = await openStage({
      files: FILES,
      model: playedBy({}),
      defaultBranch: "trunk",
    });
    await stage.post("/workflow audit");
    await stage.settle();
    expect(stage.said()[0]).toMatch(/no branch `trunk`.*`main`.*--base main/s);
  });

  it.each([
    ["fix", /workflow `fix` needs to know more: say what to fix/],
    ["migrate", /workflow `migrate` needs to know more: say what to migrate/],
  ])("%s without a word of what", async (name, sentence) => {
    await using stage = await openStage({ files: FILES, model: playedBy({}) });
    await stage.post(`/workflow ${name}`);
    await stage.settle();
    expect(stage.said()).toHaveLength(1);
    expect(stage.said()[0]).toMatch(sentence);
    expect(stage.said()[0]).not.toContain("The script threw");
  });

  it("a repository in which there is no room for our branches, before anything is paid for", async () => {
    await using stage = await openStage({ files: FILES, model: playedBy({ worker }) });
    await stage.git("update-ref", "refs/heads/fanfold", "refs/heads/main");
    await stage.post("/workflow fix-greetings");
    await stage.settle();
    expect(stage.said()[0]).toMatch(/branch named `fanfold`.*nothing was started/s);
  });

  it("a workflow that nobody knows", async () => {
    await using stage = await openStage({ files: FILES, model: playedBy({}) });
    await stage.post("/workflow fix-greetigns");
    await stage.settle();
    expect(stage.said()[0]).toMatch(
      /no workflow `fix-greetigns`\. Did you mean `\/workflow fix-greetings`\? Nothing was started.*There are: .*`audit`/s,
    );
  });

  it("P05 a saved workflow that does not parse, with line and caret", async () => {
    await using stage = await openStage({ files: scriptOf("const = 1"), model: playedBy({}) });
    await stage.post("/workflow peculiar");
    await stage.settle();
    expect(stage.said()[0]).toMatch(/peculiar/);
    expect(stage.said()[0]).toMatch(/\^/);
  });
});
