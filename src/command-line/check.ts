// `fanfold check`: every script's errors and notes, for people or as JSON.

import type { Meta } from "../script/meta.ts";
import { checkWithEngine } from "../script/check-patterns.ts";
import type { Problem } from "../script/problem.ts";
import { renderFinding, renderUnread } from "./render-check.ts";
import { readScripts, type ScriptFile } from "./script-files.ts";
import { many, type Terminal } from "./terminal.ts";

/** One script's verdict, as `--json` gives it. A file that cannot be read has one problem, at line 1. */
interface Verdict {
  file: string;
  ok: boolean;
  /** Where it could be read, also of a script with problems elsewhere. */
  meta?: Meta;
  problems: Problem[];
  notes: Problem[];
}

/** Checks every script named; resolves to the exit status: 1 when one has errors or cannot be read. */
export async function runCheck(
  patterns: readonly string[],
  options: { json?: boolean },
  terminal: Terminal,
): Promise<number> {
  const files = await readScripts(patterns);
  const verdicts: Verdict[] = [];
  // One engine at a time: each holds its memory.
  for (const file of files) verdicts.push(await judge(file));
  if (options.json === true) terminal.print(JSON.stringify(verdicts, null, 2));
  else printAll(files, verdicts, terminal);
  return verdicts.every(({ ok }) => ok) ? 0 : 1;
}

async function judge(found: ScriptFile): Promise<Verdict> {
  const { file } = found;
  if (!found.ok) {
    return {
      file,
      ok: false,
      problems: [{ message: found.message, line: 1, column: 1 }],
      notes: [],
    };
  }
  const checked = await checkWithEngine(found.source);
  const { ok, meta, notes } = checked;
  const problems = checked.ok ? [] : checked.problems;
  return { file, ok, ...(meta === null ? {} : { meta }), problems, notes };
}

function printAll(files: readonly ScriptFile[], verdicts: readonly Verdict[], terminal: Terminal) {
  for (const [index, verdict] of verdicts.entries()) {
    const found = files[index];
    if (found !== undefined) printOne(found, verdict, terminal);
  }
  const errors = verdicts.reduce((sum, { problems }) => sum + problems.length, 0);
  const notes = verdicts.reduce((sum, verdict) => sum + verdict.notes.length, 0);
  const { paint, print } = terminal;
  const refused = verdicts.filter(({ ok }) => !ok).length;
  const noted = notes === 0 ? "" : `, ${many(notes, "note")}`;
  const checked = `${many(verdicts.length, "script")} checked`;
  if (refused === 0) print(`${paint.green("✓")} ${checked}: all pass${noted}.`);
  else print(`${paint.red("✗")} ${checked}: ${refused} refused, ${many(errors, "error")}${noted}.`);
}

function printOne(found: ScriptFile, verdict: Verdict, { paint, print }: Terminal): void {
  const { file } = found;
  if (!found.ok) return print(`${renderUnread(found, paint)}\n`);
  const { source } = found;
  for (const problem of verdict.problems) {
    print(`${renderFinding(problem, { file, source, kind: "error" }, paint)}\n`);
  }
  for (const note of verdict.notes) {
    print(`${renderFinding(note, { file, source, kind: "note" }, paint)}\n`);
  }
  if (!verdict.ok || verdict.meta === undefined) return;
  print(`${paint.green("✓")} ${file}  ${paint.dim(verdict.meta.name)}`);
}
