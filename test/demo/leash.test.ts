// A demo that is killed takes its bot along: nothing of it stays behind on this machine.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect, it } from "vitest";

import { freePort } from "../../src/demo/ports.ts";
import { settingsOf } from "../story/bot-process.ts";

const MODULE = new URL("../../src/demo/bot-process.ts", import.meta.url).href;
/** A process that holds the leash, and says which bot is at its other end. */
const HOLDER = `
  import { startBot } from ${JSON.stringify(MODULE)};
  const { env, logPath } = JSON.parse(process.argv[1]);
  const signal = new AbortController().signal;
  const bot = startBot({ env, logPath, say: () => {}, onGaveUp: () => {}, signal });
  process.stdout.write(String(bot.pid()));
`;

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function until(moment: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
  for (const end = Date.now() + withinMs; Date.now() < end; await sleep(100)) {
    if (await moment()) return true;
  }
  return false;
}

it("ends by itself when whoever started it is killed", { timeout: 120_000 }, async () => {
  await using stage = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), "fanfold-"));
  stage.defer(() => rm(dir, { recursive: true, force: true }));
  const port = await freePort();
  const env = settingsOf({ FANFOLD_DATA: join(dir, "data"), PORT: String(port) });
  const given = JSON.stringify({ env, logPath: join(dir, "bot.log") });
  const args = ["--input-type=module", "--eval", HOLDER, given];
  const holder = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  stage.defer(() => void holder.kill("SIGKILL"));
  const [said]: unknown[] = await once(holder.stdout, "data");
  const pid = Number(String(said));
  stage.defer(() => void (isThere(pid) && process.kill(pid, "SIGKILL")));
  const answers = () =>
    fetch(`http://127.0.0.1:${port}/ping`).then(
      ({ ok }) => ok,
      () => false,
    );
  expect(await until(answers, 60_000)).toBe(true);

  holder.kill("SIGKILL");
  await once(holder, "exit");
  // GitHub is not reachable in this test, so nothing is under way that the bot would wait for.
  expect(await until(() => !isThere(pid), 15_000)).toBe(true);
});
