// Asks GitHub at the start who we are, so that a wrong key or address shows in the log before the first command does.

import { limits } from "./config/limits.ts";
import type { Clock } from "./world/clock.ts";
import { ForgeError, type ForgeErrorKind } from "./world/forge-error.ts";
import type { Log } from "./world/log.ts";

export interface GreetParts {
  /** Rejects with `ForgeError`. */
  identity: () => Promise<{ id: number; slug: string }>;
  apiUrl: string;
  clock: Clock;
  log: Log;
}

/** Ends with GitHub's word, a yes or a no; asks again for as long as there is none, or until aborted. Never rejects. */
export async function greet(parts: GreetParts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !(await hasAnswered(parts))) {
    // Only the signal ends the sleep early, and the loop looks at it.
    await parts.clock.sleep(limits.web.greetAgainMs, signal).catch(() => {});
  }
}

async function hasAnswered({ identity, apiUrl, log }: GreetParts): Promise<boolean> {
  try {
    const { id, slug } = await identity();
    log.info({ id, slug }, "GitHub knows this App.");
    return true;
  } catch (error) {
    const kind = error instanceof ForgeError ? error.kind : "refused";
    log.warn({ err: error, apiUrl }, adviceFor(kind, apiUrl));
    return kind !== "unreachable" && kind !== "limited";
  }
}

function adviceFor(kind: ForgeErrorKind, apiUrl: string): string {
  const again = `It is tried again in ${limits.web.greetAgainMs / 1000} seconds`;
  if (kind === "limited") return `GitHub at ${apiUrl} limits this App's requests. ${again}.`;
  if (kind === "unreachable") {
    return `GitHub could not be reached at ${apiUrl}. ${again}; if it goes on, check the network and GITHUB_API_URL.`;
  }
  return "GitHub did not confirm this App, so no command can be answered. Check APP_ID, PRIVATE_KEY and GITHUB_API_URL, then start again.";
}
