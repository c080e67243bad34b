// Hostile scripts against the sandbox as production launches it: each ends as its case says, and this process is unharmed.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { text } from "node:stream/consumers";

import { describe, expect, it } from "vitest";

import { StepFailed } from "../../src/engine/errors.ts";
import { createConversation } from "../../src/engine/sandbox/conversation.ts";
import { launchChild } from "../../src/engine/sandbox/launch.ts";
import { defaultSandboxLimits } from "../../src/engine/sandbox/limits.ts";
import { openLedger } from "../../src/steps/ledger.ts";
import { knownChange } from "../../src/steps/known-change.ts";
import { type AttackCase, attacksIn, scriptOf } from "../attacks/load.ts";
import { type HostileEnd, runHostile } from "./hostile-run.ts";
import { ok } from "./world.ts";

/** How many cases each test has: a filter that matches nothing, and a case nobody runs, both fail. */
const COUNTS = {
  "sandbox.jsonl": {
    sandbox_cpu: 5,
    sandbox_memory: 7,
    sandbox_parser: 3,
    sandbox_jobs: 4,
    sandbox_bridge: 7,
    sandbox_dynamic_code: 7,
    sandbox_errors: 3,
    fanout_limits: 2,
    sandbox_intrinsics: 3,
    sandbox_lifecycle: 1,
    sandbox_handles: 1,
    sandbox_child_posture: 1,
  },
  "sandbox-own.jsonl": {
    sandbox_cpu: 5,
    sandbox_jobs: 2,
    sandbox_memory: 2,
    sandbox_bridge: 9,
    sandbox_errors: 3,
    sandbox_timers: 2,
    sandbox_children: 2,
    sandbox_benign: 4,
  },
} as const;

/** Where what happens here differs from what the case proposes: nothing more is let through, and this is why. */
const DEPARTURES: Record<string, readonly string[]> = {
  // The script's return ends the run: no outcome is delivered after it, so the continuation never runs.
  "sandbox-017": ["returned"],
};

const GLOBALS =
  "AggregateError Array BigInt Boolean Date Error EvalError Infinity InternalError Iterator JSON Map Math NaN Number Object Promise RangeError ReferenceError Reflect RegExp Set String Symbol SyntaxError TypeError URIError URL WeakMap WeakSet agent args budget change clearTimeout console decodeURI decodeURIComponent encodeURI encodeURIComponent globalThis isFinite isNaN log parallel parseFloat parseInt phase pipeline repo revise setTimeout undefined workflow";

/** What else must be so. */
const CHECKS: Record<string, (end: HostileEnd) => void> = {
  "sandbox-018": ({ value }) => expect(value).toEqual({ a: 1 }),
  "sandbox-021": ({ value }) => expect(value).toBe('"hijacked"'),
  "sandbox-022": ({ status }) => expect(status).toBe("script_error"),
  "sandbox-023": ({ status }) => expect(status).toBe("script_error"),
  "sandbox-024": ({ status }) => expect(status).toBe("script_error"),
  "sandbox-027": ({ value }) => expect(value).toBe("undefined".repeat(6)),
  "sandbox-028": ({ value }) => expect(value).toBe(GLOBALS.replaceAll(" ", ",")),
  "sandbox-032": ({ world }) => expect(world.events[0]).toMatchObject({ label: "\ufffd" }),
  "sandbox-034": ({ status, message, world }) => {
    expect(world.performed).toHaveLength(1_000);
    expect([status, message]).toEqual(["script_error", expect.stringContaining("1000 agents")]);
  },
  // An object is shown as JSON: its toString, and the call in it, are never reached.
  "sandbox-036": ({ world }) => expect(world.events).toEqual([{ kind: "logged", message: "{}" }]),
  "sandbox-037": ({ message }) => expect(message).toContain("ReferenceError"),
  "sandbox-038": ({ message }) => expect(message).toContain("ReferenceError"),
  "sandbox-own-015": ({ value, world }) => {
    expect(value).toBe("own");
    expect(world.events).toMatchObject([{ kind: "logged", message: expect.stringMatching(/^\n/) }]);
  },
  "sandbox-own-016": ({ value }) => expect(value).toBe(3),
  "sandbox-own-017": ({ world }) =>
    expect(world.journal[0]).toMatchObject({ label: "x".repeat(200) }),
  "sandbox-own-018": ({ value }) => expect(value).toBe("a"),
  "sandbox-own-026": ({ value }) => expect(value).toEqual([3, "café"]),
  "sandbox-own-027": ({ value }) => expect(value).toMatchObject({ n: 3, all: [{ r: "x" }, {}] }),
  "sandbox-own-028": ({ value }) => expect(value).toBe(500),
  "sandbox-own-029": ({ value, world }) => {
    expect(value).toBe("done");
    expect(world.events.filter(({ kind }) => kind === "logged")).toHaveLength(1_000);
  },
};

