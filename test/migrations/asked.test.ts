// What a migration says when nobody answers it, and what it refuses before it costs anything.

import { expect, it } from "vitest";

import { type Actor, playedBy } from "../story/actors.ts";
import { openTalk } from "./talk.ts";

const SETTINGS = "approval:\n  trusted: [migrate]\nworkerPulls: 0\n";
const FILES = { "a.js": "a\n", "b.js": "b\n", ".github/fanfold.yml": SETTINGS };
const DAY_MS = 24 * 60 * 60_000;

const worker: Actor = ({ task, turn }) => {
  const paths = [...new Set(task.match(/\b[ab]\.js/gu))];
  if (task.startsWith("Which of these")) return { finish: { files: paths } };
  const [path = ""] = paths;
  if (turn > 0) return { finish: { summary: `Turn ${path}` } };
  return { tools: [{ name: "write_file", input: { path, content: `${path} anew\n` } }] };
};

it("says that nobody answered, when nobody did, and keeps the first part", async () => {
  await using talk = openTalk({ files: FILES, model: playedBy({ worker }) });
  await talk.post(`/workflow migrate {"what": "a to b", "ask": true}`);
  expect(talk.said().at(-1)).toContain("Shall the other part be migrated the same way?");
  for (let day = 0; day < 10; day++) await talk.pass(DAY_MS);
  expect(talk.said()[0]).toContain(
    "Migrated `a.js` alone: nobody answered whether the other part should follow.",
  );
  expect(talk.said()[0]).not.toContain("nobody did not approve");
});

it("refuses a way of dividing that it does not know before it pays for anything", async () => {
  const model = playedBy({ worker });
  await using talk = openTalk({ files: FILES, model });
  await talk.post(`/workflow migrate {"what": "a to b", "by": "colour"}`);
  expect(talk.runs()).toMatchObject([{ status: "failed" }]);
  expect(talk.said()[0]).toContain("migration.shards");
  expect(model.requests).toEqual([]);
});
