// Where each judgement turns from well to ill, and what it tells people to do.

import { describe, expect, it, vi } from "vitest";

import { attempt } from "../../src/doctor/attempt.ts";
import { concealing } from "../../src/doctor/conceal.ts";
import { neededPermissions } from "../../src/doctor/asked-of-owners.ts";
import { judgeClock, judgeInstallation, judgeInstallations } from "../../src/doctor/judge-app.ts";
import { judgeData, judgeGit, judgeNode, judgeSandbox } from "../../src/doctor/judge-machine.ts";
import { judgeModel } from "../../src/doctor/judge-model.ts";
import { judgeBranches, judgeCheckpoint } from "../../src/doctor/judge-repository.ts";
import { judgeDeliveries, judgeWebhook } from "../../src/doctor/judge-webhook.ts";
import { ForgeError } from "../../src/world/forge-error.ts";

const unix = { isWindows: false };
const there = { kind: "there", dir: "/srv", mode: 0o700, freeBytes: 2 ** 40 } as const;
const levelsOf = (findings: readonly { level: string }[]) => findings.map(({ level }) => level);

describe("the machine", () => {
  it.each([
    ["24.0.0", "ok"],
    ["23.9.1", "failure"],
  ])("Node %s is %s", (version, level) => expect(judgeNode(version).level).toBe(level));

  it.each([
    ["git version 2.39.0", "ok"],
    ["git version 3.0.1 (Apple Git-154)", "ok"],
    ["git version 2.38.4", "failure"],
    ["no version at all", "failure"],
  ])("%s is %s", (line, level) => expect(judgeGit(line).level).toBe(level));

  it.each([
    ["private and roomy", there, ["ok"]],
    ["open to others", { ...there, mode: 0o750 }, ["warning"]],
    ["with little room", { ...there, freeBytes: 2 ** 30 - 1 }, ["warning"]],
    ["full and open", { ...there, mode: 0o777, freeBytes: 1 }, ["failure", "warning"]],
    ["not there", { kind: "absent", dir: "/srv" } as const, ["warning"]],
    ["not ours", { kind: "unusable", dir: "/srv", why: "EACCES" } as const, ["failure"]],
  ])("a data folder that is %s", (_, data, levels) =>
    expect(levelsOf(judgeData(data, unix))).toEqual(levels),
  );

  it("a sandbox that gives the script more than it should have is a failure, an open network a warning", () => {
    const well = '[42,"undefined","undefined"]';
    expect(judgeSandbox({ gave: well, hasNetwork: false }).level).toBe("ok");
    expect(judgeSandbox({ gave: well, hasNetwork: true }).level).toBe("warning");
    expect(judgeSandbox({ gave: '[42,"object","function"]', hasNetwork: false }).level).toBe(
      "failure",
    );
  });
});

describe("what an owner gave", () => {
  const all = Object.fromEntries(
    Object.entries(neededPermissions).map(([name, { level }]) => [name, level]),
  );
  const acme = { id: 1, account: "acme", page: "https://x.test/1", isSuspended: false, events: [] };
  const given = (permissions: Record<string, string>) =>
    judgeInstallation({ ...acme, permissions });

  it("is a warning where only what scripts ask of CI sees less, and a failure where work stops", () => {
    expect(given(all).level).toBe("ok");
    const { actions: _, statuses: __, ...older } = all;
    expect(given(older)).toMatchObject({ level: "warning" });
    expect(given(older).found).toContain("all else works");
    expect(given({ ...older, checks: "read" }).level).toBe("failure");
  });
});

describe("the clock", () => {
  it.each([
    [30_000, "ok"],
    [-30_000, "ok"],
    [31_000, "failure"],
    [-31_000, "failure"],
  ])("%d ms beside GitHub's is %s", (ms, level) => {
    expect(judgeClock({ github: 1_000_000, ours: 1_000_000 + ms }).level).toBe(level);
  });

  it("says in which direction", () => {
    const found = (ours: number) => judgeClock({ github: 0, ours }).found;
    expect(found(60_000)).toContain("60 s ahead of GitHub's");
    expect(found(-60_000)).toContain("60 s behind GitHub's");
  });
});

describe("the webhook", () => {
  const expected = { webhookPath: "/api/github/webhooks", githubApiUrl: "https://api.github.com" };
  const well = {
    url: "https://bot.acme.dev/api/github/webhooks",
    contentType: "json",
    hasSecret: true,
    isVerified: true,
  };

  it.each([
    ["as it should be", {}, ["ok"]],
    ["without an address", { url: null }, ["failure"]],
    ["with no address at all", { url: "bot" }, ["failure"]],
    ["of the example", { url: "https://fanfold.example.com/api/github/webhooks" }, ["failure"]],
    ["in the clear", { url: "http://bot.acme.dev/api/github/webhooks" }, ["failure"]],
    ["on this machine only", { url: "http://127.0.0.1:3000/api/github/webhooks" }, ["failure"]],
    ["at another path", { url: "https://bot.acme.dev/" }, ["warning"]],
    [
      "as a form, unsigned, unverified",
      { contentType: "form", hasSecret: false, isVerified: false },
      ["failure", "failure", "warning"],
    ],
  ])("%s", (_, change, levels) => {
    expect(levelsOf(judgeWebhook({ ...well, ...change }, expected))).toEqual(levels);
  });

  it("on this machine is well where GitHub is on it too", () => {
    const url = "http://127.0.0.1:3000/api/github/webhooks";
    const here = { ...expected, githubApiUrl: "http://127.0.0.1:4000" };
    expect(levelsOf(judgeWebhook({ ...well, url }, here))).toEqual(["ok"]);
  });

  it("is shown without the password and the query that an address may hold", () => {
    const url = "https://user:pass-word@bot.acme.dev/api/github/webhooks?key=hidden";
    expect(JSON.stringify(judgeWebhook({ ...well, url }, expected))).not.toMatch(
      /pass-word|hidden/,
    );
  });
});

