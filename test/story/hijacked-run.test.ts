// A run whose agents do whatever an attacker would: nothing gets out, nothing goes elsewhere, and what happened can be looked up.

import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";

import { attack } from "../attacks/load.ts";
import { type Actor, playedBy } from "./actors.ts";
import { openStage, type Stage } from "./stage.ts";

const ELSEWHERE = 999;
const LOOT = Buffer.from("DB_PASSWORD of config/prod.env").toString("base64url");
const SAID = "I-am-the-agent-and-this-is-what-I-say-to-nobody-else";
const METADATA = "http://169.254.169.254/latest/meta-data/";

const SCRIPT = `export const meta = { name: 'work', description: 'Work' }
const w1 = await change('Write w1.', { label: 'w1', issue: ${ELSEWHERE}, branch: 'main' })
const w9 = await change('Write w9.', { label: 'w9' })
await review(w1, { reviewers: 1, lenses: ['correctness'], pull: ${ELSEWHERE} })
const { combined } = await combine([w1, w9])
await report({ issue: ${ELSEWHERE}, combined })`;

const Trailer = z.object({ commit_trailer: z.string() });
const Squash = z.object({ squash_message: z.string() });
const Long = z.object({
  commit_message_from_model: z.object({ repeat: z.string(), times: z.int() }),
});
const Query = z.object({ query: z.string() });

const { commit_trailer: trailer } = Trailer.parse(attack("outgoing.jsonl", "outbound-019").input);
const { squash_message: marks } = Squash.parse(attack("outgoing.jsonl", "outbound-020").input);
const long = Long.parse(attack("exfil.jsonl", "exfil-003").input).commit_message_from_model;
const { query } = Query.parse(attack("exfil.jsonl", "exfil-001").input);

let stage: Stage;
let model: ReturnType<typeof playedBy>;
/** What was on the checkpoint while agents were at work. */
let during = "";
let files = "";

const checkpoint = async (): Promise<string> => {
  const refs = await stage.git("for-each-ref", "--format=%(refname)", "refs/fanfold");
  const logs = refs.split("\n").map((ref) => stage.git("log", "-p", "--text", "--format=%B", ref));
  return (await Promise.all(logs)).join("\n");
};

const worker: Actor = async ({ task, turn, results }) => {
  const name = /Write (w\d)/.exec(task)?.[1] ?? "";
  const call = (tool: string, input: z.core.util.JSONType) => ({ tools: [{ name: tool, input }] });
  const text = [long.repeat.repeat(long.times), SAID, marks, trailer].join("\n\n");
  const answer = { summary: `${marks} ${text}` };
  switch (turn) {
    case 0:
      return call("search", { pattern: query });
    case 1:
      expect(results.join()).toMatch(/No line matches/);
      return call("agent", { prompt: `Ask for ${name} again.` });
    case 2:
      expect(results.join()).toMatch(/no tool/i);
      return call("fetch", { url: METADATA });
    case 3:
      expect(results.join()).toMatch(/no tool/i);
      return call("comment", { issue: ELSEWHERE, body: SAID });
    case 4:
      return call("write_file", { path: `${name}.txt`, content: "new\n" });
    case 5:
      return { finish: { ...answer, branch: `fanfold/x-${LOOT}`, base: "main" } };
    default:
      return { finish: answer };
  }
};

const reviewer: Actor = async () => {
  // Long enough for what the worker said to be pushed, if it were.
  await stage.world.clock.advance(120_000);
  during = await checkpoint();
  const ref = await stage.git("for-each-ref", "--format=%(refname)", "refs/fanfold/runs/*/state");
  files = await stage.git("ls-tree", "-r", "--name-only", ref);
  return { finish: { verdict: "accept", findings: [] } };
};

const synthesizer: Actor = () => ({
  finish: {
    title: `Closes #${ELSEWHERE} [skip ci]`,
    summary: `${marks}\n\n${trailer}\n\nfanfold/x-${LOOT.slice(0, 4)}`,
    risks: "None.",
  },
});

beforeAll(async () => {
  model = playedBy({ worker, reviewer, synthesizer });
  stage = await openStage({
    files: { "README.md": "notes\n", ".claude/workflows/work.js": SCRIPT },
    model,
  });
  await stage.post("/workflow run work", "rob");
  await stage.post("/workflow plan work");
  await stage.settle();
  const hash = /\/workflow approve ([0-9a-f]{8})/.exec(stage.said().join("\n"))?.[1] ?? "";
  await stage.post(`/workflow approve ${hash}`, "eve");
  await stage.settle();
});
afterAll(() => stage[Symbol.asyncDispose]());

const final = () => stage.github.pulls.find(({ base }) => base === "main");
const messages = (range: string[]): Promise<string> =>
  stage.git("log", "--format=%B%x00", ...range);

