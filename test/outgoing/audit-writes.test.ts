// No write to GitHub passes the audit log by, and no text of one gets into it.

import { expect, it } from "vitest";

import { auditForges, auditRemotes } from "../../src/outgoing/audit-writes.ts";
import { createMemoryAuditLog } from "../../src/outside/memory/audit-log.ts";
import { createMemoryGitHub } from "../../src/outside/memory/forge.ts";
import { openGitHome } from "../../src/outside/memory/git-home.ts";
import { forgeReads } from "../contracts/forge-reads.ts";
import { wakeOf } from "../contracts/queue.contract.ts";

const ref = wakeOf("wf-a", 7).repository;
const TEXT = "what people wrote";
const texts = { title: TEXT, body: TEXT, message: TEXT, sarif: TEXT, summary: TEXT };

/** What each call is asked with; the others get a number and texts. */
const given: Readonly<Record<string, readonly unknown[]>> = {
  react: [{ kind: "comment", id: 3 }, "eyes"],
  unreact: [{ kind: "comment", id: 3 }, "eyes"],
  createIssue: [texts],
  uploadCodeScan: [{ ...texts, ref: "refs/heads/main", commit: "c" }],
  createPullRequest: [{ ...texts, head: "topic" }],
  putCheckRun: [{ ...texts, headSha: "c" }],
  createCommit: [{ ...texts, tree: "c" }],
  moveRefs: [
    [
      { ref: "refs/heads/a", to: "c" },
      { ref: "refs/heads/b", to: "d" },
    ],
  ],
};

it("notes every call that changes something before it is made", async () => {
  const log = createMemoryAuditLog();
  const made: string[] = [];
  const bare = await createMemoryGitHub({ ref, home: openGitHome("/nowhere") }).openForge(ref);
  const names = Object.keys(bare).filter((name) => !forgeReads.has(name));
  for (const name of names) {
    Reflect.set(bare, name, async () => {
      // The row is there already.
      expect(log.rows.at(-1)?.what).toBe(name);
      made.push(name);
    });
  }
  const forge = await auditForges(async () => bare, log)(ref);
  for (const name of names) {
    const call: unknown = Reflect.get(forge, name);
    if (typeof call !== "function") throw new Error(`${name} is nothing that can be asked.`);
    await Reflect.apply(call, forge, given[name] ?? [5, texts]);
  }
  expect(made).toEqual(names);
  expect(names.length).toBeGreaterThan(15);
  const moved = log.rows.filter(({ what }) => what === "moveRefs");
  expect(moved.map(({ target, hash }) => [target, hash])).toEqual([
    ["refs/heads/a", "c"],
    ["refs/heads/b", "d"],
  ]);
  expect(log.rows).toContainEqual(
    expect.objectContaining({ what: "createComment", target: "#5", repository: 7 }),
  );
  expect(JSON.stringify(log.rows)).not.toContain(TEXT);
});

it("notes each ref of a push", async () => {
  const log = createMemoryAuditLog();
  const never = (): Promise<never> => Promise.reject(new Error("Nobody asks for this."));
  const push = async () => ({ kind: "pushed" as const });
  const remote = await auditRemotes(async () => ({ list: never, fetch: never, push }), log)(ref);
  await remote.push("dir", [
    { ref: "refs/heads/a", from: null, to: "c" },
    { ref: "refs/heads/b", from: "d", to: null },
  ]);
  expect(log.rows.map(({ what, target, hash }) => [what, target, hash])).toEqual([
    ["push", "refs/heads/a", "c"],
    ["push", "refs/heads/b", null],
  ]);
});
