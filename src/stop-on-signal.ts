// A clean end: nothing new comes in, what is under way is brought to a safe place, and the process goes.

import type { Server } from "node:http";

import type { RunDeskProcess } from "./command/run-desk.ts";
import { limits } from "./config/limits.ts";
import type { InFlight } from "./deliveries/in-flight.ts";
import type { OpenedTelemetry } from "./open-telemetry.ts";
import type { World } from "./world.ts";
import type { Log } from "./world/log.ts";

/** Everything that has to be brought to an end. */
export interface Running {
  clock: World["clock"];
  server: Server;
  desk: RunDeskProcess;
  inFlight: InFlight;
  /** Ends what goes on in the background; aborted at the first signal. */
  background: AbortController;
  log: Log;
  telemetry: OpenedTelemetry;
  fleet: World["fleet"];
}

/** Ends the process at the first signal when all is safe, with status 0 if that was in time; at the second one at once. */
export function stopOnSignal(running: Running): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    running.log.info({ signal }, "Stopping. What is under way is brought to a safe place first.");
    stop(running).then(
      (clean) => process.exit(clean ? 0 : 1),
      (error: unknown) => {
        running.log.error({ err: error }, "The bot could not stop cleanly.");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
}

/** No new deliveries, then the answers under way, then the runs. True when everything ended in time. */
async function stop({
  clock,
  server,
  desk,
  inFlight,
  background,
  log,
  telemetry,
  fleet,
}: Running): Promise<boolean> {
  const deadline = clock.monotonic() + limits.web.drainMs;
  background.abort();
  desk.pause();
  server.close();
  server.closeIdleConnections();
  const [answered] = await Promise.all([
    inFlight.drain(limits.web.drainMs / 3),
    fleet?.post.close(limits.web.drainMs / 3),
  ]);
  if (!answered) log.warn({ left: inFlight.size() }, "Answers were still under way.");
  await desk.close(Math.max(0, deadline - clock.monotonic()));
  await fleet?.close();
  await telemetry[Symbol.asyncDispose]();
  return answered;
}
