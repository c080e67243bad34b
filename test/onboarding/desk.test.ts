// Which new repositories are told what the bot would do there, on git in memory; the rest of it: test/story.

import { expect, it } from "vitest";

import { createOnboardingDesk } from "../../src/onboarding/desk.ts";
import { createManualClock } from "../../src/outside/memory/clock.ts";
import { createMemoryGitHub } from "../../src/outside/memory/forge.ts";
import { openMemoryHouse } from "../migrations/memory-house.ts";
import { Hub } from "../simulation/git/hub.ts";

/** Titles of the pull requests that a new repository of this name gets. */
async function openedIn(name: string): Promise<string[]> {
  const ref = { installationId: 1, repositoryId: 1, owner: "acme", name };
  const clock = createManualClock();
  const hub = new Hub();
  const github = createMemoryGitHub({ ref, home: hub.home(), people: new Map() });
  hub.commitFiles("main", { "src/a.js": "a\n" }, clock.now());
  const desk = createOnboardingDesk(openMemoryHouse({ clock, hub, github, ref }));
  await desk.added([ref]);
  await clock.during(desk.beat(new AbortController().signal), 1_000);
  return github.state.pulls.map(({ title }) => title);
}

it("proposes nothing in an owner's own settings repository, where it would hold for all of theirs", async () => {
  expect(await openedIn(".github")).toEqual([]);
  expect(await openedIn("site")).toEqual(["Configure Fanfold"]);
});
