// Attacks on the house as a whole: by asking too often, from another repository, through what it is built from.

import { readdirSync, readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";
import { z } from "zod";

import { EnvError, readEnv } from "../../src/config/env.ts";
import { limits } from "../../src/config/limits.ts";
import { serves } from "../../src/deliveries/served.ts";
import { CannotStart } from "../../src/open-data.ts";
import { guardForges } from "../../src/outgoing/guard-forge.ts";
import { RemoteError } from "../../src/repo/remote.ts";
import { guards, testGuards } from "../../src/self-test.ts";
import { readSettings } from "../../src/settings/read-settings.ts";
import { attack } from "../attacks/load.ts";
import { playedBy } from "./actors.ts";
import { settingsOf } from "./bot-process.ts";
import { openStage, type Stage } from "./stage.ts";

const LOOK = `export const meta = { name: 'look', description: 'Looks' }
return (await repo.files()).length + ' files'`;

const openLooking = (): Promise<Stage> =>
  openStage({ files: { ".claude/workflows/look.js": LOOK }, model: playedBy({}) });

const often = attack("budget.jsonl", "budget-001");
it(`${often.id}: ${often.expected}`, async () => {
  const { runs_started_by_one_user_in_hour: times } = z
    .object({ runs_started_by_one_user_in_hour: z.int() })
    .parse(often.input);
  const { startsPerPersonAndHour, startsPerHour } = limits.command;
  await using stage = await openLooking();
  const ask = async (by: string, count: number): Promise<number> => {
    const before = stage.desk.runs().length;
    for (let at = 0; at < count; at++) await stage.post("/workflow plan look", by);
    return stage.desk.runs().length - before;
  };
  expect(await ask("ada", times)).toBe(startsPerPersonAndHour);
  expect(stage.said().at(-1)).toContain(`You asked for ${startsPerPersonAndHour} runs`);
  expect(stage.said().at(-1)).toContain("Nothing was started, nothing was spent.");
  await stage.post("/workflow status");
  expect(stage.said().at(-1)).not.toContain("😕");
  expect(await ask("eve", startsPerPersonAndHour)).toBe(startsPerPersonAndHour);
  expect(await ask("mia", startsPerHour)).toBe(startsPerHour - 2 * startsPerPersonAndHour);
  await stage.world.clock.advance(61 * 60_000);
  expect(await ask("ada", 1)).toBe(1);
});

const storm = attack("budget.jsonl", "budget-003");
it(`${storm.id}: ${storm.expected}`, () => {
  // What was missed while the bot slept is told and not made up for: see the schedules' own story.
  const { scheduled } = z.object({ scheduled: z.string() }).parse(storm.input);
  expect(scheduled).toBe("cron every minute");
  for (const cron of ["* * * * *", "*/5 * * * *", "0,30 * * * *", "59 0 * * *\n0 1 * * *"]) {
    const read = readSettings(
      `schedules:\n  - workflow: audit\n    cron: ${JSON.stringify(cron)}\n`,
    );
    expect(read).toMatchObject({ ok: false });
  }
  expect(readSettings("schedules:\n  - workflow: audit\n    cron: every hour\n").ok).toBe(true);
});

const tenant = attack("system.jsonl", "system-007");
it(`${tenant.id}: ${tenant.expected}`, async () => {
  await using stage = await openLooking();
  await stage.post("/workflow look");
  await stage.settle();
  await stage.post("/workflow plan look");
  await stage.settle();
  const [ended, waiting] = stage.desk.runs().map((run) => run.record());
  const plan = waiting?.plan?.hash.slice(0, 8) ?? "";
  expect([ended?.status, waiting?.status]).toEqual(["completed", "waiting"]);
  const by = { id: 1, login: "ada" };
  /** Everything that can be asked about a run, of a repository; what is said names the id that was asked for. */
  const answers = async (repositoryId: number, run: string, hash: string): Promise<string[]> => {
    const repository = { ...stage.world.ref, repositoryId };
    const thread = { repository, thread: stage.thread };
    const { desk } = stage;
    const wish = (verb: "cancel" | "land" | "undo" | "resume") =>
      desk.grant(thread, by, { verb, run });
    const isCommand = (): boolean => false;
    const all = await Promise.allSettled([
      desk.show(thread, run),
      desk.why(thread, { run, agent: null }),
      desk.save(thread, { by, run, name: "stolen", isCommand }),
      desk.retry({
        ...thread,
        key: `r-${run}`,
        said: null,
        requester: by,
        line: null,
        run,
        budgetUsd: null,
      }),
      ...(["cancel", "land", "undo", "resume"] as const).map(wish),
      desk.grant(thread, by, {
        verb: "budget",
        run,
        mostUsd: 9,
        key: `b-${run}`,
        change: { kind: "by", usd: 1 },
      }),
      desk.decide(thread, by, { approved: true, id: hash, comment: "" }),
      desk.status(thread),
      desk.list(repository),
      desk.traces(repository),
      desk.cancelAll(repository, by),
    ]);
    return all.map((one) => {
      const said = one.status === "fulfilled" ? JSON.stringify(one.value) : String(one.reason);
      return said.replaceAll(run, "RUN").replaceAll(hash, "HASH");
    });
  };
  const theirs = stage.world.ref.repositoryId + 1;
  const { openRemote } = stage.world;
  stage.world.openRemote = async (ref) => {
    if (ref.repositoryId === theirs) throw new RemoteError("Not found.", { transient: false });
    return openRemote(ref);
  };
  for (const run of [ended?.id ?? "", waiting?.id ?? ""]) {
    expect(await answers(theirs, run, plan)).toEqual(
      await answers(theirs, "wf-00000000", "00000000"),
    );
  }
  expect(stage.desk.runs().map((run) => run.record().status)).toEqual(["completed", "waiting"]);
  expect(stage.desk.runs()).toHaveLength(2);
});

const pinned = attack("system.jsonl", "system-011");
it(`${pinned.id}: ${pinned.expected}`, () => {
  const folder = new URL("../../.github/workflows/", import.meta.url);
  const texts = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), "utf8"));
  expect(texts.length).toBeGreaterThan(0);
  for (const text of texts) {
    const used = [...text.matchAll(/^\s*(?:- )?uses:\s*(\S+)/gmu)].map(([, name = ""]) => name);
    expect(used.filter((name) => !/^[\w./-]+@[0-9a-f]{40}$/u.test(name))).toEqual([]);
    expect(text).toMatch(/^permissions: \{\}$/mu);
    expect(text).not.toMatch(/pull_request_target|secrets\./u);
  }
});

