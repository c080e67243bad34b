// What a repository, an address or this machine's own settings would have git do: it does none of it.

import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { afterEach, expect, test, vi } from "vitest";
import { z } from "zod";

import { systemClock } from "../../src/outside/clock.ts";
import { openGitRemote } from "../../src/repo/git-remote.ts";
import { openMirror } from "../../src/repo/mirror.ts";
import { RemoteError } from "../../src/repo/remote.ts";
import { attack } from "../attacks/load.ts";
import { commitOf, type Hub, mirrorOf, openHub, rawGit, realWaits } from "./kit.ts";

const CANARY = "CANARY-INJECT-7";
const expectedOf = (id: string): string => attack("git.jsonl", id).expected;
const noHeader = { header: () => Promise.resolve(null) };

afterEach(() => vi.unstubAllEnvs());

/** A script that leaves a trace where it was run. */
function trap(folder: string, name: string): { script: string; isSprung: () => boolean } {
  const trace = join(folder, `${CANARY}-${name}`);
  const script = join(folder, name);
  writeFileSync(script, `#!/bin/sh\ntouch '${trace}'\ncat >/dev/null\n`);
  chmodSync(script, 0o755);
  return { script, isSprung: () => existsSync(trace) };
}

/** Fetches, reads, commits and pushes: everything that is ever done to a repository. */
async function everything(hub: Hub): Promise<void> {
  await using mirror = await mirrorOf(hub);
  const base = (await mirror.fetch("main")) ?? "";
  const snapshot = await mirror.snapshot(base);
  await snapshot.read("a.txt");
  await snapshot.search("x");
  const one = await commitOf(mirror, base, { "a.txt": "one\n" });
  await mirror.push([{ ref: "refs/heads/fanfold/wf-1/w", from: null, to: one }]);
}

test(`git-001: ${expectedOf("git-001")}`, async () => {
  await using hub = await openHub();
  const { clone_url: url } = z
    .object({ clone_url: z.string() })
    .parse(attack("git.jsonl", "git-001").input);
  const urls = [
    url,
    `--upload-pack=touch ${join(hub.folder, CANARY)}`,
    "ext::sh -c touch% x",
    "-u",
  ];
  for (const [at, address] of urls.entries()) {
    const remote = openGitRemote({ url: address, ...noHeader }, realWaits);
    await using mirror = await openMirror({
      dir: join(hub.folder, `${at}.git`),
      remote,
      clock: systemClock,
    });
    await expect(mirror.fetch("main")).rejects.toThrow(RemoteError);
  }
  hub.commit("main", { "a.txt": "x\n" });
  await using mirror = await mirrorOf(hub);
  for (const ref of [`--upload-pack=touch ${CANARY}`, "main --upload-pack=x"]) {
    await expect(mirror.fetch(ref)).rejects.toThrow(RemoteError);
  }
  expect(readdirSync(hub.folder).filter((name) => name.includes(CANARY))).toEqual([]);
});

test(`git-002: ${expectedOf("git-002")}`, async () => {
  await using hub = await openHub();
  hub.commit("main", { "a.txt": "x\n", ".gitattributes": "* filter=evil diff=evil merge=evil\n" });
  const { script, isSprung } = trap(hub.folder, "filter.sh");
  const settings = ["filter.evil.smudge", "filter.evil.clean", "diff.evil.textconv"];
  await everything(hub);
  const mirror = join(hub.folder, "mirror.git");
  for (const name of settings) rawGit(mirror, ["config", name, script]);
  await everything(hub);
  expect(isSprung()).toBe(false);
  // Git as a person has it does run it.
  const main = hub.git("rev-parse", "main").trim();
  const attributes = join(hub.folder, "attributes");
  writeFileSync(attributes, "* filter=evil\n");
  rawGit(mirror, [
    "-c",
    `core.attributesFile=${attributes}`,
    "cat-file",
    "--filters",
    `${main}:a.txt`,
  ]);
  expect(isSprung()).toBe(true);
});

test(`git-003: ${expectedOf("git-003")}`, async () => {
  await using hub = await openHub();
  const { repo_contains: what } = z
    .object({ repo_contains: z.string() })
    .parse(attack("git.jsonl", "git-003").input);
  const modules = `[submodule "x"]\n\tpath = x\r\n\turl = ${hub.path}${what.includes("\\r") ? "\r" : ""}\n`;
  const other = hub.commit("other", { "b.txt": "b\n" });
  hub.commit("main", { "a.txt": "x\n", ".gitmodules": modules, x: { submodule: other } });
  await everything(hub);
  await using mirror = await mirrorOf(hub);
  const snapshot = await mirror.snapshot((await mirror.fetch("main")) ?? "");
  expect(await snapshot.read("x")).toMatchObject({ kind: "submodule" });
  expect(existsSync(join(mirror.gitDir, "modules"))).toBe(false);
});

test(`git-004: ${expectedOf("git-004")}`, async () => {
  await using hub = await openHub();
  hub.commit("main", { "a.txt": "x\n" });
  const hooks = join(hub.folder, "hooks");
  mkdirSync(hooks);
  const { isSprung } = trap(hooks, "reference-transaction");
  const config = join(hub.folder, "gitconfig");
  writeFileSync(config, `[core]\n\thooksPath = ${hooks}\n`);
  const seen = watchEnvironment(hub.folder);
  vi.stubEnv("GIT_CONFIG_GLOBAL", config);
  vi.stubEnv("GIT_CONFIG_PARAMETERS", `'core.hooksPath=${hooks}'`);
  vi.stubEnv("GIT_SSH_COMMAND", "false");
  await everything(hub);
  expect(isSprung()).toBe(false);
  const environment = seen();
  expect(environment.length).toBeGreaterThan(3);
  for (const one of environment) {
    expect(one).toMatchObject({
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_TERMINAL_PROMPT: "0",
      GIT_LFS_SKIP_SMUDGE: "1",
    });
    expect(one).not.toHaveProperty("GIT_CONFIG_PARAMETERS");
    expect(one).not.toHaveProperty("GIT_SSH_COMMAND");
    const setting = (key: string): string | undefined => {
      const [name = ""] = Object.entries(one).find(([, value]) => value === key) ?? [];
      return one[name.replace("_KEY_", "_VALUE_")];
    };
    expect([setting("core.hooksPath"), setting("protocol.allow")]).toEqual(["/dev/null", "never"]);
  }
  execFileSync("git", ["-C", hub.path, "update-ref", "refs/heads/new", "main"], {
    stdio: "ignore",
  });
  expect(isSprung()).toBe(true);
});

/** Puts a `git` in front of the real one that writes down the environment it was given. */
function watchEnvironment(folder: string): () => Record<string, string>[] {
  const log = join(folder, "environments");
  const bin = join(folder, "bin");
  const real = execFileSync("sh", ["-c", "command -v git"]).toString().trim();
  mkdirSync(bin);
  writeFileSync(join(bin, "git"), `#!/bin/sh\n{ env; echo; } >>'${log}'\nexec '${real}' "$@"\n`);
  chmodSync(join(bin, "git"), 0o755);
  vi.stubEnv("PATH", `${bin}:${process.env["PATH"] ?? ""}`);
  return () =>
    readFileSync(log, "utf8")
      .trim()
      .split("\n\n")
      .map((one) =>
        Object.fromEntries(
          one
            .split("\n")
            .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
        ),
      );
}
