// The bot as a process: environment in, webhooks heard, runs driven (or one of these), and a clean end on a signal.

import { once } from "node:events";
import type { Server } from "node:http";
import { resolve } from "node:path";

import { Probot } from "probot";

import { connect, handled } from "./app.ts";
import { createBot } from "./bot.ts";
import type { RunDeskProcess } from "./command/run-desk.ts";
import { EnvError, readEnv, type Env } from "./config/env.ts";
import { limits } from "./config/limits.ts";
import { version } from "./config/version.ts";
import { dashboardHandler } from "./dashboard/handler.ts";
import { answerLetters } from "./deliveries/answer-letter.ts";
import { createInFlight, type InFlight } from "./deliveries/in-flight.ts";
import { type Heard, openHeard } from "./deliveries/heard.ts";
import { openHeardTogether } from "./deliveries/heard-together.ts";
import { createIntake } from "./deliveries/intake.ts";
import { serves } from "./deliveries/served.ts";
import { answerPost, createSharedIntake } from "./deliveries/shared-intake.ts";
import { createSweep } from "./deliveries/sweep.ts";
import { createFrontDoor } from "./front-door.ts";
import { greet } from "./greet.ts";
import { createLog } from "./log.ts";
import { CannotStart, openData } from "./open-data.ts";
import { openDesk } from "./open-desk.ts";
import { openDoctor } from "./open-doctor.ts";
import { makeRounds } from "./open-rounds.ts";
import { createReplayDesk } from "./replay/desk.ts";
import { createReadiness } from "./readiness.ts";
import {
  type OpenedTelemetry,
  openTelemetryOf,
  queueByState,
  runsByStatus,
} from "./open-telemetry.ts";
import { openWorld, secretsOf } from "./open-world.ts";
import { NoWayToClaude } from "./outside/claude/reach.ts";
import { NoWayToQueue } from "./outside/queue/bull.ts";
import type { RunDeskHandle } from "./runs/desk.ts";
import { passes } from "./runs/passes.ts";
import { createMigrationDesk } from "./migrations/desk.ts";
import { createOnboardingDesk } from "./onboarding/desk.ts";
import { createScheduleDesk } from "./schedules/desk.ts";
import { guards, testGuards } from "./self-test.ts";
import { stopOnSignal } from "./stop-on-signal.ts";
import type { Clock } from "./world/clock.ts";
import type { World } from "./world.ts";
import type { Log } from "./world/log.ts";

/** What a process is for: it hears webhooks, or drives runs and answers, or both. */
export type Role = "serve" | "work" | "both";

/** Runs until SIGTERM or SIGINT. What keeps it from starting is one sentence on standard error and exit status 1. */
export async function serve(variables: Variables, role: Role = "both"): Promise<void> {
  try {
    await start(readEnv(variables), variables, role);
  } catch (error) {
    if (!isForOperator(error)) throw error;
    process.stderr.write(`Fanfold cannot start.\n${error.message}\n`);
    process.exit(1);
  }
}

const isForOperator = (error: unknown): error is Error =>
  error instanceof EnvError ||
  error instanceof CannotStart ||
  error instanceof NoWayToClaude ||
  error instanceof NoWayToQueue;

type Variables = Readonly<Record<string, string | undefined>>;

async function start(env: Env, variables: Variables, role: Role): Promise<void> {
  mustReachOthers(env, role);
  await openData(env.dataDir);
  testGuards(guards);
  const probot = await openProbot(env);
  const log = createLog(probot.log, { dataDir: resolve(env.dataDir), secrets: secretsOf(env) });
  const telemetry = await openTelemetryOf(env);
  const world = await openWorld(env, { log, telemetry });
  const { clock } = world;
  const { house, desk } = openDesk(world, env);
  const { rules } = house;
  telemetry.watch("runs", () => runsByStatus(desk.inHand()));
  telemetry.watch("queue", () => queueByState(world));
  const background = new AbortController();
  const migrations = createMigrationDesk(house, desk);
  const schedules = createScheduleDesk(house, desk, migrations.progress);
  const doctor = openDoctor(world, env, variables);
  const replays = createReplayDesk(house, desk);
  const bot = createBot({ world, runs: desk, schedules, rules, doctor, replays });
  const inFlight = createInFlight(clock);
  const { fleet } = world;
  const onboarding = createOnboardingDesk(house);
  const answer = answerLetters({ bot, schedules, onboarding, log, passes });
  const answering = { ...world, inFlight, answer };
  const intake =
    fleet === null ? createIntake(answering) : createSharedIntake(fleet.post, world.clock);
  const heard = heardBy(world);
  connect(probot, { intake, heard, serves: serves(env.repositories), log });
  const server = await openServer(env, {
    probot,
    log,
    inFlight,
    desk,
    telemetry,
    clock,
    role,
    unready: createReadiness({ clock, queue: world.queue, stopping: background.signal }),
  });
  await listen(server, env);
  log.info({ version, role, address: server.address() }, "Fanfold is listening.");
  const { signal } = background;
  stopOnSignal({ clock, server, desk, inFlight, background, log, telemetry, fleet });
  const greeting = { identity: () => world.identity(), apiUrl: env.githubApiUrl, clock, log };
  const greeted = greet(greeting, signal);
  if (role === "serve") return await greeted;
  const sweep = createSweep({ ...world, kinds: handled, heard });
  const rounds = {
    desk,
    sweep: async () => {
      await intake.resume();
      await sweep();
    },
    retry: () => intake.retry(),
    beats: [schedules, migrations, onboarding].map(
      (each) => (aborted: AbortSignal) => each.beat(aborted),
    ),
  };
  if (fleet !== null) answerPost({ ...answering, post: fleet.post });
  await Promise.all([takeUpRuns(desk, env), greeted, makeRounds(world, rounds, signal)]);
}

