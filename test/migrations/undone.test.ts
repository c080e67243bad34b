// A run of a migration is undone: what nobody has seen yet is taken back, what is proposed is people's, and a later run finds all of it anew.

import { expect, it } from "vitest";

import { type Actor, playedBy } from "../story/actors.ts";
import { openTalk } from "./talk.ts";
import { openTown } from "./town.ts";

const FILES = { "a.js": "a\n", "b.js": "b\n", "c.js": "c\n", "d.js": "d\n" };
const done = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, { [`${name}.js`]: `${name} anew\n` }]));

const keptIn = ({ hub }: ReturnType<typeof openTown>): string[] =>
  [...hub.refs.keys()].filter((name) => name.startsWith("refs/fanfold/migrations/"));

it("opens no part of a run that was undone, clears its commits away, and says so in the issue", async () => {
  const town = openTown({ files: FILES, settings: "  hourlyLimit: 1\n" });
  await town.propose(done("a", "b", "c"));
  await town.propose(done("d"));
  await town.look();
  expect(town.pulls()).toHaveLength(1);
  expect(keptIn(town)).toHaveLength(4);
  const { number } = town.pullOf("a");
  const taken = { parts: 2, again: [], pulls: [number] };
  expect(await town.takeBack("wf-1")).toEqual(taken);
  // Whoever died in the middle says the same when it goes on.
  town.restart();
  expect(await town.takeBack("wf-1")).toEqual(taken);
  await town.hours(4);
  expect((await town.shards()).map(({ name, status }) => [name, status])).toEqual([
    ["a", "open"],
    ["d", "open"],
  ]);
  expect(town.pulls()).toHaveLength(2);
  expect(keptIn(town)).toHaveLength(2);
  expect(town.issue()).toMatch(
    /Run `wf-1` was undone at .*: 2 parts that waited were taken out\./u,
  );
  // It was no no: when somebody asks again, it is proposed.
  await town.propose(done("b"));
  await town.hours(1);
  expect(town.pulls()).toHaveLength(3);
});

it("opens no issue for a migration that was undone as a whole before anybody saw it", async () => {
  const town = openTown({ files: FILES });
  await town.propose(done("a"));
  await town.takeBack("wf-1");
  await town.hours(2);
  expect(town.pulls()).toEqual([]);
  expect(town.issue()).toBe("");
});

it("names the run that does a part again which was taken back", async () => {
  const town = openTown({ files: FILES });
  await town.propose(done("a"));
  town.push({ "a.js": "a of ada\n" });
  await town.hours(1);
  const { redo } = await town.shard("a");
  expect(await town.takeBack("wf-1")).toEqual({ parts: 1, again: [redo?.run], pulls: [] });
});

it("closes the pull request that was being opened while its run was undone", async () => {
  let undo: (() => Promise<unknown>) | null = null;
  const town = openTown({
    files: FILES,
    before: async (name) => {
      const now = undo;
      if (name !== "createPullRequest" || now === null) return;
      undo = null;
      await now();
    },
  });
  const other = town.openBot();
  undo = () => other.ledger.takeBack(town.ref, "wf-1");
  await town.propose(done("a"));
  town.push({ "b.js": "b of ada\n" });
  await town.look(2_000);
  expect(town.pulls()).toMatchObject([{ state: "closed" }]);
  expect(town.pulls()[0]?.body).toMatch(/^↩️ \*\*Undone\*\*/u);
  expect(town.hub.refs.has(`refs/heads/${town.pulls()[0]?.head}`)).toBe(false);
  expect(await town.shards()).toEqual([]);
  expect(keptIn(town)).toEqual([]);
});

it("takes waiting parts back by command, and lists what stays", async () => {
  const worker: Actor = ({ task, turn }) => {
    const paths = [...new Set(task.match(/\b[a-d]\.js/gu))];
    if (task.startsWith("Which of these")) return { finish: { files: paths } };
    const [path = ""] = paths;
    if (turn > 0) return { finish: { summary: `Turn ${path}` } };
    return { tools: [{ name: "write_file", input: { path, content: `${path} anew\n` } }] };
  };
  const settings = `pullRequests:
  per: shard
  hourlyLimit: 1
approval:
  trusted: [migrate]
permissions:
  undo: write
workerPulls: 0
`;
  await using talk = openTalk({
    files: { ...FILES, ".github/fanfold.yml": settings },
    model: playedBy({ worker }),
  });
  await talk.post(`/workflow migrate {"what": "a to b", "by": "file"}`);
  await talk.hours(1);
  const parts = () => talk.github.pulls.filter(({ head }) => head.startsWith("fanfold/migration-"));
  expect(parts()).toHaveLength(1);
  await talk.post("/workflow undo");
  await talk.hours(3);
  expect(talk.said()[0]).toContain(
    "3 parts of its migration that waited for a pull request taken out",
  );
  expect(talk.said()[0]).toContain(
    `#${parts()[0]?.number} stays open, each a part of its migration`,
  );
  expect(parts()).toHaveLength(1);
});
