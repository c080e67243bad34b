// The local GitHub limits how much is asked and how often a repository is pushed to, when it is asked to.

import { expect, it } from "vitest";

import { openSecondaryMeter } from "../../../src/local/github/secondary-limits.ts";
import { openGitRemote } from "../../../src/repo/git-remote.ts";
import { at, openTown } from "./town.ts";

it("refuses a push too many of a minute, and one of more refs than the repository's policy allows", async () => {
  let now = 0;
  const pushLimits = { perMinute: 2, refsPerPush: 3 };
  const town = await openTown({ limits: { pushLimits, now: () => now } });
  try {
    const header = `Authorization: Basic ${Buffer.from(`x:${town.adaToken}`).toString("base64")}`;
    const access = { url: town.cloneUrl, header: async () => header };
    const remote = openGitRemote(access, { sleep: async () => {}, random: () => 0.5 });
    const repository = [...town.github.state.repositories.values()].find(
      ({ name }) => name === "site",
    );
    const main = (await remote.list("refs/heads/main")).get("refs/heads/main") ?? "";
    const push = (...names: string[]) =>
      remote.push(
        repository?.gitDir ?? "",
        names.map((name) => ({ ref: `refs/heads/${name}`, from: null, to: main })),
      );
    await expect(push("a", "b", "c", "d")).rejects.toMatchObject({ refsPerPush: 3 });
    expect(await push("a", "b", "c")).toEqual({ kind: "pushed" });
    expect(await push("d")).toEqual({ kind: "pushed" });
    await expect(push("e")).rejects.toThrow("(failed)");
    now = 60_000;
    expect(await push("e")).toEqual({ kind: "pushed" });
  } finally {
    await town.close();
  }
});

it("refuses what is asked too often of one endpoint, and too much at once", async () => {
  const town = await openTown({ limits: { secondaryLimits: { pointsPerMinute: 6, atOnce: 9 } } });
  try {
    await town.ada.rest.issues.create({ ...at, title: "One" });
    await town.ada.rest.issues.listForRepo(at);
    await expect(town.ada.rest.issues.listForRepo(at)).rejects.toMatchObject({ status: 403 });
    await town.grace.rest.issues.listForRepo(at);
    await town.ada.rest.repos.get(at);
  } finally {
    await town.close();
  }
  const meter = openSecondaryMeter({ pointsPerMinute: 99, atOnce: 1 }, () => 0);
  const leave = meter.enter("ada", { method: "GET", path: "/a" });
  expect(() => meter.enter("ada", { method: "GET", path: "/b" })).toThrow("secondary rate limit");
  leave();
  meter.enter("ada", { method: "GET", path: "/b" });
});
