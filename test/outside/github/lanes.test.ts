// Which paces a request waits for, and that a reaction waits for nobody's comment.

import nock from "nock";
import { afterEach, beforeEach, expect, it } from "vitest";

import { lanesOf } from "../../../src/outside/github/lanes.ts";
import { comment, greet, openFixture } from "./fixture.ts";

beforeEach(() => nock.cleanAll());
afterEach(() => nock.cleanAll());

const thread = "/repos/{owner}/{repo}/issues/{issue_number}";

it.each([
  ["GET", `${thread}/comments`, []],
  ["POST", `${thread}/comments`, ["writes", "content"]],
  ["POST", "/repos/{owner}/{repo}/pulls", ["writes", "content"]],
  ["PATCH", "/repos/{owner}/{repo}/issues/comments/{comment_id}", ["writes"]],
  ["POST", "/graphql", ["writes"]],
  ["POST", `${thread}/reactions`, ["reactions"]],
  ["POST", "/repos/acme/site/pulls/comments/7/reactions", ["reactions"]],
  ["DELETE", "/repos/acme/site/issues/comments/7/reactions/9", ["reactions"]],
  ["GET", "/repos/acme/site/issues/comments/7/reactions", []],
])("%s %s", (method, url, lanes) => {
  expect(lanesOf({ method, url })).toEqual(lanes);
});

it("tells 40 people of one installation that they were heard while its comments wait for their pace", async () => {
  const { forge, clock } = await openFixture();
  const scope = greet();
  scope.post("/repos/acme/site/issues/3/comments").times(12).reply(201, comment({}));
  scope
    .post(/\/reactions$/u)
    .times(40)
    .reply(201, { id: 1, content: "eyes", user: null });
  for (let at = 0; at < 12; at += 1) await forge.createComment(3, "hello");
  const began = clock.now();
  for (let id = 1; id <= 40; id += 1) await forge.react({ kind: "comment", id }, "eyes");
  expect(clock.now() - began).toBeLessThan(2_500);
  // A minute has no more of them than GitHub wants, however many people speak.
  scope
    .post(/\/reactions$/u)
    .times(40)
    .reply(201, { id: 1, content: "eyes", user: null });
  for (let id = 41; id <= 80; id += 1) await forge.react({ kind: "comment", id }, "eyes");
  expect(clock.now() - began).toBeGreaterThan(60_000);
});
