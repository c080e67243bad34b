// GitHub's log of our webhooks over Octokit: on a GitHub of this machine, and when the answers go wrong.

import nock from "nock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { createDeliveries } from "../../../src/outside/github/deliveries.ts";
import { openClients } from "../../../src/outside/github/octokit.ts";
import { createMemoryLog } from "../../../src/outside/memory/log.ts";
import { deliveriesContract } from "../../contracts/deliveries.contract.ts";
import { startRecorder } from "../../contracts/github/recorder.ts";
import { openTown, repo } from "../../local/github/town.ts";
import { api, createHastyClock, openFixture } from "./fixture.ts";

deliveriesContract("Octokit on a local GitHub", async () => {
  const recorder = startRecorder();
  const { onExchange } = recorder;
  const town = await openTown({ onExchange, app: { events: ["issue_comment"] } });
  const { github } = town;
  const { id: appId, privateKey } = github.app;
  const parts = { apiUrl: github.url, clock: createHastyClock(), log: createMemoryLog() };
  const { number } = await github.createIssue(repo, { as: "ada", title: "Talk", body: "" });
  return {
    deliveries: createDeliveries(openClients({ board: null, appId, privateKey, ...parts }).app),
    answer: (isHeard) => town.answerWith(isHeard ? 200 : 503),
    comment: async () => {
      await github.comment(repo, number, { as: "ada", body: "/workflow help" });
      await github.settled();
    },
    settled: () => github.settled(),
    close: async () => {
      await town.close();
      recorder.expectNoViolations();
    },
  };
});

describe("the log of deliveries", () => {
  beforeEach(() => nock.cleanAll());
  afterEach(() => nock.cleanAll());

  const line = (id: number) => ({
    id,
    guid: `guid-${id}`,
    delivered_at: "2026-01-02T03:04:05Z",
    redelivery: false,
    duration: 0.3,
    status: "OK",
    status_code: 200,
    event: "issue_comment",
    action: "created",
    installation_id: 1,
    repository_id: 2,
    throttled_at: null,
  });

  it("is read over its pages, and no further than the reader goes", async () => {
    const next = `<${api}/app/hook/deliveries?per_page=100&cursor=v1_7>; rel="next"`;
    nock(api)
      .get("/app/hook/deliveries?per_page=100")
      .reply(200, [line(9), line(8)], { link: next })
      .get("/app/hook/deliveries?per_page=100&cursor=v1_7")
      .reply(200, [line(7)], { link: next.replace("v1_7", "v1_6") });
    const { clients } = await openFixture();
    const read: number[] = [];
    for await (const { id, at } of createDeliveries(clients.app).attempts()) {
      expect(at).toBe(Date.UTC(2026, 0, 2, 3, 4, 5));
      read.push(id);
      if (id === 7) break;
    }
    expect(read).toEqual([9, 8, 7]);
    expect(nock.pendingMocks()).toEqual([]);
  });

  it("says in our words that GitHub is away, with the network's reason", async () => {
    nock(api)
      .get("/app/hook/deliveries?per_page=100")
      .times(9)
      .replyWithError(new Error("connect ECONNREFUSED 192.0.2.1:443"));
    const { clients, log } = await openFixture();
    const reading = createDeliveries(clients.app).attempts()[Symbol.asyncIterator]().next();
    await expect(reading).rejects.toMatchObject({
      kind: "unreachable",
      message: expect.stringContaining("ECONNREFUSED"),
    });
    expect(log.lines.filter(({ message }) => message.includes("UNKNOWN"))).toEqual([]);
  });

  it("rejects with GitHub's word when a delivery is too old to be sent again", async () => {
    nock(api).post("/app/hook/deliveries/7/attempts").reply(422, { message: "Too old" });
    const { clients } = await openFixture();
    const attempt = { id: 7, guid: "g", at: 0, isDelivered: false, event: "e", action: null };
    const again = createDeliveries(clients.app).redeliver(attempt);
    await expect(again).rejects.toMatchObject({ kind: "refused" });
  });
});
