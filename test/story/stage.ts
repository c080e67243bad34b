// The whole bot on a world in memory: a person comments, time passes, the thread and the pull requests tell the rest.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Model } from "../../src/agent/model.ts";
import { runAgent } from "../../src/agent/loop.ts";
import { type Bot, createBot } from "../../src/bot.ts";
import { limits } from "../../src/config/limits.ts";
import { choose } from "../../src/config/models.ts";
import { signKinds } from "../../src/bot/heard/signs.ts";
import type { Machine } from "../../src/doctor/machine.ts";
import type { Sandboxes } from "../../src/engine/sandbox.ts";
import { openInProcessSandbox } from "../../src/engine/sandbox/in-process.ts";
import { commitFiles, gitText, type NewFiles } from "../../src/outside/memory/git.ts";
import { createMemoryFleet } from "../../src/outside/memory/fleet.ts";
import { createMemoryQueue } from "../../src/outside/memory/queue.ts";
import type { GitHubState } from "../../src/outside/memory/state.ts";
import { openFolderDisk } from "../../src/outside/disk.ts";
import { type MemoryWorld, openMemoryWorld } from "../../src/outside/memory/world.ts";
import { auditForges, auditRemotes } from "../../src/outgoing/audit-writes.ts";
import { guardForges } from "../../src/outgoing/guard-forge.ts";
import { createRedaction } from "../../src/outgoing/secrets.ts";
import { openMigrations } from "../../src/migrations/ledger.ts";
import { createMigrationDesk, type MigrationDesk } from "../../src/migrations/desk.ts";
import { createOnboardingDesk, type OnboardingDesk } from "../../src/onboarding/desk.ts";
import { createScheduleDesk, type ScheduleDeskHandle } from "../../src/schedules/desk.ts";
import { createRunDesk, type RunDeskHandle } from "../../src/runs/desk.ts";
import { createReplayDesk, type ReplayDesk } from "../../src/replay/desk.ts";
import { type House, openHouse } from "../../src/runs/house.ts";
import type { Secret } from "../../src/runs/seal.ts";
import { openMirrorFolders } from "../../src/runs/mirror-folders.ts";
import { openSharedSwitches } from "../../src/runs/shared-switches.ts";
import { noOperator, type Operator } from "../../src/settings/effective.ts";
import { openRules, type Rules } from "../../src/settings/rules.ts";
import { openSwitches } from "../../src/settings/switches.ts";
import type { CommentEvent } from "../../src/world/inbox.ts";
import type { Queue } from "../../src/world/queue.ts";
import { doctorOf } from "./doctor-of.ts";

export interface Stage extends AsyncDisposable {
  world: MemoryWorld;
  /** Everything that is on this machine's disk. */
  dir: string;
  desk: RunDeskHandle;
  schedules: ScheduleDeskHandle;
  migrations: MigrationDesk;
  onboarding: OnboardingDesk;
  github: GitHubState;
  /** The issue everybody talks in; a person's pull request after `openPull`. */
  thread: number;
  /** A pull request from the branch `topic`, which makes these edits; everybody talks there from then on. */
  openPull(edits: Readonly<Record<string, string>>): Promise<void>;
  /** The pull request's branch is somebody else's from now on, in a fork of theirs. */
  moveToFork(): Promise<void>;
  /** A person comments; the same delivery may be given twice. */
  post(body: string, by?: string): Promise<number>;
  deliver(comment: number): Promise<void>;
  /** The bot hears of a comment, as its app would tell it. */
  hear(event: CommentEvent): Promise<void>;
  /** A person clicks a button of a check run; null asks for the whole check again. The same click may be given twice. */
  press(check: number, identifier: string | null, by?: string): Promise<void>;
  /** Another issue to talk in, from then on. */
  openIssue(): void;
  /** A person pushes these files, on top of `main`; null removes one. */
  push(edits: Readonly<Record<string, string | null>>, branch?: string, by?: string): Promise<void>;
  /** Lets time run until no run moves. */
  settle(): Promise<void>;
  /** The process is replaced by a new one on the same disk; `wipe` takes the disk as well, `secret` holds from then on. */
  restart(options?: Restart): Promise<void>;
  /** A second bot on the same GitHub, with a disk and a queue of its own. */
  /** Of a fleet: another process, which hears people and drives nothing. */
  listener(): Promise<RunDeskHandle>;
  /** Such a process, with the bot that people speak to there. */
  elsewhere(): Promise<{ desk: RunDeskHandle; post(body: string, by?: string): Promise<void> }>;
  anotherProcess(): Promise<
    {
      desk: RunDeskHandle;
      schedules: ScheduleDeskHandle;
      settle(): Promise<void>;
    } & AsyncDisposable
  >;
  /** A file of the bot's own disk, for what happens to it behind the bot's back. */
  fileOfRun(name: string): string;
  /** Bodies of what the bot says in the thread now. */
  said(): string[];
  git(...args: string[]): Promise<string>;
}