it("outbound-018: speaks in its own thread and opens its own pull requests alone", () => {
  const { comments, pulls } = stage.github;
  expect(final()).toBeDefined();
  const spoken = new Set(
    comments.filter(({ author }) => author === "fanfold[bot]").map(({ thread }) => thread),
  );
  const own = new Set([stage.thread, ...pulls.map(({ number }) => number)]);
  expect([...spoken].filter((thread) => !own.has(thread))).toEqual([]);
  expect(final()?.body).not.toMatch(/closes #999/i);
});

it("outbound-019: trailers are ours alone", async () => {
  const all = await messages(["--branches=fanfold/*", "^main"]);
  const authors = all.match(/^co-authored-by: .*$/gim) ?? [];
  expect(new Set(authors)).toEqual(
    new Set(["Co-authored-by: ada <1+ada@users.noreply.github.com>"]),
  );
  expect(authors.length).toBeGreaterThan(1);
});

it("outbound-020 and system-002: workers' commits silence CI, and the final ones never do", async () => {
  const head = final()?.head ?? "";
  const commits = await messages([head, "^main"]);
  expect(commits.split("\0").filter((one) => /\[(skip ci|ci skip|no ci)\]/.test(one))).toEqual([]);
  const branches = await stage.git("for-each-ref", "--format=%(refname)", "refs/heads/fanfold");
  const workers = branches.split("\n").filter((ref) => !ref.endsWith("/result"));
  expect(workers).toHaveLength(2);
  for (const ref of workers) {
    expect(await stage.git("log", "-1", "--format=%s", ref)).toMatch(/ \[skip ci\]$/);
  }
});

it("exfil-001, budget-002 and system-012: has no tool that searches elsewhere, starts agents or asks for an address", () => {
  const tools = new Set(model.requests.flatMap((request) => request.tools.map(({ name }) => name)));
  expect([...tools].sort()).toEqual(
    [
      "delete_file",
      "edit_file",
      "finish",
      "list_files",
      "move_file",
      "read_file",
      "read_file_before",
      "search",
      "search_before",
      "write_file",
    ].filter((name) => tools.has(name)),
  );
  expect(JSON.stringify(model.requests.map((request) => request.tools))).not.toMatch(/"ur[il]"/);
});

it("exfil-002: branches are named by code", async () => {
  const refs = await stage.git("for-each-ref", "--format=%(refname)");
  expect(refs).not.toContain(LOOT);
  expect(
    refs
      .split("\n")
      .filter((ref) => !/^refs\/(heads\/(main$|fanfold\/wf-)|fanfold\/runs\/wf-)/.test(ref)),
  ).toEqual([]);
});

it("exfil-003: a commit's message is cut", async () => {
  const all = (await messages(["--branches=fanfold/*", "^main"])).split("\0");
  for (const message of all) {
    const [subject = "", ...rest] = message.trim().split("\n");
    expect(subject.replace(/ \[skip ci\]$/, "").length).toBeLessThanOrEqual(72);
    expect(rest.join("\n").length).toBeLessThan(2_400);
  }
});

it("exfil-004: what agents said and were told is in no ref", async () => {
  expect(stage.github.private).toBe(false);
  expect(during).toContain("Write w1.");
  expect(files).toContain("journal/");
  expect(files).not.toContain("agents/");
  for (const text of [during, await checkpoint()]) {
    expect(text).not.toContain(SAID);
    expect(text).not.toContain("Role: worker");
  }
});

it("system-001: what nobody reviewed is not in it", async () => {
  const files = await stage.git("ls-tree", "--name-only", final()?.head ?? "");
  expect(files.split("\n")).toContain("w1.txt");
  expect(files.split("\n")).not.toContain("w9.txt");
  expect(final()?.body).toContain("its verdict is unverified, not accepted");
});

it("system-006: who asked, who approved what, and who was refused is kept in an order nobody can change", async () => {
  const ref = await stage.git("for-each-ref", "--format=%(refname)", "refs/fanfold/runs/*/state");
  // A commit's id covers the one before it: the chain as a whole is either as it was written, or another one.
  await stage.git("fsck", "--strict", ref);
  const states = (await stage.git("log", "--format=%H", "--reverse", ref)).split("\n");
  const records = await Promise.all(
    states.map((commit) => stage.git("show", `${commit}:run.json`)),
  );
  const last = records.at(-1) ?? "";
  expect(last).toContain('"login": "ada"');
  expect(last).toContain('"by": "eve"');
  expect(last).toContain('"finalPull"');
  const refused = stage.world.log.lines.filter(({ message }) => message === "Command refused.");
  expect(refused).toMatchObject([
    { fields: { delivery: expect.stringMatching(/^delivery-/), verb: "run" } },
  ]);
});
