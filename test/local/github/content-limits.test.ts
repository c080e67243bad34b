// The local GitHub limits what may be created, when it is asked to, and says how long to wait as GitHub does.

import { expect, it } from "vitest";

import { openContentMeter } from "../../../src/local/github/content-limits.ts";
import { at, openTown } from "./town.ts";

const limits = { perMinute: 2, perHour: 3, pullsPerHour: 1 };

it("refuses a comment too many with the seconds to wait, to this account and no other", async () => {
  const town = await openTown({ limits: { contentLimits: limits } });
  try {
    const { data: issue } = await town.ada.rest.issues.create({ ...at, title: "One" });
    const say = (who: typeof town.ada) =>
      who.rest.issues.createComment({ ...at, issue_number: issue.number, body: "Hello" });
    await say(town.ada);
    const refused = say(town.ada);
    await expect(refused).rejects.toThrow("temporarily blocked from content creation");
    await expect(refused).rejects.toMatchObject({
      status: 403,
      response: { headers: { "retry-after": expect.stringMatching(/^(?:5[1-9]|60)$/) } },
    });
    await say(town.grace);
    // Nothing that only reads or changes is counted.
    await town.ada.rest.issues.listComments({ ...at, issue_number: issue.number });
    await town.ada.rest.issues.update({ ...at, issue_number: issue.number, body: "Changed" });
  } finally {
    await town.close();
  }
});

it("keeps three windows, and lets go on when the fullest has room", () => {
  let now = 0;
  const meter = openContentMeter(limits, () => now);
  const comment = () => meter.spend("ada", "POST /repos/acme/site/issues/1/comments");
  const pull = () => meter.spend("ada", "POST /repos/acme/site/pulls");
  pull();
  expect(pull).toThrow("blocked from content creation");
  comment();
  expect(comment).toThrow("blocked from content creation");
  now = 60_000;
  comment();
  expect(comment).toThrow("blocked from content creation");
  now = 3_599_000;
  expect(comment).toThrow("blocked from content creation");
  now = 3_600_000;
  comment();
  pull();
});