const unlisted = attack("system.jsonl", "system-013");
it(`${unlisted.id}: ${unlisted.expected}`, () => {
  // That the app leaves such a delivery, and says so, is in the front door's story.
  const { event_repo: event } = z.object({ event_repo: z.string() }).parse(unlisted.input);
  const [owner = "", name = ""] = event.split("/");
  const listed = (list: string) =>
    serves(readEnv(settingsOf({ FANFOLD_REPOSITORIES: list })).repositories);
  expect(listed("acme/site, acme/api")({ owner, name })).toBe(false);
  expect(listed(`acme/site ${event}`)({ owner, name })).toBe(true);
  expect(listed("Acme/*")({ owner: "ACME", name })).toBe(true);
  expect(listed("acme/*")({ owner: "acme2", name })).toBe(false);
  expect(serves(readEnv(settingsOf({})).repositories)({ owner, name })).toBe(true);
  for (const wrong of ["acme", "*", "*/*", "acme/site;x/y", "https://github.com/acme/site"]) {
    expect(() => listed(wrong)).toThrow(EnvError);
  }
});

describe(`system-015: ${attack("system.jsonl", "system-015").expected}`, () => {
  it("at the start", () => {
    expect(() => testGuards(guards)).not.toThrow();
    for (const name of Object.keys(guards)) {
      const throws = (): boolean => {
        throw new Error("It is broken.");
      };
      for (const broken of [() => false, throws]) {
        expect(() => testGuards({ ...guards, [name]: broken })).toThrow(CannotStart);
      }
    }
  });

  it("at work: what a guard cannot look at is not said", async () => {
    await using stage = await openLooking();
    const forge = await guardForges(stage.world.openForge, () => {
      throw new Error("The sanitiser is broken.");
    })(stage.world.ref);
    const before = stage.github.comments.length;
    const acts = [
      () => forge.createComment(stage.thread, "a secret"),
      () => forge.createIssue({ title: "a secret", body: "" }),
    ];
    for (const act of acts) await expect(async () => act()).rejects.toThrow("is broken");
    expect(stage.github.comments).toHaveLength(before);
  });
});