/** How a run of this case may end. */
function acceptable({ id, outcome, status }: AttackCase): readonly string[] {
  const departure = DEPARTURES[id];
  if (departure !== undefined) return departure;
  if (status !== undefined) return status;
  if (outcome === "contain") return ["returned", "script_error"];
  if (outcome === "allow") return ["returned"];
  // Refused before it runs; or the refused part is an error in the script, or is replaced.
  if (outcome === "refuse")
    return CHECKS[id] === undefined ? ["refused"] : ["returned", "script_error"];
  throw new Error(`${id}: no test knows what ${outcome} means for a script.`);
}

/** Calls the plan of the case has room for; one more would be a way out. */
const MOST_CALLS: Record<string, number> = { fanout_limits: 1_000, sandbox_benign: 500 };

async function expectContained(attack: AttackCase, script: string): Promise<void> {
  const end = await runHostile(script, { awaited: acceptable(attack) });
  expect([attack.id, acceptable(attack), end.message]).toEqual([
    attack.id,
    expect.arrayContaining([end.status]),
    end.message,
  ]);
  CHECKS[attack.id]?.(end);
  expect(end.world.performed.length).toBeLessThanOrEqual(MOST_CALLS[attack.test] ?? 2);
  expect(end.processesLeft).toBe(0);
  expect(end.childMib ?? 0).toBeLessThan(200);
  expect(end.blockedMs).toBeLessThan(MOST_BLOCKED_MS);
}

// A turn of this process's own work; far below the seconds for which the scripts compute.
const MOST_BLOCKED_MS = 150;

const title = ({ id, expected }: AttackCase): string => `${id}: ${expected.slice(0, 70)}`;

describe.each(Object.entries(COUNTS))("The attacks of %s", (file, counts) => {
  const cases = attacksIn(file);

  it("are all run by a test", () => {
    const found = Object.fromEntries(
      [...Map.groupBy(cases, ({ test }) => test)].map(([test, some]) => [test, some.length]),
    );
    expect(found).toEqual(counts);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  });

  const literal = cases.filter(({ kind }) => kind === "literal");
  it.each(literal.map((attack) => [title(attack), attack] as const))("%s", async (_, attack) => {
    await expectContained(attack, scriptOf(attack));
  });
});

