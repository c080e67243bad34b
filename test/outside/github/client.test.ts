import nock from "nock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { ForgeError } from "../../../src/world/forge-error.ts";
import { acting } from "../../../src/world/permit.ts";
import { comment, greet, openFixture, token } from "./fixture.ts";

beforeEach(() => nock.cleanAll());
afterEach(() => nock.cleanAll());

const exhausted = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "4102444800" };
const comments = "/repos/acme/site/issues/3/comments";

describe("a client of GitHub's API", () => {
  it("names the API version and signs with the installation's token", async () => {
    const reqheaders = { "x-github-api-version": "2022-11-28", authorization: `token ${token}` };
    greet();
    nock("https://api.example.test", { reqheaders }).get("/repos/acme/site").reply(200, repository);
    const { forge } = await openFixture();
    expect(await forge.repository()).toMatchObject({ defaultBranch: "main", private: true });
  });

  it("sends a creating request once when the answer is lost, and calls it unreachable", async () => {
    let sent = 0;
    greet()
      .post(comments)
      .times(5)
      .reply(() => {
        sent += 1;
        return [502, "bad gateway"];
      });
    const { forge } = await openFixture();
    await expect(forge.createComment(3, "hello")).rejects.toMatchObject({ kind: "unreachable" });
    expect(sent).toBe(1);
  });

  it("sends nothing for work that has lost its permit, asked after every wait of its own", async () => {
    let sent = 0;
    greet()
      .post(comments)
      .times(3)
      .reply(() => {
        sent += 1;
        return [201, comment({})];
      });
    const { forge, clock } = await openFixture();
    const asked: number[] = [];
    const permit = async (): Promise<void> => void asked.push(clock.slept.length);
    await acting(permit, () => forge.createComment(3, "hello"));
    const waited = clock.slept.length;
    await acting(permit, () => forge.createComment(3, "hello again"));
    // Creating content waits for its pace, and is asked about behind that.
    expect(clock.slept.length).toBeGreaterThan(waited);
    expect(asked.at(-1)).toBe(clock.slept.length);
    expect(sent).toBe(2);
    const lost = () => Promise.reject(new Error("It is another one's."));
    await expect(acting(lost, () => forge.createComment(3, "too late"))).rejects.toThrow(
      "another one",
    );
    expect(sent).toBe(2);
  });

  it("reads again after a 502", async () => {
    greet().get("/repos/acme/site").reply(502, "bad gateway");
    nock("https://api.example.test").get("/repos/acme/site").reply(200, repository);
    const { forge } = await openFixture();
    expect(await forge.repository()).toMatchObject({ id: 42 });
  });

  it("calls a cut connection unreachable and says that the outcome is unknown", async () => {
    greet().post(comments).replyWithError(new Error("socket hang up"));
    const { forge } = await openFixture();
    const failure = await forge.createComment(3, "hello").catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ForgeError);
    expect(failure).toMatchObject({ kind: "unreachable" });
    expect(String(failure)).toContain("is unknown");
    nock("https://api.example.test")
      .get("/repos/acme/site")
      .times(3)
      .replyWithError(new Error("socket hang up"));
    const unread = await forge.repository().catch((error: unknown) => error);
    expect(String(unread)).toMatch(/asked to read the repository.*Nothing was changed by it/);
  });

  it("never repeats into a secondary limit, and stops creating for as long as GitHub asks", async () => {
    let sent = 0;
    greet()
      .post(comments)
      .reply(() => {
        sent += 1;
        return [
          403,
          { message: "You have exceeded a secondary rate limit" },
          { "retry-after": "90" },
        ];
      })
      .post(comments)
      .reply(201, comment({}));
    const { forge, clock } = await openFixture();
    await expect(forge.createComment(3, "one")).rejects.toMatchObject({
      kind: "limited",
      retryAfterMs: 90_000,
    });
    expect(sent).toBe(1);
    const before = clock.now();
    await forge.createComment(3, "two");
    expect(clock.now() - before).toBeGreaterThanOrEqual(90_000);
  });

  it("tells how long GitHub asked to wait, and goes on editing while it may create nothing", async () => {
    const blocked = { message: "You have exceeded a secondary rate limit" };
    greet()
      .post(comments)
      .reply(403, blocked, { "retry-after": "90" })
      .patch("/repos/acme/site/issues/comments/5")
      .reply(200, comment({}))
      .patch("/repos/acme/site/issues/comments/5")
      .reply(403, blocked, { "retry-after": "100" })
      .patch("/repos/acme/site/issues/comments/5")
      .reply(200, comment({}));
    const { forge, clock } = await openFixture();
    expect(forge.held()).toBeNull();
    await expect(forge.createComment(3, "one")).rejects.toThrow(
      "GitHub asked us to wait 90 s while we tried to comment on #3",
    );
    const began = clock.now();
    const told = { what: "comments and reviews", askedMs: 90_000, until: began + 90_000 };
    expect(forge.held()).toEqual(told);
    await forge.editComment(5, "waits");
    expect(clock.now() - began).toBeLessThan(1_000);
    await expect(forge.editComment(5, "waits")).rejects.toMatchObject({ kind: "limited" });
    await forge.editComment(5, "goes on");
    expect(clock.now() - began).toBeGreaterThanOrEqual(100_000);
    await clock.sleep(200_000);
    expect(forge.held()).toBeNull();
  });

  it("spreads the last tenth of an hour's requests over what is left of the hour", async () => {
    const { forge, clock, clients, waits } = await openFixture();
    expect(clients.budgetLeft()).toBeNull();
    const reset = String(clock.now() / 1_000 + 600);
    const told = (remaining: number) => ({
      "x-ratelimit-limit": "100",
      "x-ratelimit-remaining": String(remaining),
      "x-ratelimit-reset": reset,
    });
    greet();
    for (const remaining of [11, 10, 9, 1]) {
      nock("https://api.example.test")
        .get("/repos/acme/site")
        .reply(200, repository, told(remaining));
    }
    const began = clock.now();
    await forge.repository();
    await forge.repository();
    expect(clock.now()).toBe(began);
    expect(waits).toEqual([]);
    expect(clients.budgetLeft()).toBe(0.1);
    await forge.repository();
    await forge.repository();
    expect(Math.round((clock.now() - began) / 1_000)).toBe(67);
    expect(waits.reduce((all, ms) => all + ms, 0)).toBe(clock.now() - began);
    expect(clients.budgetLeft()).toBe(0.01);
    await expect(forge.repository()).rejects.toThrow("nearly used up");
  });

  it("refuses at once, sending nothing, what would have to wait longer than two minutes", async () => {
    greet()
      .post(comments)
      .reply(429, { message: "secondary rate limit" }, { "retry-after": "3600" });
    const { forge, clock } = await openFixture();
    await expect(forge.createComment(3, "one")).rejects.toMatchObject({ kind: "limited" });
    const before = clock.now();
    await expect(forge.createComment(3, "two")).rejects.toThrow("Nothing was sent");
    expect(clock.now() - before).toBeLessThan(1_000);
  });

  it.each([
    { status: 404, said: "Not Found", headers: {}, kind: "not-found" },
    { status: 410, said: "Gone", headers: {}, kind: "not-found" },
    { status: 403, said: "Resource not accessible by integration", headers: {}, kind: "forbidden" },
    { status: 403, said: "API rate limit exceeded", headers: exhausted, kind: "limited" },
    { status: 422, said: "Validation Failed", headers: {}, kind: "refused" },
    { status: 409, said: "Conflict", headers: {}, kind: "refused" },
    { status: 503, said: "down", headers: {}, kind: "unreachable" },
  ])("reads $status $said as $kind", async ({ status, said, headers, kind }) => {
    greet().post(comments).times(9).reply(status, { message: said }, headers);
    const { forge } = await openFixture();
    await expect(forge.createComment(3, "hello")).rejects.toMatchObject({ kind });
  });

  it("repeats neither a refusal nor a limit, even of a request that may be repeated", async () => {
    let sent = 0;
    greet()
      .post("/repos/acme/site/issues/comments/5/reactions")
      .times(5)
      .reply(() => {
        sent += 1;
        return [sent === 1 ? 403 : 200, { message: "You have exceeded a secondary rate limit" }];
      });
    const { forge } = await openFixture();
    await expect(forge.react({ kind: "comment", id: 5 }, "eyes")).rejects.toMatchObject({
      kind: "limited",
    });
    expect(sent).toBe(1);
  });

  it("calls an answer it cannot read unreachable instead of trusting it", async () => {
    greet().post(comments).reply(201, { id: "five" });
    const { forge } = await openFixture();
    await expect(forge.createComment(3, "hello")).rejects.toMatchObject({ kind: "unreachable" });
  });

  it("keeps tokens out of everything an error carries", async () => {
    const leaky = `token ${token} and ghs_1_eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJmYW5mb2xkIn0.c2ln-bmF0dXJl`;
    greet().post(comments).reply(422, { message: leaky });
    const { forge } = await openFixture();
    const failure = await forge.createComment(3, "hello").catch((error: unknown) => error);
    const all = JSON.stringify(failure, Object.getOwnPropertyNames(failure)) + String(failure);
    const cause =
      failure instanceof Error ? JSON.stringify(failure.cause, ["message", "stack"]) : "";
    expect(all + cause).not.toMatch(/ghs_|eyJ/);
    expect(all).toContain("[redacted]");
  });

  it("system-004: signs with a token of the one repository, and waits while GitHub's servers do not know it yet", async () => {
    const asked: unknown[] = [];
    const mint = (value: string) =>
      nock("https://api.example.test")
        .post("/app/installations/7/access_tokens", (body) => asked.push(body) > 0)
        .reply(201, { token: value, expires_at: "2099-01-01T00:00:00Z" });
    const signed = (value: string) =>
      nock("https://api.example.test", { reqheaders: { authorization: `token ${value}` } });
    mint("one");
    signed("one")
      .get("/repos/acme/site")
      .reply(401, { message: "Bad credentials" })
      .get("/repos/acme/site")
      .reply(200, repository);
    const { forge, clients, clock } = await openFixture();
    expect(await forge.repository()).toMatchObject({ id: 42 });
    expect(clock.slept).toEqual([1_000]);
    mint("two");
    signed("two").get("/repos/acme/other").reply(200, repository);
    const other = clients.repository({ installationId: 7, repositoryId: 43 });
    await other.rest.repos.get({ owner: "acme", repo: "other" });
    expect(asked).toEqual([{ repository_ids: [42] }, { repository_ids: [43] }]);
    // A token that was good for a while is refused for good.
    await clock.sleep(60_000);
    signed("one").get("/repos/acme/site").reply(401, { message: "Bad credentials" });
    await expect(forge.repository()).rejects.toMatchObject({ kind: "forbidden" });
  });

  it("reads what an owner keeps privately with a token of that repository, to read with", async () => {
    const asked: unknown[] = [];
    const path = "/repos/acme/.github/contents/.github%2Ffanfold.yml";
    const mint = (reply: [number, object]) =>
      nock("https://api.example.test")
        .post("/app/installations/7/access_tokens", (body) => asked.push(body) > 0)
        .reply(...reply);
    greet();
    nock("https://api.example.test").get(path).times(2).reply(404, { message: "Not Found" });
    const { forge } = await openFixture();
    mint([422, { message: "There is at least one repository that does not exist" }]);
    expect(await forge.readFile(".github/fanfold.yml", "owner")).toBeNull();
    mint([201, { token: "private", expires_at: "2099-01-01T00:00:00Z" }]);
    const text = { type: "file", encoding: "base64", content: btoa("size: small\n") };
    nock("https://api.example.test", { reqheaders: { authorization: "token private" } })
      .get(path)
      .reply(200, text);
    expect(await forge.readFile(".github/fanfold.yml", "owner")).toBe("size: small\n");
    expect(asked).toEqual([
      { repositories: [".github"], permissions: { contents: "read" } },
      { repositories: [".github"], permissions: { contents: "read" } },
    ]);
  });

  it("asks again who it is when the first asking failed", async () => {
    nock("https://api.example.test")
      .get("/app")
      .reply(401, { message: "A JSON web token could not be decoded" })
      .get("/app")
      .reply(200, { id: 1, slug: "fanfold" });
    const { clients } = await openFixture();
    await expect(clients.identity()).rejects.toMatchObject({ kind: "forbidden" });
    await expect(clients.identity()).resolves.toEqual({ id: 1, slug: "fanfold" });
    await expect(clients.identity()).resolves.toEqual({ id: 1, slug: "fanfold" });
  });
});

const repository = {
  id: 42,
  node_id: "R_42",
  full_name: "acme/site",
  default_branch: "main",
  fork: false,
  archived: false,
  private: true,
  html_url: "https://web.example.test/acme/site",
};
