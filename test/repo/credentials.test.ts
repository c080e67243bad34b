// Where a credential may be seen: in git's environment and in the request, and nowhere else.

import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test, vi } from "vitest";

import { systemClock } from "../../src/outside/clock.ts";
import { openGitRemote } from "../../src/repo/git-remote.ts";
import { openMirror } from "../../src/repo/mirror.ts";
import { serveHub } from "./http-hub.ts";
import { commitOf, openHub, realWaits } from "./kit.ts";

const secret = Buffer.from("x-access-token:SECRET-CANARY-TOKEN").toString("base64");

/** A `git` in front of the real one that writes down how it and its children were called. */
function watchGit(folder: string): string {
  const log = join(folder, "calls.log");
  const bin = join(folder, "bin");
  const real = execFileSync("sh", ["-c", "command -v git"]).toString().trim();
  mkdirSync(bin);
  const script = `#!/bin/sh
tr '\\0' ' ' </proc/$$/cmdline >>'${log}'
export GIT_TRACE='${log}'
exec '${real}' "$@"
`;
  writeFileSync(join(bin, "git"), script);
  chmodSync(join(bin, "git"), 0o755);
  vi.stubEnv("PATH", `${bin}:${process.env["PATH"] ?? ""}`);
  return log;
}

test.runIf(process.platform === "linux")(
  "A credential is in no command line, address, setting or file of a mirror that fetched and pushed with it",
  async () => {
    await using hub = await openHub();
    const base = hub.commit("main", { "a.txt": "one\n" });
    await using http = await serveHub(hub.path);
    const log = watchGit(hub.folder);
    try {
      const remote = openGitRemote(
        {
          url: http.url,
          header: () => Promise.resolve(`Authorization: Basic ${secret}`),
        },
        realWaits,
      );
      await using mirror = await openMirror({
        dir: join(hub.folder, "mirror.git"),
        remote,
        clock: systemClock,
      });
      expect(await mirror.fetch("main")).toBe(base);
      const head = await commitOf(mirror, base, { "a.txt": "two\n" });
      await mirror.push([{ ref: "refs/heads/fanfold/r/w", from: null, to: head }]);
      expect(http.authorizations).toContain(`Basic ${secret}`);
      const calls = readFileSync(log, "utf8");
      // The watcher saw the commands themselves and what they started.
      expect(calls).toMatch(/git fetch/);
      expect(calls).toMatch(/git.remote-http/);
      expect(calls).not.toContain(secret);
      expect(calls).not.toContain("SECRET-CANARY-TOKEN");
      const files = readdirSync(mirror.gitDir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
      expect(files.filter((text) => text.includes(secret))).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
    }
  },
);
