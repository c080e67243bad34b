// Two changes meet in one line: an agent that knows what both were asked unites them, a reviewer looks, the pull request says so.

import { describe, expect, it } from "vitest";

import { type Actor, type Cast, playedBy } from "./actors.ts";
import { openStage } from "./stage.ts";

const SCRIPT = `export const meta = { name: 'greet', description: 'Changes of one line' }
const made = await parallel(args.words.map((word) => () => change('Say ' + word + ' in greeting.txt', { label: word })))
for (const one of made) await review(one, { reviewers: 1, lenses: ['correctness'] })
return (await combine(made)).combined.length
`;
const PLAIN = `export const meta = { name: 'utter', description: 'Changes of one line by plain agents' }
const schema = { type: 'object', properties: { summary: { type: 'string' } } }
await parallel(args.words.map((word) => () => agent('Say ' + word + ' in greeting.txt', { label: word, schema })))
return 'said'
`;
const FILES = {
  "README.md": "numbers\n",
  "greeting.txt": "hello\n",
  "other.txt": "other\n",
  ".claude/workflows/greet.js": SCRIPT,
  ".claude/workflows/utter.js": PLAIN,
  ".github/fanfold.yml": "approval:\n  trusted: [greet, utter]\n",
};

const wordIn = (task: string): string => /Say (\w+) in/.exec(task)?.[1] ?? "?";

const worker: Actor = ({ task, turn }) => {
  const word = wordIn(task);
  const path = word === "else" ? "other.txt" : "greeting.txt";
  return turn === 0
    ? { tools: [{ name: "write_file", input: { path, content: `hello ${word}\n` } }] }
    : { finish: { summary: `Say ${word}` } };
};

/** With `restart` the bot is stopped while the reviewer of the united text is at work, and started again. */
async function ranWith(
  words: readonly string[],
  cast: Cast,
  { restart = false, workflow = "greet" }: { restart?: boolean; workflow?: string } = {},
) {
  const told: string[] = [];
  const looking = Promise.withResolvers<void>();
  let isOpen = !restart;
  const resolver: Actor = async (talk) => {
    told.push(talk.task);
    return cast.resolver?.(talk) ?? { finish: { files: [], summary: "No idea." } };
  };
  const model = playedBy({ worker, ...cast, resolver });
  const inner = model.turn.bind(model);
  model.turn = async (request, signal) => {
    const turn = await inner(request, signal);
    if (isOpen || !JSON.stringify(request.messages[0]).includes("were united")) return turn;
    looking.resolve();
    return await new Promise((_, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason)),
    );
  };
  const stage = await openStage({ files: FILES, model });
  await stage.post(`/workflow ${workflow} ${JSON.stringify({ words })}`);
  if (restart) {
    await stage.world.clock.during(looking.promise, 200);
    isOpen = true;
    await stage.restart();
  }
  await stage.settle();
  const final = stage.github.pulls.find(({ head }) => head.endsWith("/result"));
  return { stage, told, final: final?.body ?? "" };
}

const united: Actor = () => ({
  finish: {
    files: [{ path: "greeting.txt", text: "hello sun and moon\n" }],
    summary: "Both words are said.",
  },
});

describe("two changes of one line", () => {
  it("are united by an agent that is asked once, also after a restart, and the pull request says where they met", async () => {
    let facts = "";
    const synthesizer: Actor = ({ task }) => {
      facts = task;
      return { finish: { title: "Greet", summary: "Greets.", risks: "" } };
    };
    const cast = { resolver: united, synthesizer };
    const { stage, told, final } = await ranWith(["sun", "moon", "else"], cast, {
      restart: true,
    });
    await using _stage = stage;
    expect(stage.said()[0]).toContain("✅ Completed");
    const run = /wf-\w+/.exec(stage.said()[0] ?? "")?.[0] ?? "";
    expect(await stage.git("show", `fanfold/${run}/result:greeting.txt`)).toBe(
      "hello sun and moon",
    );
    expect(await stage.git("show", `fanfold/${run}/result:other.txt`)).toBe("hello else");
    expect(final).toContain("1 pair of changes touched the same places");
    expect(final).toMatch(
      /\| (sun \| moon|moon \| sun) \| `greeting\.txt` \| united by an agent, reviewed \|/,
    );
    expect(final).toContain("1 conflict that git could not merge");
    expect(final).toMatch(/\| `greeting.txt` 1.*, its conflict resolved by an agent \| accepted/);
    expect(facts).toContain("Both words are said.");
    expect(final).toContain("Nothing was left out.");
    // It was told the conflict and both requirements, and nothing else of the repository.
    expect(told).toHaveLength(1);
    expect(told[0]).toContain("Say sun in greeting.txt");
    expect(told[0]).toContain("Say moon in greeting.txt");
    expect(told[0]).toContain("hello moon");
    expect(told[0]).not.toContain("other");
    // Three workers, three reviews, a resolver and its reviewer, and whoever wrote the words.
    expect(final).toContain("for 9 agents");
  });

  it("stay apart when the reviewer rejects what the agent wrote, and the pull request says why", async () => {
    const reviewer: Actor = ({ task }) => ({
      finish: task.includes("were united")
        ? {
            verdict: "reject",
            findings: [
              {
                path: "greeting.txt",
                line: 1,
                severity: "blocking",
                title: "The moon is missing",
                claim: "It must be said.",
                evidence: "hello",
              },
            ],
          }
        : { verdict: "accept", findings: [] },
    });
    const { stage, told, final } = await ranWith(["sun", "moon"], { resolver: united, reviewer });
    await using _stage = stage;
    expect(told).toHaveLength(1);
    expect(final).toContain("its reviewer rejected it: The moon is missing");
    expect(final).toMatch(/\| `greeting\.txt` \| not in: moon \|/);
    const run = /wf-\w+/.exec(stage.said()[0] ?? "")?.[0] ?? "";
    expect(await stage.git("show", `fanfold/${run}/result:greeting.txt`)).toBe("hello sun");
  });

  it("are united for plain agents as well, whose edits go straight into the trunk", async () => {
    const workflow = "utter";
    const { stage, told, final } = await ranWith(
      ["sun", "moon"],
      { resolver: united },
      { workflow },
    );
    await using _stage = stage;
    const run = /wf-\w+/.exec(stage.said()[0] ?? "")?.[0] ?? "";
    expect(await stage.git("show", `fanfold/${run}/result:greeting.txt`)).toBe(
      "hello sun and moon",
    );
    expect(told).toHaveLength(1);
    expect(told[0]).toContain("Say sun in greeting.txt");
    expect(final).toContain("1 conflict that git could not merge");
    expect(final).toContain("for 5 agents");
  });

  it("stay apart when the run may start no more agents, and the pull request says so", async () => {
    // Two workers and two reviewers; the agent and its reviewer would be the fifth and the sixth.
    const { stage, told, final } = await ranWith(
      ["sun", "moon"],
      { resolver: united },
      { workflow: "greet --max-agents 5" },
    );
    await using _stage = stage;
    expect(told).toEqual([]);
    expect(final).toContain("the run's limit of agents leaves none to resolve it");
  });

  it("cost nothing where nothing conflicts, and the pull request says that nobody met", async () => {
    const { stage, told, final } = await ranWith(["sun", "else"], {});
    await using _stage = stage;
    expect(told).toEqual([]);
    expect(final).toContain("No two changes touched the same file.");
    expect(final).toContain("for 5 agents");
  });
});