interface Restart {
  wipe?: boolean;
  queue?: Queue;
  operator?: Operator;
  secret?: Secret;
}

export interface StageOptions {
  files: Readonly<Record<string, string>>;
  model: Model;
  /** Id that agents are asked under; default `scripted`, whose price nobody knows. */
  modelName?: string;
  /** What the operator of the bot set. */
  operator?: Partial<Operator>;
  /** Whether the process is one of several. */
  isFleet?: boolean;
  /** How long a script may be driven; default a day. */
  scriptMs?: number;
  /** What all runs may spend in a day; default no cap. */
  dayBudgetUsd?: number;
  defaultBranch?: string;
  /** What the doctor sees of this machine; default: all is well. */
  machine?: Machine;
  /** Variables with values that nobody may read. */
  secrets?: Readonly<Record<string, string>>;
  /** Told which operation of the forge is about to be performed; may throw in its place. */
  before?: (operation: string) => void | Promise<void>;
}

/** Of the bot in stories; it stands in no text that people read. */
export const SECRET = "a-secret-for-stories-long-enough-to-be-one";

const DAY_MS = 24 * 60 * 60_000;

const PEOPLE = new Map([
  ["ada", { id: 1, role: "write" as const }],
  ["rob", { id: 2, role: "read" as const }],
  ["eve", { id: 3, role: "write" as const }],
  ["mia", { id: 4, role: "maintain" as const }],
]);

