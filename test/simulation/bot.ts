// A process of the bot in the simulated world: production's own parts on ports that pass through the seam.

import { fileURLToPath } from "node:url";

import type { Model, Turn, TurnRequest } from "../../src/agent/model.ts";
import { ModelError } from "../../src/agent/model.ts";
import { runAgent } from "../../src/agent/loop.ts";
import { createBot } from "../../src/bot.ts";
import { limits, queueLimits } from "../../src/config/limits.ts";
import { createDoctor } from "../../src/doctor/examine.ts";
import { openHeard } from "../../src/deliveries/heard.ts";
import { createInFlight } from "../../src/deliveries/in-flight.ts";
import { createSweep } from "../../src/deliveries/sweep.ts";
import { createIntake, type Intake } from "../../src/deliveries/intake.ts";
import type { Sandboxes } from "../../src/engine/sandbox.ts";
import { guardForges } from "../../src/outgoing/guard-forge.ts";
import { createRedaction } from "../../src/outgoing/secrets.ts";
import type { MemoryGitHub } from "../../src/outside/memory/forge.ts";
import type { MemoryLog } from "../../src/outside/memory/log.ts";
import { createMemoryRegistration } from "../../src/outside/memory/registration.ts";
import { createEmbeddedQueue } from "../../src/outside/queue/embedded.ts";
import { RemoteError } from "../../src/repo/remote.ts";
import { createRunDesk, type RunDeskHandle } from "../../src/runs/desk.ts";
import { every } from "../../src/runs/every.ts";
import { openMigrations } from "../../src/migrations/ledger.ts";
import { createScheduleDesk } from "../../src/schedules/desk.ts";
import { createReplayDesk } from "../../src/replay/desk.ts";
import { type House, openHouse } from "../../src/runs/house.ts";
import { openSharedSwitches } from "../../src/runs/shared-switches.ts";
import { noOperator } from "../../src/settings/effective.ts";
import { openRules } from "../../src/settings/rules.ts";
import { openSwitches } from "../../src/settings/switches.ts";
import type { Clock } from "../../src/world/clock.ts";
import type { Inbox } from "../../src/world/inbox.ts";
import type { Queue } from "../../src/world/queue.ts";
import type { World } from "../../src/world.ts";
import type { Deliveries } from "../../src/world/deliveries.ts";
import type { RepositoryRef } from "../../src/world/forge.ts";
import { wellEnv, wellMachine } from "../story/doctor-of.ts";
import type { OperationKind } from "./core/fault.ts";
import type { Process, Seam } from "./core/seam.ts";
import type { Timeline } from "./core/timeline.ts";
import type { Hub } from "./git/hub.ts";
import { type Line, openMemoryMirror } from "./git/mirror.ts";
import { draw } from "./core/draw.ts";
import type { Machine } from "./machine.ts";
import type { Push } from "./paces.ts";
import { clockOf } from "./machine-clock.ts";
import { waywardQueue } from "./queue.ts";
import { openSandbox } from "./sandbox.ts";
import { unwatched } from "../../src/world/telemetry.ts";

/** Everything around a process. */
export interface Surroundings {
  timeline: Timeline;
  seam: Seam;
  hub: Hub;
  github: MemoryGitHub;
  ref: RepositoryRef;
  log: MemoryLog;
  /** GitHub's own log of what it sent. */
  deliveries: Deliveries;
  /** What the provider says to a request. */
  model: (request: TurnRequest, process: Process) => Promise<Turn>;
  /** Told what an answer cost that was heard, in US dollars. */
  onPaid: (costUsd: number, by: { process: string; date: string }) => void;
  /** Told of a push before it leaves its process. */
  onPush: (push: Push) => void;
  /** In US dollars a day for everything; null for none. */
  dayUsd: number | null;
  /** Of all agents. */
  modelId: string;
  seed: number;
}

export interface Bot {
  readonly process: Process;
  readonly desk: RunDeskHandle;
  readonly intake: Intake;
  readonly queue: Pick<Queue, "entries">;
  /** Of its machine. */
  readonly inbox: Pick<Inbox, "letters">;
  /** As a signal does: what is under way is brought to a safe place, and then the process ends. */
  stop(): void;
}

/** The deliveries that are asked for again. */
export const kind = { event: "issue_comment", action: "created" };
export const SECRET = "a-secret-for-simulations-long-enough-to-be-one";
/** One small workflow: reading and checking those of the product would be a tenth of all there is to do. */
const workflowsDir = fileURLToPath(new URL("workflows", import.meta.url));

/** Nobody reads it here, and a write to it is no moment in which anything else could happen. */
const unkept = { note: async () => {} };

const redact = createRedaction([SECRET]);

