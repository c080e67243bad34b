// Many who want the same token at the same time share one request for it.

import nock from "nock";
import { afterEach, beforeEach, expect, it } from "vitest";

import { openFixture, token } from "./fixture.ts";

beforeEach(() => nock.cleanAll());
afterEach(() => nock.cleanAll());

it("is minted once for ten who ask at once, and again when the first attempt failed", async () => {
  const { clients } = await openFixture();
  const wanted = { installationId: 7, repository: 42 };
  const minting = nock("https://api.example.test");
  let minted = 0;
  minting
    .post("/app/installations/7/access_tokens")
    .times(20)
    .reply(() => {
      minted += 1;
      return minted === 1
        ? [403, { message: "no" }]
        : [201, { token, expires_at: "2099-01-01T00:00:00Z", permissions: {} }];
    });
  const asking = () => Promise.allSettled(Array.from({ length: 10 }, () => clients.tokens(wanted)));
  expect((await asking()).map(({ status }) => status)).toEqual(Array(10).fill("rejected"));
  expect((await asking()).map(({ status }) => status)).toEqual(Array(10).fill("fulfilled"));
  expect(minted).toBe(2);
});
