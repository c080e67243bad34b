// A local GitHub without an App, and `fanfold setup` against it, in a folder of its own.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import picocolors from "picocolors";

import { runSetup, type SetupOptions } from "../../src/command-line/setup.ts";
import { type LocalGitHub, startLocalGitHub } from "../../src/local/github/server.ts";
import { type Recorder, startRecorder } from "../contracts/github/recorder.ts";

export interface RunningSetup {
  /** As it was printed, with its key. */
  address: string;
  /** `http://127.0.0.1:<port>`. */
  origin: string;
  /** Resolves to the exit status. */
  ended: Promise<number>;
  printed(): string;
  interrupt(): void;
}

export interface SetupTown extends AsyncDisposable {
  github: LocalGitHub;
  recorder: Recorder;
  dir: string;
  envFile: string;
  start(options?: Partial<SetupOptions>, variables?: Record<string, string>): Promise<RunningSetup>;
  /** What is complained about when it does not start. */
  refuses(options?: Partial<SetupOptions>, variables?: Record<string, string>): Promise<string>;
  /** Where the first form of a page leads. */
  actionIn(page: string): URL;
  /** Where a link with this text leads. */
  linkIn(page: string, text: string): string;
}

export async function openSetupTown(): Promise<SetupTown> {
  const dir = await mkdtemp(join(tmpdir(), "fanfold-"));
  const recorder = startRecorder();
  const github = await startLocalGitHub({
    dataDir: join(dir, "github"),
    onExchange: recorder.onExchange,
  });
  const envFile = join(dir, ".env");
  const running: RunningSetup[] = [];
  const run = (options: Partial<SetupOptions>, variables: Record<string, string>) => {
    const lines: string[] = [];
    const print = (text: string) => void lines.push(text);
    const terminal = { print, complain: print, paint: picocolors.createColors(false) };
    const interrupted = new AbortController();
    const places = { GITHUB_API_URL: github.url, GITHUB_WEB_URL: github.url };
    const around = { variables: { ...places, ...variables }, stop: interrupted.signal };
    const ended = runSetup({ host: "127.0.0.1", envFile, ...options }, around, terminal);
    return { ended, printed: () => lines.join("\n"), interrupt: () => interrupted.abort() };
  };
  return {
    github,
    recorder,
    dir,
    envFile,
    async start(options = {}, variables = {}) {
      const { ended, ...rest } = run(options, variables);
      const address = await Promise.race([ended.then(() => null), printedAddress(rest.printed)]);
      if (address === null) throw new Error(`It did not start: ${rest.printed()}`);
      const setup = { ...rest, ended, address, origin: new URL(address).origin };
      running.push(setup);
      return setup;
    },
    async refuses(options = {}, variables = {}) {
      const { ended, printed } = run(options, variables);
      const status = await ended;
      if (status !== 1) throw new Error(`It ended with status ${status}.`);
      return printed();
    },
    actionIn(page) {
      const [, action = ""] = /<form[^>]*action="([^"]+)"/u.exec(page) ?? [];
      return new URL(action.replaceAll("&amp;", "&"));
    },
    linkIn(page, text) {
      const links = [...page.matchAll(/<a[^>]*href="([^"]+)"[^>]*>([^<]*)<\/a/gu)];
      const found = links.find(([, , words]) => words?.trim() === text);
      return (found?.[1] ?? "").replaceAll("&amp;", "&");
    },
    async [Symbol.asyncDispose]() {
      for (const setup of running) setup.interrupt();
      await Promise.all(running.map(({ ended }) => ended));
      await github.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Null after a while without one. */
async function printedAddress(printed: () => string): Promise<string | null> {
  for (let round = 0; round < 1_000; round += 1) {
    const [address] = /http:\S+key=\w+/u.exec(printed()) ?? [];
    if (address !== undefined) return address;
    await sleep(10);
  }
  return null;
}