/** Starts the bot on a machine, as `serve` does. */
export function startBot(around: Surroundings, machine: Machine, process: Process): Bot {
  const { timeline, seam, log } = around;
  const clock = clockOf(timeline, machine, process);
  const through = <T extends object>(kind: OperationKind, port: T): T =>
    passing(seam, process, { kind, port });
  let chances = 0;
  const line = lineOf(around, machine, process);
  const world: World = {
    clock,
    log,
    auditLog: unkept,
    telemetry: unwatched,
    random: () => draw(around.seed, `chance ${process.name} ${chances++}`),
    disk: through("disk", machine.disk),
    model: modelOf(around, process, clock),
    checkModel: async () => ({ kind: "there" }),
    queue: waywardQueue(seam, process, createEmbeddedQueue({ limits: queueLimits, clock, log })),
    fleet: null,
    inbox: through("inbox", machine.inbox),
    deliveries: around.deliveries,
    registration: createMemoryRegistration(clock),
    openForge: guardForges(
      async (asked) => through("forge", await around.github.openForge(asked)),
      redact,
    ),
    async *repositories() {
      yield around.github.state.ref;
    },
    openRemote: async () => ({
      list: line.list,
      fetch: () => Promise.reject(new Error("Mirrors fetch by themselves.")),
      push: () => Promise.reject(new Error("Mirrors push by themselves.")),
    }),
  };
  const { openForge, disk } = world;
  const rulesOf = (of: House) =>
    openRules({
      openForge,
      operator: noOperator,
      switches: openSharedSwitches(of, openSwitches(disk)),
    });
  const settings = {
    checkpointSecret: SECRET,
    workflowsDir,
    chooseModel: () => ({ id: around.modelId, effort: null, effortRefused: null, isPriced: true }),
    scriptMs: limits.run.scriptMs,
    leaseMs: limits.run.leaseMs,
    dayBudgetUsd: around.dayUsd,
    author: { name: "Fanfold", email: "fanfold@example.invalid" },
  };
  const mirrors = {
    open: async () => openMemoryMirror(machine.objects, line),
    prune: async () => [],
  };
  const parts = {
    sandboxes: sandboxesOf(around, process),
    runAgent,
    openRules: rulesOf,
    mirrors,
    openMigrations,
  };
  const house = openHouse(world, settings, parts);
  const desk = createRunDesk(house);
  const schedules = createScheduleDesk(house, desk, async () => null);
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
    rules: house.rules,
    doctor,
    replays: createReplayDesk(house, desk),
  });
  const inFlight = createInFlight(clock);
  const answer = bot.onComment.bind(bot);
  const inner = createIntake({ ...world, inFlight, answer });
  const heard = openHeard(world);
  const intake: Intake = {
    take: (event) => inner.take(event).then(() => heard.note(event.delivery)),
    resume: () => inner.resume(),
    retry: () => inner.retry(),
  };
  const background = new AbortController();
  const forever = { clock, signal: background.signal };
  const sweep = createSweep({ ...world, kinds: [kind], heard });
  // As `serve` does: a bot that cannot take up its runs ends, and whoever watches it starts it again.
  desk.open().catch(() => seam.kill(process));
  void every(forever, limits.web.sweepMs, async () => {
    await intake.resume();
    await sweep();
  });
  void every(forever, limits.web.answerAgainMs, () => intake.retry());
  const stop = async (): Promise<void> => {
    background.abort(new Error("The bot is stopping."));
    await desk.close(limits.web.drainMs);
  };
  const end = (): void => void seam.kill(process);
  return {
    process,
    desk,
    intake,
    queue: world.queue,
    inbox: machine.inbox,
    stop: () => void stop().then(end, end),
  };
}

/** What asks nobody, and so cannot fail. */
const PURE = new Set<string | symbol>(["pageOf", "held", "ref", "then"]);

/** A port whose every method passes through the seam. */
function passing<T extends object>(
  seam: Seam,
  process: Process,
  { kind, port }: { kind: OperationKind; port: T },
): T {
  return new Proxy(port, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function" || typeof name === "symbol" || PURE.has(name)) return member;
      return (...given: unknown[]): Promise<unknown> =>
        seam.perform(process, { kind, name, given }, () => Reflect.apply(member, target, given));
    },
  });
}

function lineOf({ seam, hub, onPush }: Surroundings, machine: Machine, process: Process): Line {
  const git = <T>(name: string, work: () => T): Promise<T> =>
    seam.perform(process, { kind: "git", name }, work);
  return {
    // By another name, so that the plans of worlds that once broke still meet the operations they are about.
    list: (prefix) => git(prefix.includes("/said/") ? "hear" : "list", () => hub.list(prefix)),
    fetch: (source) =>
      git("fetch", () => {
        const oid = source.startsWith("refs/") ? hub.refs.get(source) : source;
        if (oid === undefined) return null;
        if (!hub.objects.has(oid))
          throw new RemoteError(`There is no ${oid}.`, { transient: false });
        machine.objects.take(hub.objects, oid);
        return oid;
      }),
    push: (updates) => {
      onPush({ process: process.name, updates, objects: machine.objects });
      return git("push", () => hub.push(machine.objects, updates, process.name));
    },
  };
}

function modelOf(
  { seam, model, onPaid }: Surroundings,
  process: Process,
  clock: Pick<Clock, "now">,
): Model {
  const days = new WeakMap<TurnRequest, string>();
  return {
    turn: async (request, signal, hearing) => {
      signal.throwIfAborted();
      // The day by this machine's clock: a turn counts in the one in which its money was set aside, however often it is tried after midnight.
      const date = days.get(request) ?? new Date(clock.now()).toISOString().slice(0, 10);
      days.set(request, date);
      const { promise, reject } = Promise.withResolvers<never>();
      const onAbort = (): void => reject(signal.reason);
      signal.addEventListener("abort", onAbort, { once: true });
      const turn = seam
        .perform(process, { kind: "model", name: "turn" }, () => model(request, process))
        .catch((error: unknown) => {
          throw error instanceof ModelError ? error : new ModelError("network", String(error));
        });
      try {
        const answered = await Promise.race([turn, promise]);
        onPaid(answered.usage.costUsd ?? 0, { process: process.name, date });
        hearing?.streaming?.();
        return answered;
      } finally {
        signal.removeEventListener("abort", onAbort);
      }
    },
  };
}

function sandboxesOf({ timeline, seam }: Surroundings, process: Process): Sandboxes {
  return {
    open: () =>
      seam.perform(process, { kind: "sandbox", name: "open" }, () => timeline.real(openSandbox())),
    prepare: () => {},
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