describe("The scenarios of sandbox.jsonl", () => {
  const scenarios = new Map(
    attacksIn("sandbox.jsonl")
      .filter(({ kind }) => kind === "scenario")
      .map((attack) => [attack.id, attack]),
  );
  const scenario = (id: string): AttackCase => {
    const attack = scenarios.get(id);
    if (attack === undefined) throw new Error(`There is no scenario ${id}.`);
    scenarios.delete(id);
    return attack;
  };

  it("sandbox-012, sandbox-013: what would overflow the parser never reaches the engine", async () => {
    const parentheses = `return ${"(".repeat(20_000)}1${")".repeat(20_000)}`;
    await expectContained(scenario("sandbox-012"), parentheses);
    await expectContained(scenario("sandbox-013"), `// ${"x".repeat(2 * 1024 * 1024)}`);
  });

  it("sandbox-029, sandbox-030: an error of the host shows the script no host and no way out", async () => {
    const failing = () =>
      Promise.reject(new StepFailed("E_AGENT_FAILED", { cause: new Error("/srv/secret.ts") }));
    const leak = `try { await agent('x') } catch (e) { return [e.message, e.stack, Object.getOwnPropertyNames(e).join(), e.cause === undefined] }`;
    const { value } = await runHostile(leak, { perform: failing });
    const [message, stack, names, hasNoCause] = Object.values(value ?? {});
    expect([message, hasNoCause]).toEqual(["E_AGENT_FAILED", true]);
    expect(stack).toMatch(/^\s*at (default \()?script\.js:2:\d+\)?$/);
    expect(names).not.toContain("cause");
    const climb = `try { await agent('x') } catch (e) { e.constructor.constructor('return process')() }`;
    const climbed = await runHostile(climb, { perform: failing });
    expect([climbed.status, climbed.message]).toEqual([
      "script_error",
      expect.stringContaining("TypeError"),
    ]);
    for (const id of ["sandbox-029", "sandbox-030"]) scenario(id);
  });

  it("sandbox-029: a fault of ours ends the run from outside, and the script cannot catch it", async () => {
    const broken = () => Promise.reject(new Error("ENOENT /srv/secret.ts"));
    const source = `for (;;) { try { await agent('x') } catch (e) { return e.message } }`;
    await expect(runHostile(source, { perform: broken })).rejects.toThrow("ENOENT");
  });

  it("sandbox-040: an engine that aborts is a crash, and the next sandbox is a fresh one", async () => {
    scenario("sandbox-040");
    const child = launchChild(tmpdir(), defaultSandboxLimits);
    const conversation = createConversation(child, defaultSandboxLimits);
    await conversation.open(JSON.stringify({ limits: defaultSandboxLimits, warmUpLimits: null }));
    child.kill("SIGABRT");
    await once(child, "close");
    const asked = conversation.move(["{}"], { hear: () => true, hearPart: () => {} });
    await expect(asked).rejects.toMatchObject({ name: "SandboxFault", limit: "crash" });
    expect((await runHostile("return 1")).value).toBe(1);
  });

  it("sandbox-042: a change of another run, or a made-up one, is refused", async () => {
    scenario("sandbox-042");
    const revise = async () => {
      knownChange(openLedger("0".repeat(40)), "worker-7", "revise");
      return ok(null);
    };
    const source = `try { await agent(7) } catch (error) { return [error.name, error.message] }`;
    const { value } = await runHostile(source, { perform: revise });
    expect(value).toEqual(["StepFailed", expect.stringContaining("no change of this run")]);
  });

  it("sandbox-044: the process cannot read files, start processes or threads", async () => {
    scenario("sandbox-044");
    const child = launchChild(tmpdir(), defaultSandboxLimits);
    child.kill("SIGKILL");
    await once(child, "close");
    const [, , , node = "", ...flags] = child.spawnargs;
    const probe = `
      const tried = (name, attempt) => { try { attempt(); return name + " went through" } catch (error) { return name + " " + error.code } }
      const { readFileSync, writeFileSync } = require("node:fs")
      console.log(JSON.stringify([
        tried("read", () => readFileSync("/etc/passwd")),
        tried("write", () => writeFileSync("/tmp/fanfold-probe", "x")),
        tried("spawn", () => require("node:child_process").spawnSync("/bin/true")),
        tried("worker", () => new (require("node:worker_threads").Worker)("1", { eval: true })),
        tried("environment", () => { if (process.env.HOME !== undefined) return; throw { code: "empty" } }),
      ]))`;
    const probed = spawn(node, [...flags.slice(0, -1), "-e", probe], { env: {} });
    expect(JSON.parse(await text(probed.stdout))).toEqual([
      "read ERR_ACCESS_DENIED",
      "write ERR_ACCESS_DENIED",
      "spawn ERR_ACCESS_DENIED",
      "worker ERR_ACCESS_DENIED",
      "environment empty",
    ]);
  });

  it("are all told above", () => {
    expect([...scenarios.keys()]).toEqual([]);
  });
});
