// The whole bot on git in memory: people comment, push and merge, and weeks pass, without a command of git.

import type { Model } from "../../src/agent/model.ts";
import { createBot } from "../../src/bot.ts";
import { createDoctor } from "../../src/doctor/examine.ts";
import { createMigrationDesk } from "../../src/migrations/desk.ts";
import { openMigrations } from "../../src/migrations/ledger.ts";
import { createMemoryGitHub } from "../../src/outside/memory/forge.ts";
import { createManualClock } from "../../src/outside/memory/clock.ts";
import { createMemoryQueue } from "../../src/outside/memory/queue.ts";
import type { KeptPull } from "../../src/outside/memory/state.ts";
import { createRunDesk } from "../../src/runs/desk.ts";
import type { Secret } from "../../src/runs/seal.ts";
import { createScheduleDesk } from "../../src/schedules/desk.ts";
import { Hub } from "../simulation/git/hub.ts";
import { wellEnv, wellMachine } from "../story/doctor-of.ts";
import { createReplayDesk } from "../../src/replay/desk.ts";
import { type Around, openMemoryHouse } from "./memory-house.ts";
import { mergeInto } from "./merge.ts";

const ref = { installationId: 1, repositoryId: 1, owner: "acme", name: "site" };
/** Ada and Eve may write, Rob may read. */
const PEOPLE = new Map([
  ["ada", { id: 1, role: "write" as const }],
  ["rob", { id: 2, role: "read" as const }],
  ["eve", { id: 3, role: "write" as const }],
]);
const HOUR_MS = 60 * 60_000;

export type Talk = ReturnType<typeof openTalk>;

export function openTalk({
  files,
  model,
}: {
  files: Readonly<Record<string, string>>;
  model: Model;
}) {
  const clock = createManualClock();
  const hub = new Hub();
  const github = createMemoryGitHub({ ref, home: hub.home(), people: new Map(PEOPLE) });
  const thread = github.openIssue("Make it better", "ada");
  const push = (edits: Readonly<Record<string, string | null>>) =>
    hub.commitFiles("main", edits, clock.now());
  push(files);
  const around: Around = { clock, hub, github, ref, model };
  let bot = openBot(around);
  const settle = () => clock.during(bot.queue.idle(), 200);
  const { signal } = new AbortController();
  const opened = bot.desk.open();

  return {
    github: github.state,
    push,
    textOf: (path: string): string | null => {
      const tip = hub.refs.get("refs/heads/main");
      const leaf = tip === undefined ? undefined : hub.objects.treeOf(tip).get(path);
      return leaf === undefined ? null : hub.objects.text(leaf.blob);
    },
    merge: (pull: KeptPull) => mergeInto(hub, pull, { how: "merge", at: clock.now() }),
    said: (): string[] =>
      github.state.comments
        .filter(({ author }) => author === "fanfold[bot]")
        .map(({ body }) => body),
    post: async (body: string, by = "ada"): Promise<void> => {
      await opened;
      const id = github.say(thread, by, body);
      await bot.hear({ id, body, by, thread });
      await settle();
    },
    /** Some hours later, with one look at the end of each. */
    hours: async (count: number, eachMs = HOUR_MS): Promise<void> => {
      for (let hour = 0; hour < count; hour++) {
        await clock.advance(eachMs);
        await clock.during(bot.migrations.beat(signal), 1);
        await settle();
      }
    },
    now: () => clock.now(),
    clock,
    hub,
    ref,
    get schedules() {
      return bot.schedules;
    },
    runs: () => bot.desk.runs().map((run) => run.record()),
    /** Time goes by, and runs come to their end. */
    pass: async (ms: number): Promise<void> => {
      await clock.advance(ms);
      await settle();
    },
    beatOfSchedules: () => clock.during(bot.schedules.beat(signal), 1),
    /** One more process, on a machine of its own. */
    another: async () => {
      const other = openBot(around);
      await other.desk.open();
      return {
        schedules: other.schedules,
        runs: () => other.desk.runs().map((run) => run.record()),
        settle: () => clock.during(other.queue.idle(), 200),
        [Symbol.asyncDispose]: () => clock.during(other.desk.close(600_000)),
      };
    },
    settle,
    /** A new process on another machine; `secret` may be another one from then on. */
    restart: async (secret?: Secret): Promise<void> => {
      await clock.during(bot.desk.close(1_000));
      if (secret !== undefined) around.secret = secret;
      bot = openBot(around);
      await bot.desk.open();
    },
    [Symbol.asyncDispose]: () => clock.during(bot.desk.close(600_000)),
  };
}

function openBot(around: Around) {
  const queue = createMemoryQueue(around.clock);
  const house = openMemoryHouse({ ...around, queue });
  const { world, rules } = house;
  const desk = createRunDesk(house);
  const migrations = createMigrationDesk(house, desk);
  const schedules = createScheduleDesk(house, desk, migrations.progress);
  const doctor = createDoctor({
    world,
    env: wellEnv,
    machine: wellMachine,
    conceal: (text) => text,
  });
  const bot = createBot({
    world,
    runs: desk,
    schedules,
    rules,
    doctor,
    replays: createReplayDesk(house, desk),
  });
  const { book } = openMigrations(house);
  return {
    queue,
    desk,
    migrations,
    schedules,
    shards: async () => [...(await book.read(ref)).values()].flatMap((each) => each.shards),
    hear: ({ id, body, by, thread }: { id: number; body: string; by: string; thread: number }) => {
      const sender = { id: PEOPLE.get(by)?.id ?? 99, login: by, type: "User" };
      const { id: authorId, login: authorLogin, type: authorType } = sender;
      return bot.onComment({
        source: "comment",
        key: String(id),
        place: null,
        repository: { ...ref },
        thread,
        isPullRequest: false,
        comment: { id, body, authorId, authorLogin, authorType, viaApp: false },
        sender,
        delivery: `delivery-${id}`,
      });
    },
  };
}