/** Several processes keep it together. */
const heardBy = ({ fleet, disk, clock, random }: World): Heard =>
  fleet === null
    ? openHeard({ disk, clock })
    : openHeardTogether({ board: fleet.board, nonce: String(random()) });

/** Half a bot alone would keep what it hears for nobody. */
function mustReachOthers({ queueUrl }: Env, role: Role): void {
  if (role === "both" || queueUrl !== null) return;
  throw new CannotStart(
    `\`fanfold ${role}\` is one of several processes, and QUEUE_URL does not say where they meet. ` +
      "Set it to the same redis:// or postgres:// address for all of them, or start one process with `npm start`.",
  );
}

async function takeUpRuns(desk: RunDeskProcess, { dataDir }: Env): Promise<void> {
  try {
    await desk.open();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CannotStart(
      `The runs kept in ${dataDir} cannot be taken up: ${why}. Check FANFOLD_DATA.`,
      {
        cause: error,
      },
    );
  }
}

/** Probot checks, parses and hands out deliveries. Requests to GitHub go through our own clients. */
async function openProbot(env: Env): Promise<Probot> {
  const probot = new Probot({
    appId: env.appId,
    privateKey: env.privateKey,
    secret: env.webhookSecret,
    baseUrl: env.githubApiUrl,
    logLevel: env.logLevel,
    logFormat: process.stdout.isTTY ? "pretty" : "json",
  });
  return probot.ready();
}

interface ServerParts {
  probot: Probot;
  log: Log;
  inFlight: InFlight;
  desk: RunDeskHandle;
  telemetry: OpenedTelemetry;
  clock: Clock;
  role: Role;
  unready: () => Promise<string | null>;
}

async function openServer(
  env: Env,
  { probot, log, inFlight, desk, telemetry, clock, role, unready }: ServerParts,
) {
  const receive = await receiverOf(probot, env.webhookPath);
  return createFrontDoor({
    webhookPath: role === "work" ? null : env.webhookPath,
    verify: (body, signature) => probot.webhooks.verify(body, signature),
    receive: (request, response) => inFlight.takeIn(() => receive(request, response)),
    pages:
      env.dashboard === "off"
        ? null
        : dashboardHandler({ runs: () => desk.runs(), now: clock.now }),
    unready,
    busy: () => inFlight.size() >= limits.web.deliveriesAtOnce,
    now: clock.now,
    answered: (status, ms) => {
      telemetry.add("deliveries", 1, { status });
      telemetry.took("delivery", ms, { status });
    },
    log,
  });
}

/** Its own log would repeat with the whole payload what Probot logs of a failed delivery. */
function receiverOf(probot: Probot, path: string) {
  return probot.getNodeMiddleware({ path, log: probot.log.child({}, { level: "silent" }) });
}

async function listen(server: Server, { host, port }: Env): Promise<void> {
  try {
    server.listen({ host, port });
    await once(server, "listening");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "EADDRINUSE") {
      throw new CannotStart(
        `Port ${port} on ${host} is already in use. Stop the other program or set PORT to a free one.`,
        { cause: error },
      );
    }
    throw new CannotStart(
      `Cannot listen on ${host}:${port} (${String(code)}). Check HOST and PORT.`,
      {
        cause: error,
      },
    );
  }
}
