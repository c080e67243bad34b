import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, describe, expect, it } from "vitest";

import { openMemoryWorld } from "../../src/outside/memory/world.ts";
import { ForgeError } from "../../src/world/forge-error.ts";
import { firstFiles, forgeContract } from "../contracts/forge.contract.ts";

const silent = { turn: () => Promise.reject(new Error("No model is needed here.")) };

const dirs: string[] = [];
const tempDir = async (): Promise<string> => {
  const dir = await mkdtemp(join(tmpdir(), "fanfold-"));
  dirs.push(dir);
  return dir;
};
afterEach(async () => {
  await Promise.all(dirs.splice(0).map((dir) => rm(dir, { recursive: true, force: true })));
});

forgeContract("in memory", async () => {
  const dir = await mkdtemp(join(tmpdir(), "fanfold-"));
  const people = new Map([
    ["wanda", { id: 5, role: "write" as const }],
    ["rita", { id: 6, role: "read" as const }],
  ]);
  const { github, ref, openForge, openRemote } = await openMemoryWorld({
    dir,
    model: silent,
    files: firstFiles,
    people,
  });
  const issue = github.openIssue("Strings", "wanda");
  return {
    forge: await openForge(ref),
    remote: await openRemote(ref),
    issue,
    say: (body) => Promise.resolve(github.say(issue, "wanda", body)),
    annotationsOf: async (check) =>
      github.state.checks.find(({ id }) => id === check)?.annotations?.length ?? 0,
    startCi: (judge) => {
      github.state.ci = async ({ read }) => {
        const text = await read("ci.txt");
        return text === null ? [] : [{ name: "tests", passed: judge(text), log: text }];
      };
    },
    people: { writer: "wanda", reader: "rita", stranger: "nobody" },
    close: () => rm(dir, { recursive: true, force: true }),
  };
});

describe("the world in memory", () => {
  it("holds the first files under odd names too, and nothing when there are none", async () => {
    const files = { "a b/ü\"'.txt": "text\n", plain: "" };
    const full = await openMemoryWorld({ dir: await tempDir(), model: silent, files });
    const empty = await openMemoryWorld({ dir: await tempDir(), model: silent });
    const list = async ({ openRemote, ref }: typeof full) => (await openRemote(ref)).list("refs/");
    expect([...(await list(full)).keys()]).toEqual(["refs/heads/main"]);
    expect((await list(empty)).size).toBe(0);
  });

  it("lets a test play a failure before any asking, and names what was asked", async () => {
    const asked: string[] = [];
    const { github, ref } = await openMemoryWorld({
      dir: await tempDir(),
      model: silent,
      before: (operation) => {
        asked.push(operation);
        if (operation === "createComment") throw new ForgeError("unreachable", "the line is cut");
      },
    });
    const forge = await github.openForge(ref);
    const issue = github.openIssue("I", "wanda");
    await forge.repository();
    await expect(forge.createComment(issue, "hello")).rejects.toThrow("the line is cut");
    expect(asked).toEqual(["repository", "createComment"]);
    expect(github.state.comments).toEqual([]);
  });

  it("remembers what a comment said before it was edited", async () => {
    const { github, ref } = await openMemoryWorld({ dir: await tempDir(), model: silent });
    const forge = await github.openForge(ref);
    const { id } = await forge.createComment(github.openIssue("I", "wanda"), "one");
    await forge.editComment(id, "two");
    expect(github.state.comments).toMatchObject([{ body: "two", earlier: ["one"] }]);
  });

  it("makes a ready pull request where drafts are not supported", async () => {
    const world = await openMemoryWorld({ dir: await tempDir(), model: silent, files: firstFiles });
    const { github, ref } = world;
    github.state.draftsSupported = false;
    const forge = await github.openForge(ref);
    const main = (await (await world.openRemote(ref)).list("refs/heads/")).get("refs/heads/main");
    const from = await forge.createCommit({
      message: "m",
      tree: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
      parents: [main ?? ""],
    });
    await forge.moveRefs([{ ref: "refs/heads/x", from: null, to: from.sha, force: false }]);
    const pull = { head: "x", base: "main", title: "T", body: "", draft: true };
    expect((await forge.createPullRequest(pull)).draft).toBe(false);
  });

  it("does not open a repository it does not have", async () => {
    const { openForge, ref } = await openMemoryWorld({ dir: await tempDir(), model: silent });
    await expect(openForge({ ...ref, repositoryId: 2 })).rejects.toMatchObject({
      kind: "not-found",
    });
  });
});
