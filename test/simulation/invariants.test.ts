// What must hold in every world is seen not to: an invariant that nothing can break shows nothing.

import { describe, expect, it } from "vitest";

import { createMemoryGitHub } from "../../src/outside/memory/forge.ts";
import type { RunRecord } from "../../src/runs/record.ts";
import { bareRecord } from "../runs/bare-record.ts";
import { Hub } from "./git/hub.ts";
import { openWatch } from "./invariants.ts";

const ref = { installationId: 1, repositoryId: 1, owner: "acme", name: "site" };
const RUN = "wf-0000000001";
const STATE = `refs/fanfold/runs/${RUN}/state`;

function openWorld({ givenUp = [] as readonly number[] } = {}) {
  const hub: Hub = new Hub((move) => watch.onMove(move));
  const github = createMemoryGitHub({ ref, home: hub.home() });
  const watch = openWatch({
    hub,
    github: github.state,
    now: () => 0,
    isOfPeople: (name) => name === "refs/heads/main",
    isGivenUp: (pull) => givenUp.includes(pull),
  });
  return { hub, github, watch };
}

/** A run with a checkpoint, and whoever deletes that. */
function deleted(by: string | null, change: Partial<RunRecord>): string[] {
  const { hub, watch } = openWorld();
  watch.chains.runs.set(RUN, {
    record: { ...bareRecord(), id: RUN, ...change },
    script: null,
    entries: [],
    segments: new Map(),
    epoch: 1,
    driver: "p1",
    epochs: new Map([["p1", 1]]),
    lease: null,
    movedAt: 0,
  });
  hub.refs.set(STATE, "0".repeat(40));
  hub.move(STATE, null, by);
  return watch.violations.map(({ what }) => what);
}

describe("a checkpoint that is deleted", () => {
  it.each([
    ["of a run at work", { status: "running" as const }],
    ["of a run that waits", { status: "waiting" as const }],
    ["of an end that was not told", { status: "completed" as const, endTold: false }],
  ])("by a bot breaks an invariant: %s", (_, change) => {
    expect(deleted("p1", change)).toEqual([`${RUN} by p1`]);
  });

  it("of a run whose end was told is cleared away", () => {
    expect(deleted("p1", { status: "completed", endTold: true })).toEqual([]);
  });

  it("by a person is a person's deed", () => {
    expect(deleted(null, { status: "running" })).toEqual([]);
  });
});

describe("a second pull request for the same branches", () => {
  async function violationsWhen(givenUp: readonly number[]): Promise<string[]> {
    const { hub, github, watch } = openWorld({ givenUp });
    hub.commitFiles("main", { "README.md": "One.\n" }, 0);
    hub.refs.set("refs/heads/fanfold/work", hub.refs.get("refs/heads/main") ?? "");
    hub.commitFiles("fanfold/work", { "README.md": "Two.\n" }, 0);
    const forge = await github.openForge(ref);
    const wanted = { head: "fanfold/work", base: "main", title: "Do it", body: "", draft: true };
    for (let nth = 0; nth < 2; nth += 1) {
      const { number } = await forge.createPullRequest(wanted);
      watch.onOperation({ kind: "forge", name: "createPullRequest", given: [wanted] }, "p1");
      await forge.editPullRequest(number, { state: "closed" });
    }
    expect(github.state.pulls).toHaveLength(2);
    return watch.violations.map(({ what }) => what);
  }

  it("breaks an invariant though the first is closed", async () => {
    expect(await violationsWhen([])).toEqual(["pull request of fanfold/work for main: 2 times"]);
  });

  it("may be opened when a person closed the first", async () => {
    expect(await violationsWhen([1])).toEqual([]);
  });
});
