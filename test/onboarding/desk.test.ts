// Which new repositories are told what the bot would do there, on git in memory; the rest of it: test/story.

import { expect, it } from "vitest";

import { createOnboardingDesk } from "../../src/onboarding/desk.ts";
import { createManualClock } from "../../src/outside/memory/clock.ts";
import { type BeforeAsking, createMemoryGitHub } from "../../src/outside/memory/forge.ts";
import { ForgeError } from "../../src/world/forge-error.ts";
import { openMemoryHouse } from "../migrations/memory-house.ts";
import { Hub } from "../simulation/git/hub.ts";

/** Titles of the pull requests that a new repository of this name gets, after so many looks at it. */
async function openedIn(
  name: string,
  { looks = 1, before = () => {} }: { looks?: number; before?: BeforeAsking } = {},
): Promise<string[]> {
  const ref = { installationId: 1, repositoryId: 1, owner: "acme", name };
  const clock = createManualClock();
  const hub = new Hub();
  const github = createMemoryGitHub({ ref, home: hub.home(), people: new Map(), before });
  hub.commitFiles("main", { "src/a.js": "a\n" }, clock.now());
  const desk = createOnboardingDesk(openMemoryHouse({ clock, hub, github, ref }));
  await desk.added([ref]);
  for (let look = 0; look < looks; look++)
    await clock.during(desk.beat(new AbortController().signal), 60_000);
  return github.state.pulls.map(({ title }) => title);
}

it("proposes nothing in an owner's own settings repository, where it would hold for all of theirs", async () => {
  expect(await openedIn(".github")).toEqual([]);
  expect(await openedIn("site")).toEqual(["Configure Fanfold"]);
});

it.each(["createCommit", "moveRefs", "createPullRequest"])(
  "goes on with the branch that a look left which ended before %s",
  async (operation) => {
    let isLost = false;
    const before = (asked: string): void => {
      if (asked !== operation || isLost) return;
      isLost = true;
      throw new ForgeError("unreachable", "Nobody answers.");
    };
    expect(await openedIn("site", { looks: 2, before })).toEqual(["Configure Fanfold"]);
    expect(isLost).toBe(true);
  },
);