describe("deliveries", () => {
  const attempted = (id: number, guid: string, said = "OK") => ({
    id,
    guid,
    at: 0,
    isDelivered: said === "OK",
    event: "issue_comment",
    action: "created",
    said,
  });

  it("that came at last did come", () => {
    const attempts = [attempted(2, "a"), attempted(1, "a", "timed out")];
    expect(judgeDeliveries(attempts, 3)).toMatchObject({
      level: "ok",
      found: "None of 1 delivery in 3 days is missing.",
    });
  });

  it("that are missing are counted by GitHub's reason", () => {
    const attempts = [
      attempted(1, "a"),
      attempted(2, "b", "timed out"),
      attempted(3, "c", "timed out"),
    ];
    const judged = judgeDeliveries(attempts, 3);
    expect(judged).toMatchObject({ level: "warning" });
    expect(judged.found).toBe("2 of 3 deliveries in 3 days did not arrive: 2 × timed out.");
    expect(judged.fix).toContain("/ping");
  });

  it.each([
    ["Invalid HTTP Response: 401", "its secret"],
    ["Invalid HTTP Response: 404", "the path"],
    ["Invalid HTTP Response: 503", "disk is full"],
  ])("%s: the advice is about %s", (said, advice) => {
    const lost = [1, 2, 3].map((id) => attempted(id, `guid-${id}`, said));
    const judged = judgeDeliveries(lost, 3);
    expect(judged.level).toBe("failure");
    expect(judged.fix).toContain(advice);
  });
});

it("an App that nobody has installed hears of nothing", () => {
  const [judged] = judgeInstallations([], { page: "https://github.com/apps/fanfold" });
  expect(judged).toMatchObject({ level: "warning", fix: expect.stringContaining("Install") });
});

it("a model that is not there is a failure that names some that are", () => {
  const judged = judgeModel("sonnet-9", { kind: "not-there", others: ["a", "b"] });
  expect(judged).toMatchObject({ level: "failure", found: expect.stringContaining("a, b") });
});

it("rules that bind nobody below fanfold/ are not told of", () => {
  expect(judgeBranches([{ type: "merge_queue", of: "acme" }]).level).toBe("ok");
});

it("a run that waits is told before anything about checkpoints", () => {
  const trace = { run: "wf-1", finalPull: null, checkpoint: "refs/x", waits: "the push failed." };
  expect(judgeCheckpoint([trace], new Set())).toMatchObject({
    level: "warning",
    found: "`wf-1` waits: the push failed.",
  });
});

it("secrets are taken out of texts line by line, and short values are left", () => {
  const conceal = concealing({
    PRIVATE_KEY: "-----BEGIN KEY-----\nfirst-line\\nsecond-line\n-----END KEY-----",
    SOME_TOKEN: "on",
    HOST: "not-a-secret",
  });
  expect(conceal("on not-a-secret first-line second-line -----BEGIN KEY-----")).toBe(
    "on not-a-secret [redacted] [redacted] -----BEGIN KEY-----",
  );
});

it("a look that throws anything is a finding", async () => {
  const look = { id: "git", level: "failure", fix: "Mend it." } as const;
  expect(await attempt(look, () => Promise.reject("odd"))).toEqual([
    { id: "git", level: "failure", found: "It could not be looked at: odd", fix: "Mend it." },
  ]);
});

it("a look at a GitHub that is away says so, and nothing of writes that may have happened", async () => {
  const away = new ForgeError("unreachable", "Whether it happened is unknown.", {
    cause: new Error("no answer (ECONNREFUSED)"),
  });
  const [finding] = await attempt({ id: "clock", level: "warning", fix: "Wait." }, () =>
    Promise.reject(away),
  );
  expect(finding).toMatchObject({
    level: "warning",
    found: "It could not be looked at: GitHub could not be asked: no answer (ECONNREFUSED).",
  });
});

it("a look that never ends is a finding after a minute", async () => {
  vi.useFakeTimers();
  try {
    const look = { id: "model", level: "failure", fix: "Mend it." } as const;
    const found = attempt(look, () => new Promise(() => {}));
    await vi.advanceTimersByTimeAsync(60_000);
    expect((await found)[0]?.found).toContain("no answer in 60 s");
  } finally {
    vi.useRealTimers();
  }
});