export async function openStage(options: StageOptions): Promise<Stage> {
  const dir = await mkdtemp(join(tmpdir(), "fanfold-"));
  const opened = await openMemoryWorld({
    dir,
    model: options.model,
    files: options.files,
    people: new Map(PEOPLE),
    ...(options.before === undefined ? {} : { before: options.before }),
  });
  // As the world of production does.
  const guarded = guardForges(opened.openForge, createRedaction([SECRET]));
  const openForge = auditForges(guarded, opened.auditLog);
  const openRemote = auditRemotes(opened.openRemote, opened.auditLog);
  const joinFleet = createMemoryFleet({
    clock: opened.clock,
    rememberedMs: 60_000,
    againMs: 1_000,
  });
  const fleet = options.isFleet === true ? joinFleet() : null;
  const world = { ...opened, openForge, openRemote, fleet };
  if (options.defaultBranch !== undefined) world.github.state.defaultBranch = options.defaultBranch;
  let thread = world.github.openIssue("Make it better", "ada");
  let isPullRequest = false;
  const parts: DeskParts = {
    world,
    dir,
    modelName: options.modelName ?? "scripted",
    scriptMs: options.scriptMs ?? DAY_MS,
    dayBudgetUsd: options.dayBudgetUsd ?? null,
    operator: { ...noOperator, ...options.operator },
    secret: SECRET,
  };
  let { desk, schedules, migrations, onboarding, replays, rules } = openDesk(parts, 0);
  await desk.open();
  let lives = 0;
  const botOf = (desks: Pick<Desks, "desk" | "schedules" | "rules" | "replays">): Bot => {
    const doctor = doctorOf(world, options.machine, options.secrets);
    return createBot({ world, runs: desks.desk, doctor, ...desks });
  };
  const openBot = (): Bot => botOf({ desk, schedules, rules, replays });
  let bot = openBot();
  const hear = async (event: CommentEvent, by: Bot = bot): Promise<void> => {
    // An answer may wait for the pace of pushes, as `save` and `undo` do.
    await world.clock.during(by.onComment(event), 200);
  };
  const deliver = async (comment: number, to: Bot = bot): Promise<void> => {
    const said = world.github.state.comments.find(({ id }) => id === comment);
    if (said === undefined) throw new Error("No such comment.");
    const id = PEOPLE.get(said.author)?.id ?? 99;
    const event: CommentEvent = {
      source: "comment",
      key: String(comment),
      place: null,
      repository: { ...world.ref },
      thread,
      isPullRequest,
      comment: {
        id: comment,
        body: said.body,
        authorId: id,
        authorLogin: said.author,
        authorType: "User",
        viaApp: false,
      },
      sender: { id, login: said.author, type: "User" },
      delivery: `delivery-${comment}`,
    };
    await hear(event, to);
  };
  const elsewhere = async () => {
    const { queue } = world;
    // What it adds is driven by the first process.
    const heardOnly = { ...queue, start: () => {}, close: async () => {} };
    const other = openDesk({ ...parts, world: { ...world, queue: heardOnly } }, 98);
    await other.desk.open();
    const to = botOf(other);
    return {
      desk: other.desk,
      post: async (body: string, by = "ada") => deliver(world.github.say(thread, by, body), to),
    };
  };
  return {
    world,
    dir,
    get desk() {
      return desk;
    },
    get schedules() {
      return schedules;
    },
    get onboarding() {
      return onboarding;
    },
    get migrations() {
      return migrations;
    },
    github: world.github.state,
    get thread() {
      return thread;
    },
    openPull: async (edits) => {
      const { gitDir } = world;
      await commitFiles(gitDir, onMain("topic", edits));
      const forge = await world.openForge(world.ref);
      const pull = { head: "topic", base: "main", title: "Change it", body: "", draft: false };
      thread = (await forge.createPullRequest(pull)).number;
      isPullRequest = true;
    },
    moveToFork: async () => {
      const pull = world.github.state.pulls.find(({ number }) => number === thread);
      if (pull === undefined) throw new Error("Nobody opened a pull request.");
      await gitText(world.gitDir, ["update-ref", `refs/pull/${thread}/head`, pull.headSha]);
      await gitText(world.gitDir, ["update-ref", "-d", `refs/heads/${pull.head}`]);
      pull.isFork = true;
    },
    deliver: (comment) => deliver(comment),
    hear: (event) => hear(event),
    press: async (id, identifier, by = "ada") => {
      const check = world.github.state.checks.find((each) => each.id === id);
      if (check === undefined) throw new Error("No such check run.");
      const { externalId, actions = [], updates } = check;
      if (identifier !== null && !actions.some((each) => each.identifier === identifier)) {
        throw new Error(`It has no button ${identifier}.`);
      }
      const account = { id: PEOPLE.get(by)?.id ?? 99, login: by, type: "User" };
      const check_run = { id, external_id: externalId, completed_at: String(updates) };
      const told = { check_run, requested_action: { identifier }, sender: account };
      const name = identifier === null ? "check_run.rerequested" : "check_run.requested_action";
      const { source } = signKinds[name];
      const heard = signKinds[name].read(told);
      if (heard === null) throw new Error("Nobody hears of it.");
      const { thread: where, isPullRequest: isPull, key, body } = heard;
      await hear({
        source,
        key,
        place: null,
        repository: { ...world.ref },
        thread: where,
        isPullRequest: isPull,
        comment: {
          id,
          body,
          authorId: account.id,
          authorLogin: by,
          authorType: "User",
          viaApp: false,
        },
        sender: account,
        delivery: `click-${id}`,
      });
    },
    openIssue: () => {
      thread = world.github.openIssue("Something else", "ada");
    },
    push: (edits, branch = "main", by = "") => {
      const id = PEOPLE.get(by)?.id;
      const author = id === undefined ? {} : { by: { id, login: by } };
      return commitFiles(world.gitDir, { ...onMain(branch, edits), ...author });
    },
    post: async (body, by = "ada") => {
      const id = world.github.say(thread, by, body);
      await deliver(id);
      return id;
    },
    settle: async () => {
      await world.clock.during(world.queue.idle(), 200);
      const broken = world.log.lines.find(({ level }) => level === "error");
      if (broken !== undefined) throw new Error(broken.message, { cause: errorIn(broken.fields) });
    },
    fileOfRun: (name) => {
      const [run] = desk.runs();
      return join(dir, `data-${lives}`, "runs", run?.record().id ?? "", name);
    },
    restart: async (options = {}) => {
      const { wipe = false, queue = createMemoryQueue(world.clock), operator, secret } = options;
      await world.clock.during(desk.close(1_000));
      parts.secret = secret ?? parts.secret;
      if (operator !== undefined) parts.operator = operator;
      lives += wipe ? 1 : 0;
      Object.assign(world, { queue });
      ({ desk, schedules, migrations, onboarding, replays, rules } = openDesk(parts, lives));
      bot = openBot();
      await desk.open();
    },
    listener: async () => (await elsewhere()).desk,
    elsewhere,
    anotherProcess: async () => {
      const queue = createMemoryQueue(world.clock);
      const other = openDesk({ ...parts, world: { ...world, queue } }, 99);
      await other.desk.open();
      return {
        ...other,
        settle: () => world.clock.during(queue.idle(), 200),
        [Symbol.asyncDispose]: () => world.clock.during(other.desk.close(600_000)),
      };
    },
    said: () =>
      world.github.state.comments
        .filter(({ author }) => author === "fanfold[bot]")
        .map(({ body }) => body),
    git: async (...args) => {
      return gitText(world.gitDir, args);
    },
    [Symbol.asyncDispose]: async () => {
      // Long enough for runs to stop on a busy machine: the folder goes next.
      await world.clock.during(desk.close(600_000));
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function onMain(branch: string, files: NewFiles["files"]): NewFiles {
  return { branch, from: "refs/heads/main", message: "Change it", files };
}

const errorIn = (fields: object): unknown =>
  "error" in fields ? fields.error : "err" in fields ? fields.err : fields;

interface Desks {
  rules: Rules;
  replays: ReplayDesk;
  onboarding: OnboardingDesk;
  desk: RunDeskHandle;
  schedules: ScheduleDeskHandle;
  migrations: MigrationDesk;
}

interface DeskParts {
  world: MemoryWorld;
  dir: string;
  modelName: string;
  scriptMs: number;
  dayBudgetUsd: number | null;
  operator: Operator;
  secret: Secret;
}

function openDesk(
  { world, dir, modelName, scriptMs, dayBudgetUsd, operator, secret }: DeskParts,
  life: number,
): Desks {
  const data = join(dir, `data-${life}`);
  const mirrors = openMirrorFolders({
    root: join(data, "mirrors"),
    bytesMax: 1e9,
    clock: world.clock,
  });
  const disk = openFolderDisk(data);
  const rulesOf = (of: House): Rules =>
    openRules({
      openForge: (ref) => world.openForge(ref),
      operator,
      switches: openSharedSwitches(of, openSwitches(disk)),
    });
  const house = openHouse(
    // Asked through the world, since some stories have GitHub go away.
    {
      ...world,
      disk,
      openForge: (ref) => world.openForge(ref),
      openRemote: (ref) => world.openRemote(ref),
    },
    {
      checkpointSecret: secret,
      workflowsDir: fileURLToPath(new URL("../../workflows", import.meta.url)),
      chooseModel: ({ model, effort }) => ({
        ...choose(model ?? modelName, effort),
        isPriced: true,
      }),
      scriptMs,
      leaseMs: limits.run.leaseMs,
      dayBudgetUsd,
      author: { name: "Fanfold", email: "fanfold@example.invalid" },
    },
    { sandboxes: inThisProcess, runAgent, openRules: rulesOf, mirrors, openMigrations },
  );
  const desk = createRunDesk(house);
  const migrations = createMigrationDesk(house, desk);
  const onboarding = createOnboardingDesk(house);
  return {
    desk,
    rules: house.rules,
    migrations,
    onboarding,
    replays: createReplayDesk(house, desk),
    schedules: createScheduleDesk(house, desk, migrations.progress),
  };
}

// Stories are about runs; a process for each would only make them slow.
const inThisProcess: Sandboxes = {
  open: () => openInProcessSandbox(),
  prepare: () => {},
  [Symbol.asyncDispose]: () => Promise.resolve(),
};
