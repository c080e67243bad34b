// The App as GitHub knows it, in memory, and over Octokit on a GitHub of this machine and when answers are odd.

import nock from "nock";
import { afterEach, expect, it } from "vitest";

import { openClients } from "../../src/outside/github/octokit.ts";
import { createRegistration } from "../../src/outside/github/registration.ts";
import { createMemoryLog } from "../../src/outside/memory/log.ts";
import { createMemoryRegistration } from "../../src/outside/memory/registration.ts";
import { registrationContract } from "../contracts/registration.contract.ts";
import { openTown } from "../local/github/town.ts";
import { api, createHastyClock, openFixture } from "./github/fixture.ts";

registrationContract("in memory", async () => {
  const registration = createMemoryRegistration(Date);
  const { state } = registration;
  return {
    registration,
    installationId: 1,
    suspend: () => {
      const change = { isSuspended: true, permissions: { metadata: "read" } };
      state.installations = state.installations.map((each) => ({ ...each, ...change }));
    },
    now: Date.now,
    close: async () => {},
  };
});

registrationContract("Octokit on a local GitHub", async () => {
  const town = await openTown();
  const { id: appId, privateKey } = town.github.app;
  const parts = { apiUrl: town.github.url, clock: createHastyClock(), log: createMemoryLog() };
  return {
    registration: createRegistration(openClients({ board: null, appId, privateKey, ...parts }).app),
    installationId: town.installationId,
    suspend: () => {
      const installation = town.github.state.installations.get(town.installationId);
      if (installation === undefined) throw new Error("There is no installation.");
      installation.suspendedAt = "2026-01-01T00:00:00Z";
      installation.permissions = { metadata: "read" };
    },
    now: Date.now,
    close: () => town.close(),
  };
});

afterEach(() => nock.cleanAll());

it("tells the time of an answer that refuses us", async () => {
  const date = "Tue, 06 Jan 2026 10:00:00 GMT";
  nock(api).get("/app").times(9).reply(401, { message: "Bad credentials" }, { date });
  const { clients } = await openFixture();
  expect(await createRegistration(clients.app).time()).toBe(Date.UTC(2026, 0, 6, 10));
});

it("takes a webhook that was never set for none", async () => {
  nock(api).get("/app/hook/config").reply(200, { content_type: "form", insecure_ssl: "1" });
  const { clients } = await openFixture();
  expect(await createRegistration(clients.app).webhook()).toEqual({
    url: null,
    contentType: "form",
    hasSecret: false,
    isVerified: false,
  });
});
