// What is installed: npm itself, with this repository's settings, against a registry on this machine that was taken over.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { problemsOfLock } from "../../scripts/lock.ts";
import { attack } from "../attacks/load.ts";

const HOUR_MS = 60 * 60_000;
const root = (name: string): URL => new URL(`../../${name}`, import.meta.url);

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "fanfold-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

interface Ran {
  status: number;
  said: string;
}

/** npm with nothing of this process around it. */
function npm(cwd: string, args: readonly string[]): Promise<Ran> {
  const env = { PATH: process.env["PATH"], HOME: dir };
  return new Promise((resolve) => {
    execFile("npm", [...args, "--no-audit", "--no-fund"], { cwd, env }, (error, out, err) => {
      const status = error === null ? 0 : Number(error.code ?? 1);
      resolve({ status, said: `${out}${err}` });
    });
  });
}

/** The package as a registry gives it, and its archive. */
async function pack(scripts: Readonly<Record<string, string>>) {
  const folder = join(dir, "fresh");
  await mkdir(folder, { recursive: true });
  const manifest = { name: "fresh", version: "1.0.0", scripts };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await npm(folder, ["pack", "--ignore-scripts"]);
  const archive = await readFile(join(folder, "fresh-1.0.0.tgz"));
  const digest = createHash("sha512").update(archive).digest("base64");
  return { manifest, archive, integrity: `sha512-${digest}` };
}

interface Change {
  agoMs: number;
  scripts?: Readonly<Record<string, string>>;
  /** The lock says where the archive is. */
  hasAddress?: boolean;
}

/** A change of the lock file that brings one new package, installed as the checks of a change install it. */
async function ciOf({ agoMs, scripts = {}, hasAddress = false }: Change): Promise<Ran> {
  const { manifest, archive, integrity } = await pack(scripts);
  const hasInstallScript = "install" in scripts;
  const server = createServer((request, response) => {
    if (request.url?.endsWith(".tgz") === true) return void response.end(archive);
    const tarball = `${registry}/fresh/-/fresh-1.0.0.tgz`;
    const version = { ...manifest, hasInstallScript, dist: { tarball, integrity } };
    const time = { "1.0.0": new Date(Date.now() - agoMs).toISOString() };
    const tags = { latest: "1.0.0" };
    const packument = { name: "fresh", "dist-tags": tags, versions: { "1.0.0": version }, time };
    return void response
      .setHeader("content-type", "application/json")
      .end(JSON.stringify(packument));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("It listens nowhere.");
  const registry = `http://127.0.0.1:${address.port}`;
  const project = join(dir, "project");
  await mkdir(project);
  const dependencies = { fresh: "^1.0.0" };
  const locked = {
    version: "1.0.0",
    integrity,
    ...(hasInstallScript ? { hasInstallScript } : {}),
    ...(hasAddress ? { resolved: `${registry}/fresh/-/fresh-1.0.0.tgz` } : {}),
  };
  const own = { name: "project", version: "1.0.0", dependencies };
  const packages = { "": own, "node_modules/fresh": locked };
  const lock = { name: "project", version: "1.0.0", lockfileVersion: 3, requires: true, packages };
  await writeFile(join(project, "package.json"), JSON.stringify({ ...own, allowScripts: {} }));
  await writeFile(join(project, "package-lock.json"), JSON.stringify(lock));
  await writeFile(join(project, ".npmrc"), await readFile(root(".npmrc")));
  try {
    return await npm(project, ["ci", `--registry=${registry}`, `--cache=${join(dir, "cache")}`]);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const supply = attack("system.jsonl", "system-009");
describe(`${supply.id}: ${supply.expected}`, () => {
  it("a new dependency that was published two hours ago and runs a script fails the checks", async () => {
    const { status } = await ciOf({ agoMs: 2 * HOUR_MS, scripts: { install: "node -e 1" } });
    expect(status).not.toBe(0);
  });

  it("so does one of two hours that runs nothing, for its age", async () => {
    const { status, said } = await ciOf({ agoMs: 2 * HOUR_MS });
    expect(status).not.toBe(0);
    expect(said).toContain("ETARGET");
  });

  it("so does an older one, for a script that nobody decided on", async () => {
    const { status, said } = await ciOf({
      agoMs: 240 * HOUR_MS,
      scripts: { install: "node -e 1" },
    });
    expect(status).not.toBe(0);
    expect(said).toContain("STRICTALLOWSCRIPTS");
  });

  it("an older one without scripts is installed: it is the age that was refused", async () => {
    expect(await ciOf({ agoMs: 240 * HOUR_MS })).toMatchObject({ status: 0 });
  });

  it("a lock that says where to fetch it would get past, so such a lock fails the checks", async () => {
    expect(await ciOf({ agoMs: 2 * HOUR_MS, hasAddress: true })).toMatchObject({ status: 0 });
    const files = await lockFiles();
    expect(problemsOfLock(files)).toEqual([]);
    const lock = files.lock.replace('"integrity"', '"resolved": "http://a/b.tgz", "integrity"');
    expect(problemsOfLock({ ...files, lock })).toEqual([expect.stringContaining("resolved")]);
  });

  it("a script that is not decided on, a package without a digest and weaker settings fail the checks", async () => {
    const files = await lockFiles();
    const scripted = files.lock.replace('"integrity"', '"hasInstallScript": true, "integrity"');
    expect(problemsOfLock({ ...files, lock: scripted })).toHaveLength(1);
    const loose = files.lock.replace(/"integrity": "[^"]+",/u, "");
    expect(problemsOfLock({ ...files, lock: loose })).toEqual([
      expect.stringContaining("integrity"),
    ]);
    expect(problemsOfLock({ ...files, npmrc: "min-release-age=0\n" })).toHaveLength(2);
  });
});

async function lockFiles() {
  const names = ["package-lock.json", "package.json", ".npmrc"];
  const read = (name: string): Promise<string> => readFile(root(name), "utf8");
  const [lock = "", manifest = "", npmrc = ""] = await Promise.all(names.map(read));
  return { lock, manifest, npmrc };
}
