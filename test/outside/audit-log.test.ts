// The audit log on a disk: in its order, over restarts and files, and whoever meddles with it is seen.

import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { runAuditLog } from "../../src/command-line/audit-log.ts";
import { processTerminal } from "../../src/command-line/terminal.ts";
import { checkChain } from "../../src/outside/audit-chain.ts";
import { openAuditLog, readAuditLog } from "../../src/outside/audit-log.ts";
import { createManualClock } from "../../src/outside/memory/clock.ts";
import { createMemoryLog } from "../../src/outside/memory/log.ts";
import { type Audited, because } from "../../src/world/audit-log.ts";

let data: string;
let dir: string;
const log = createMemoryLog();
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), "fanfold-"));
  dir = join(data, "audit-log");
});
afterEach(() => rm(data, { recursive: true, force: true }));

const opened = (sizes = { bytesMax: 1_000_000, filesMax: 5 }) =>
  openAuditLog({ dir, clock: createManualClock(), log, ...sizes });

const row = (target: string): Audited => ({
  kind: "write",
  repository: 7,
  what: "editComment",
  target,
  hash: null,
});
const targets = async () =>
  (await readAuditLog(dir)).map((line) => /"target":"([^"]*)"/u.exec(line)?.[1]);

describe("the audit log", () => {
  it("says when, what and why, in one line each, also of those that come together", async () => {
    const auditLog = opened();
    const cause = { delivery: "d-1", actor: 3, run: "wf-1" };
    await because(cause, () =>
      Promise.all([auditLog.note([row("a"), row("b")]), auditLog.note([row("c")])]),
    );
    await auditLog.note([row("d")]);
    const rows = (await readAuditLog(dir)).map((line): unknown => JSON.parse(line));
    expect(rows).toMatchObject([
      { ...cause, ...row("a"), at: "2026-01-01T00:00:00.000Z", prev: "0".repeat(64) },
      { ...cause, target: "b" },
      { ...cause, target: "c" },
      { delivery: null, actor: null, run: null, target: "d" },
    ]);
  });

  it("goes on where it was, behind what a crash tore", async () => {
    await opened().note([row("a")]);
    await appendFile(join(dir, "00000001.jsonl"), '{"at":"2026');
    await opened().note([row("b")]);
    expect(await targets()).toEqual(["a", "b"]);
    expect(checkChain(await readAuditLog(dir))).toMatchObject({ kind: "whole", lines: 2 });
  });

  it("begins a new file when one is full, keeps the newest ones, and the chain goes through them", async () => {
    const auditLog = opened({ bytesMax: 400, filesMax: 2 });
    for (const name of "abcdefgh") await auditLog.note([row(name)]);
    const files = await readdir(dir);
    expect(files).toHaveLength(2);
    const kept = await targets();
    expect(kept.at(-1)).toBe("h");
    expect(kept).not.toContain("a");
    expect(checkChain(await readAuditLog(dir)).kind).toBe("whole");
  });

  it("goes on when it cannot be written, and says so", async () => {
    await writeFile(dir, "in the way");
    await opened().note([row("a")]);
    expect(log.lines.at(-1)).toMatchObject({ level: "error", fields: { rows: 1 } });
  });
});

describe("fanfold audit-log", () => {
  const run = async (lines = false) => {
    const printed: string[] = [];
    const print = (text: string): void => void printed.push(text);
    const terminal = { ...processTerminal(), print, complain: print };
    const status = await runAuditLog({ lines }, { FANFOLD_DATA: data }, terminal);
    return { status, printed: printed.join("\n") };
  };
  const change = async (edit: (lines: string[]) => string[]) => {
    const path = join(dir, "00000001.jsonl");
    const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
    await writeFile(path, `${edit(lines).join("\n")}\n`);
  };

  it.each([
    ["changed", 3, (lines: string[]) => lines.with(1, lines[1]?.replace('"b"', '"x"') ?? "")],
    ["taken out", 2, (lines: string[]) => lines.toSpliced(1, 1)],
    ["put in", 3, (lines: string[]) => lines.toSpliced(2, 0, lines[0] ?? "")],
    ["broken", 2, (lines: string[]) => lines.with(1, "{")],
  ])("finds a line that was %s", async (_, line, edit) => {
    const auditLog = opened();
    for (const name of "abcd") await auditLog.note([row(name)]);
    expect(await run()).toMatchObject({ status: 0 });
    await change(edit);
    const { status, printed } = await run();
    expect(status).toBe(1);
    expect(printed).toContain(`Line ${line} of`);
  });

  it("prints the lines, and is content where there is no log yet", async () => {
    expect((await run()).printed).toContain("0 lines in");
    await opened().note([row("a")]);
    expect((await run(true)).printed).toContain('"target":"a"');
  });
});
