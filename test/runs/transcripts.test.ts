// What agents said is kept turn by turn, and only ever given back for the same request.

import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openFolderDisk } from "../../src/outside/disk.ts";
import { openTranscripts, type Transcripts } from "../../src/runs/transcripts.ts";
import { call, say } from "../agent/play.ts";
import { request } from "../gate/kit.ts";

let folder: string;
let transcripts: Transcripts;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanfold-"));
  transcripts = openTranscripts(openFolderDisk(folder), "agents");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const place = { key: "abc.1", index: 0 };
const turns = [
  call(["read_file", { path: "a\u0000\n.txt" }]),
  {
    ...call(),
    content: [
      {
        kind: "tool-use" as const,
        id: "t",
        name: "search",
        input: {},
        unreadable: "it is not JSON",
      },
    ],
  },
  say("done"),
];

async function keepAll(): Promise<string> {
  const transcript = transcripts.of(place);
  expect(await transcript.begin(request())).toEqual([]);
  for (const turn of turns) await transcript.keep(turn);
  const [file = ""] = await readdir(folder, { recursive: true, withFileTypes: true }).then((all) =>
    all.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name)),
  );
  return file;
}

describe("an agent's transcript", () => {
  it("gives back what was kept, by another process as well", async () => {
    await keepAll();
    const later = openTranscripts(openFolderDisk(folder), "agents");
    expect(await later.of(place).begin(request())).toEqual(turns);
  });

  it.each([
    ["another model", { ...request(), model: "other" }],
    [
      "another task",
      request({ messages: [{ role: "user", content: [{ kind: "text", text: "x" }] }] }),
    ],
    ["other tools", request({ tools: [{ name: "t", description: "", inputSchema: {} }] })],
  ])("gives back nothing for %s, and starts anew", async (_, other) => {
    await keepAll();
    expect(await transcripts.of(place).begin(other)).toEqual([]);
    expect(await transcripts.of(place).begin(request())).toEqual([]);
  });

  it.each([
    ["a torn line", '{"content":[{"kind":"te'],
    ["a line that is none of ours", '{"content":"x"}\n'],
  ])("ends before %s, and goes on behind what is whole", async (_, tail) => {
    const file = await keepAll();
    await appendFile(file, tail);
    expect(await transcripts.of(place).begin(request())).toEqual(turns);
    await transcripts.of(place).keep(say("more"));
    expect(await transcripts.of(place).begin(request())).toEqual([...turns, say("more")]);
  });

  it("whose first line is broken counts as none", async () => {
    const file = await keepAll();
    await writeFile(file, `x${await readFile(file, "utf8")}`);
    expect(await transcripts.of(place).begin(request())).toEqual([]);
  });

  it("is one for each agent of a call, and goes with the call", async () => {
    await keepAll();
    expect(await transcripts.of({ ...place, index: 1 }).begin(request())).toEqual([]);
    await transcripts.forget("another.1");
    expect(await transcripts.of(place).begin(request())).toEqual(turns);
    await transcripts.forget(place.key);
    expect(await transcripts.of(place).begin(request())).toEqual([]);
  });
});
