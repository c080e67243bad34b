// The inventory of a migration looks at every file, by as many agents as that takes, and says of which ones nobody knows.

import { expect, it } from "vitest";

import { ModelError } from "../../src/agent/model.ts";
import { type Actor, playedBy } from "../story/actors.ts";
import { openTalk } from "./talk.ts";

const SETTINGS = `approval:
  trusted: [migrate]
workerPulls: 0
`;
const APART = "pullRequests:\n  per: shard\n";

const filesOf = (count: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `src/f${String(index).padStart(4, "0")}.js`,
      "x\n",
    ]),
  );
const pathsIn = (task: string): string[] => [...new Set(task.match(/src\/f\d{4}\.js/gu))];

/** Who migrates, and what an inventory of these paths gives. */
const cast = (inventory: (paths: string[]) => ReturnType<Actor>) =>
  playedBy({
    worker: ({ task, turn }) => {
      const paths = pathsIn(task);
      if (task.startsWith("Which of these")) return inventory(paths);
      const [path = ""] = paths;
      if (turn > 0) return { finish: { summary: `Turn ${path}` } };
      return { tools: [{ name: "write_file", input: { path, content: "y\n" } }] };
    },
  });

it("shares the files among agents, and tells in run and issue what was looked at and what was not", async () => {
  const asked: string[][] = [];
  const model = cast((paths) => {
    asked.push(paths);
    const [first = "", second = ""] = paths;
    if (first === "src/f0200.js")
      return { error: new ModelError("invalid-request", "The model is gone.") };
    // It names a file of the list that was lost, too.
    return { finish: { files: [first, "src/f0300.js"], undecided: second === "" ? [] : [second] } };
  });
  const files = { ...filesOf(401), ".github/fanfold.yml": `${APART}${SETTINGS}` };
  await using talk = openTalk({ files, model });
  await talk.post("/workflow migrate x to y");
  expect([...new Set(asked.flat())]).toHaveLength(401);
  expect(Math.max(...asked.map(({ length }) => length))).toBe(200);
  const [said = ""] = talk.said();
  expect(said).toContain("⚠️ Completed in part");
  expect(said).toContain("2 of 2 parts are accepted.");
  expect(said).toContain("201 of 401 files were not looked at.");
  expect(said).toContain(
    "Coverage: 401 files in scope, 200 read, 1 not read, 200 lost with their agents.",
  );
  await talk.hours(1);
  const issue = talk.github.issues.find(({ title }) => title.startsWith("Migration:"))?.body ?? "";
  expect(issue).toMatch(
    /\*\*Looked at:\*\* 200 of 401 files in run `wf-\w+`, 1 not decided about, 200 lost with their agents\./u,
  );
  expect(issue).toContain("- `src/f0001.js`");
  expect(issue).toContain("- … and 150 more");
});

it("says in the one pull request what was looked at, and of how many places there is none in it", async () => {
  const model = cast((paths) => ({ finish: { files: paths } }));
  const files = { ...filesOf(4_098), ".github/fanfold.yml": SETTINGS };
  await using talk = openTalk({ files, model });
  await talk.post(`/workflow migrate {"what": "x to y", "by": "file"}`);
  expect(talk.said().at(-1)).toContain("Shall the other 4095 be migrated the same way?");
  await talk.post("/workflow reject not so many");
  const [said = ""] = talk.said();
  expect(said).toContain("Migrated `src/f0000.js` alone: ada did not approve the other 4095");
  expect(said).toContain("2 more files need it and are for another run");
  const final = talk.github.pulls.find(({ base }) => base === "main");
  expect(final?.body).toContain("Coverage: 4,098 files in scope, 4098 read, 0 not read.");
});
