// What only the process around a script can hold: silence, floods of memory, leftovers on this machine.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { SandboxFault } from "../../src/engine/errors.ts";
import { openChildSandbox } from "../../src/engine/sandbox/child-process.ts";
import { launchChild } from "../../src/engine/sandbox/launch.ts";
import { withoutNetwork } from "../../src/engine/sandbox/no-network.ts";
import { drive, returned, smallLimits } from "./drive.ts";

const processes = (): number =>
  process.getActiveResourcesInfo().filter((resource) => resource === "ProcessWrap").length;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("The process around a script", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "fanfold-"));
    vi.stubEnv("TMPDIR", folder);
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    ["a search through a sparse array", "return new Array(2 ** 32 - 2).indexOf(1)"],
    ["a search through an array-like", "return [].indexOf.call({ length: 2 ** 53 - 1 }, 1)"],
    ["a join of nothing", "return new Array(5e8).join('').length"],
  ])("is killed when a built-in ignores every interrupt: %s", async (_, source) => {
    const limits = { ...smallLimits, stretchCpuMs: 100, silenceMs: 2_000 };
    const fault = drive(() => openChildSandbox(limits), source);
    await expect(fault).rejects.toMatchObject({ limit: "wall" });
    expect(processes()).toBe(0);
    expect(await readdir(folder)).toEqual([]);
  });

  it("I5 leaves this process responsive while a script burns its time", async () => {
    const limits = { ...smallLimits, stretchCpuMs: 300 };
    let turns = 0;
    const turning = setInterval(() => (turns += 1), 5);
    const fault = drive(() => openChildSandbox(limits), "for (;;);");
    await expect(fault).rejects.toBeInstanceOf(SandboxFault);
    clearInterval(turning);
    expect(turns).toBeGreaterThan(10);
  });

  it("is gone, with its folder, when the sandbox is closed in the middle of a script", async () => {
    const sandbox = await openChildSandbox(smallLimits);
    const program = { functions: [], args: undefined, constants: {}, budgetTotal: null };
    const started = sandbox.start({ ...program, source: "for (;;);" });
    const [ended] = await Promise.allSettled([started, sandbox[Symbol.asyncDispose]()]);
    expect(ended).toMatchObject({ status: "rejected", reason: { limit: "crash" } });
    expect(processes()).toBe(0);
    expect(await readdir(folder)).toEqual([]);
  });

  it("has a stack deep enough for nested data and recursion to end as errors a script can catch", async () => {
    const source = `
      const names = []
      const attempt = (run) => { try { run(); names.push("done") } catch (error) { names.push(error.name) } }
      attempt(() => { const deeper = () => deeper() + 1; deeper() })
      attempt(() => JSON.parse("[".repeat(1e5)))
      attempt(() => { let deep = []; for (let i = 0; i < 1e4; i += 1) deep = [deep]; JSON.stringify(deep) })
      attempt(() => { const a = { toString: () => String(a) }; String(a) })
      return names`;
    const limits = { ...smallLimits, stackBytes: 256 * 1024 };
    const names = await returned(() => openChildSandbox(limits), source);
    expect(names).toEqual(["RangeError", "RangeError", "done", "RangeError"]);
  });

  it.runIf(process.platform === "linux")(
    "is stopped when its process holds more memory than it may",
    async () => {
      const limits = { ...smallLimits, processMib: 10, stretchCpuMs: 60_000 };
      const fault = drive(() => openChildSandbox(limits), "for (;;);");
      await expect(fault).rejects.toMatchObject({ limit: "memory", message: /10 MiB/ });
      expect(processes()).toBe(0);
    },
  );

  it("has a computing time for its whole life, whatever each stretch took", async () => {
    const limits = { ...smallLimits, lifetimeCpuSeconds: 1, stretchCpuMs: 60_000 };
    const fault = drive(() => openChildSandbox(limits), "for (;;);");
    await expect(fault).rejects.toMatchObject({ limit: "cpu", message: /more than 1 s in all/ });
  });

  it("ends by itself when the process that started it is killed, even in a built-in that ignores every interrupt", async () => {
    const file = fileURLToPath(new URL("./abandoned-sandbox.ts", import.meta.url));
    const parent = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(parent.stdout, "data");
    const pid = Number(String(line));
    expect(isAlive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await vi.waitUntil(() => !isAlive(pid), { timeout: 15_000 });
  });

  it("I5 is launched with leave to read the engine's own code and nothing else", async () => {
    const child = launchChild(folder, smallLimits);
    child.kill("SIGKILL");
    await once(child, "close");
    expect(child.spawnargs).toContain("--permission");
    const leaves = child.spawnargs.filter((flag) => flag.startsWith("--allow"));
    const own = /^--allow-fs-read=.*\/(src\/engine|quickjs-emscripten[a-z-]*|@jitl\/[a-z-]+)\/$/;
    expect(leaves.filter((leave) => !own.test(leave))).toEqual([]);
  });

  it.runIf(withoutNetwork() !== "")("reaches nobody, not even on this machine", async () => {
    await using server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const child = launchChild(folder, smallLimits);
    child.kill("SIGKILL");
    await once(child, "close");
    const [shell = "", ...line] = child.spawnargs;
    const probe = `
      const socket = require("node:net").connect(Number(process.argv[1]), "127.0.0.1")
      socket.on("connect", () => { console.log("connected"); process.exit() })
      socket.on("error", ({ code }) => console.log(code))`;
    const address = server.address();
    const port = typeof address === "object" && address !== null ? String(address.port) : "";
    const probed = spawn(shell, [...line.slice(0, -1), "-e", probe, port], { env: {} });
    expect(await text(probed.stdout)).toBe("ENETUNREACH\n");
  });

  it.runIf(process.platform === "linux")("sees no variable of this process", async () => {
    vi.stubEnv("FANFOLD_TEST_SECRET", "secret");
    const child = launchChild(folder, smallLimits);
    await once(child, "spawn");
    const environment = await readFile(`/proc/${child.pid}/environ`, "utf8");
    child.kill("SIGKILL");
    await once(child, "close");
    const names = environment.split("\0").map((line) => line.split("=")[0]);
    // The shell that sets the limits adds where it stands.
    expect(
      names.filter((name) => !["", "PWD", "OLDPWD", "SHLVL", "_"].includes(name ?? "")),
    ).toEqual([]);
  });

  it("says why when there is no room for its folder", async () => {
    vi.stubEnv("TMPDIR", join(folder, "missing"));
    await expect(openChildSandbox(smallLimits)).rejects.toThrow(/ENOENT/);
    expect(processes()).toBe(0);
  });
});
