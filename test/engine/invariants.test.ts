// Invariants of the engine that no other test's subject is: what it is made of, its ceilings, and that previews use it.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import { limits } from "../../src/config/limits.ts";
import type { RunEvent } from "../../src/engine/events.ts";
import { applyEvent, openView, type RunView } from "../../src/runs/view.ts";
import { preview } from "../preview/kit.ts";
import { createWorld, lost, ok, promptOf } from "./world.ts";

const engine = fileURLToPath(new URL("../../src/engine", import.meta.url));

/** Modules through which a process reaches files, the network, other processes or time of day. */
const REACHING =
  /^node:(?:fs|net|http|https|http2|dns|tls|dgram|child_process|cluster|worker_threads|inspector)/;

function importsBelow(folder: string): [file: string, name: string][] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => {
      const source = readFileSync(join(folder, file), "utf8");
      return [...source.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map(
        ([, name = ""]): [string, string] => [file, name],
      );
    });
}

describe("I1 the engine", () => {
  it("I1 imports nothing of ours, and reaches the outside only to start its sandbox", () => {
    const imports = importsBelow(engine);
    const outOfHouse = imports.filter(([file, name]) => {
      const depth = file.split("/").length - 1;
      return name.startsWith("../".repeat(depth + 1));
    });
    expect(outOfHouse).toEqual([]);
    const reaching = imports.filter(([, name]) => REACHING.test(name)).map(([file]) => file);
    expect(reaching).not.toEqual([]);
    expect(reaching.filter((file) => !file.startsWith("sandbox/"))).toEqual([]);
  });
});

describe("I6 inside of a script", () => {
  it.each(["Date.now()", "new Date()", "Date()", "Math.random()", "performance.now()"])(
    "I6 %s throws or is not there",
    async (expression) => {
      const run = createWorld().run(`return String(${expression})`);
      await expect(run).rejects.toThrow(/Date|random|performance/);
    },
  );
});

describe("I7 ceilings", () => {
  it("I7 have the numbers that the language promises", () => {
    expect(limits.run).toMatchObject({ agentsAtOnce: 16, agents: 1000 });
    expect(limits.agent.answerAttempts).toBe(5);
  });

  it("I7 refuse what is above them, with the number, and cut nothing", async () => {
    const world = createWorld();
    const over = world.run("return await parallel(Array.from({ length: 4097 }, () => () => 1))");
    await expect(over).rejects.toThrow(/4,?096/);
    const most = await world.run(
      "return (await parallel(Array.from({ length: 4096 }, () => () => 1))).length",
    );
    expect(most).toBe(4096);
  });
});

describe("I8 a preview", () => {
  const meta = `export const meta = { name: "n", description: "d" }\n`;

  it("I8 runs the script itself and says that a count is exact when answers cannot change it", async () => {
    const source = `${meta}await parallel([1, 2, 3].map((n) => () => agent("part " + n)))`;
    expect((await preview(source)).preview).toMatchObject({ ok: true, agents: 3, exact: true });
  });

  it("I8 says that it is not when they can", async () => {
    const source = `${meta}const { parts } = await agent("split", { schema: { type: "object",
      required: ["parts"], properties: { parts: { type: "array", items: { type: "string" } } } } })
await parallel(parts.map((part) => () => agent(part)))`;
    expect((await preview(source)).preview).toMatchObject({ ok: true, exact: false });
  });
});

describe("the stream of events", () => {
  const source = `
    phase("Find")
    log("begun")
    const found = await parallel(["a", "bad", "c"].map((name) => () => agent(name, { label: name })))
    phase("Fix")
    await agent("fix", { label: "fix" })
    return found`;
  const perform = async (call: Parameters<typeof promptOf>[0]) =>
    promptOf(call) === "bad" ? { outcome: lost } : ok(promptOf(call), 7);

  const watched = (events: readonly RunEvent[]): RunView => {
    const view = openView([]);
    for (const event of events) applyEvent(view, event);
    return view;
  };

  it("is enough to know everything that a watcher shows, and says the same on replay", async () => {
    const live = createWorld(perform);
    await live.run(source);
    const view = watched(live.events);
    expect(view.phases).toEqual(["Find", "Fix"]);
    expect(view.logs[0]).toBe("begun");
    const states = [...view.calls.values()].map(({ label, phase, state }) => [label, phase, state]);
    expect(states).toEqual([
      ["a", "Find", "done"],
      ["bad", "Find", "failed"],
      ["c", "Find", "done"],
      ["fix", "Fix", "done"],
    ]);
    const again = createWorld(perform, live.journal);
    await again.run(source);
    expect(again.performed).toEqual([]);
    expect(watched(again.events)).toEqual(view);
  });

  it("says of every call that it began, then once that it ended, and whether it was only remembered", async () => {
    const live = createWorld(perform);
    await live.run(source);
    const again = createWorld(perform, live.journal);
    await again.run(source);
    for (const [{ events }, replayed] of [[live, false] as const, [again, true] as const]) {
      const calls = events.filter((event) => event.kind.startsWith("call-"));
      const kinds = new Map<string, string[]>();
      for (const event of calls) {
        if (!("key" in event)) continue;
        kinds.set(event.key, [...(kinds.get(event.key) ?? []), event.kind]);
      }
      expect([...kinds.values()]).toEqual(
        Array.from({ length: 4 }, () => ["call-started", "call-ended"]),
      );
      expect(calls.every((event) => "replayed" in event && event.replayed === replayed)).toBe(true);
    }
  });
});
