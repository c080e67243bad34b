// Reads `fanfold …` and starts what it names.

import { Command, CommanderError, InvalidArgumentError } from "commander";

import { version } from "../config/version.ts";
import type { DemoOptions } from "../demo/demo.ts";
import { type AuditLogOptions, runAuditLog } from "./audit-log.ts";
import { runCheck } from "./check.ts";
import { type PreviewOptions, runPreview } from "./preview.ts";
import { type ReplayOptions, runReplay } from "./replay.ts";
import { processTerminal, type Terminal } from "./terminal.ts";

/** The task of the demo when nobody gives another. */
const COMMENT = "/workflow audit and fix unsafe string handling in src";

/** Runs one command line; resolves to the exit status. */
export async function runCommandLine(
  argv: readonly string[],
  terminal: Terminal = processTerminal(),
): Promise<number> {
  let status = 0;
  const program = new Command("fanfold")
    .description("A GitHub App that turns a /workflow comment into a reviewed fan-out of agents.")
    .version(version)
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.complain(text.trimEnd()),
    })
    .exitOverride();
  const end = (ended: number): void => void (status = ended);
  addDemo(program, end);
  addRoles(program);
  addCheck(program, end, terminal);
  addPreview(program, end, terminal);
  addDoctor(program, end, terminal);
  addReplay(program, end, terminal);
  addAuditLog(program, end, terminal);
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    throw error;
  }
  return status;
}

type End = (status: number) => void;

function addDemo(program: Command, end: End): void {
  program
    .command("demo")
    .description("the whole job on this machine: a local GitHub, the bot, and a demo model")
    .option("--repo <path>", "a local git repository to work on instead of the sample", readPath)
    .option("--comment <text>", "the comment to post", readComment, COMMENT)
    .option("--once", "exit when the run has ended", false)
    .option("--json", "one JSON object on standard output when the run has ended", false)
    .option("--port <number>", "port of the local GitHub's pages", readPort)
    .action(async (options: DemoOptions) => {
      const { runDemo } = await import("../demo/demo.ts");
      end(await runDemo(options));
    });
}

/** Processes that go on: they end with a signal, and with an exit status of their own. */
function addRoles(program: Command): void {
  const roles = [
    { role: "serve", does: "hears webhooks for the workers of a bot that has several processes" },
    { role: "work", does: "drives runs and answers, for a bot that has several processes" },
  ] as const;
  for (const { role, does } of roles) {
    program
      .command(role)
      .description(`${does} (QUEUE_URL)`)
      .action(async () => {
        const { serve } = await import("../serve.ts");
        await serve(process.env, role);
        await new Promise(() => {});
      });
  }
}

function addCheck(program: Command, end: End, terminal: Terminal): void {
  program
    .command("check")
    .description("says whether scripts would run, and why not; runs nothing")
    .argument("<file...>", "scripts, folders of scripts, or globs")
    .option("--json", "one JSON array: [{ file, ok, meta?, problems, notes }]", false)
    .addHelpText("after", CHECK_HELP)
    .action(async (files: string[], options: { json: boolean }) => {
      end(await runCheck(files, options, terminal));
    });
}

function addPreview(program: Command, end: End, terminal: Terminal): void {
  program
    .command("preview")
    .description("runs a script against made-up answers: phases, agents and cost, for nothing")
    .argument("<file>", "the script")
    .option("--args <text>", "what the script gets as `args`: JSON, or any text")
    .option(
      "--repo <path>",
      "a local git repository for `repo`, read at its HEAD and never changed",
    )
    .option("--seed <number>", "another seed, other made-up answers", readSeed, 1)
    .option("--json", "one JSON object", false)
    .addHelpText("after", PREVIEW_HELP)
    .action(async (file: string, options: PreviewOptions) => {
      end(await runPreview(file, options, terminal));
    });
}

function addDoctor(program: Command, end: End, terminal: Terminal): void {
  program
    .command("doctor")
    .description("says what keeps the bot from working, and what to do: environment, GitHub, model")
    .option("--json", "one JSON object: { ok, findings: [{ id, level, found, fix? }] }", false)
    .addHelpText("after", DOCTOR_HELP)
    .action(async (options: { json: boolean }) => {
      const { runDoctor } = await import("./doctor.ts");
      end(await runDoctor(process.env, options, terminal));
    });
}

function addReplay(program: Command, end: End, terminal: Terminal): void {
  program
    .command("replay")
    .description("goes through an ended run again from what it left, for nothing")
    .argument("<run>", "the run's id, e.g. wf-0kt80o47sm")
    .option("--repo <path>", "a clone that has the run's checkpoint, or what its script reads")
    .option("--what-if <setting>", "what would have become of it: budget=N, in US dollars", readIf)
    .option("--json", "one JSON object", false)
    .addHelpText("after", REPLAY_HELP)
    .action(async (run: string, options: ReplayOptions) => {
      end(await runReplay(run, { options, variables: process.env }, terminal));
    });
}

function addAuditLog(program: Command, end: End, terminal: Terminal): void {
  program
    .command("audit-log")
    .description("says whether the bot's own audit log is as it was written")
    .option("--lines", "print its lines as well, oldest first", false)
    .addHelpText("after", AUDIT_LOG_HELP)
    .action(async (options: AuditLogOptions) => {
      end(await runAuditLog(options, process.env, terminal));
    });
}

const AUDIT_LOG_HELP = `
It is read from the data folder (FANFOLD_DATA). Every line holds the SHA-256 of the one before it (\`prev\`), so a line that was changed,
taken out or put in breaks the chain. Lines cut off at the end break nothing: compare the hash of the last line with one you noted.
Exit status: 0 when the chain is whole, 1 when it is not or cannot be read.

Example, everything that was done for a run:
  fanfold audit-log --lines | grep wf-0kt80o47sm`;

const REPLAY_HELP = `
The run is looked for in the data folder (FANFOLD_DATA) first, then among the refs of --repo. A clone has them after
  git fetch origin 'refs/fanfold/runs/RUN/*:refs/fanfold/runs/RUN/*'
and they are opened with the key that sealed them: FANFOLD_CHECKPOINT_KEY, or PRIVATE_KEY (PRIVATE_KEY_PATH).
Nobody is asked, nothing is written, and nothing is paid for.
Exit status: 0 when the script comes to where it came then, 1 when it does not or cannot be gone through.
The JSON: { run, status, replay: { kind, why, calls }, whatIf?: { capUsd, spentUsd, calls, of, refused, accepted, out, stopped }, comment }.

Examples:
  fanfold replay wf-0kt80o47sm --repo .
  fanfold replay wf-0kt80o47sm --what-if budget=2`;

function readIf(text: string): number {
  const [, amount] = /^budget=\$?(\d{1,6}(?:\.\d{1,2})?)$/u.exec(text) ?? [];
  if (amount !== undefined) return Number(amount);
  throw new InvalidArgumentError("Say budget=N with an amount in US dollars, such as budget=2.50.");
}

const DOCTOR_HELP = `
Run it where the bot runs, with the same environment. It asks GitHub and the model's provider what costs nothing, changes nothing,
and prints no secret. A level in the JSON is ok, warning or failure.
Exit status: 0 when nothing keeps the bot from working, 1 when there is a failure. Warnings are no failures.

In a repository, \`/workflow doctor\` as a comment looks at what holds there.`;

const PREVIEW_HELP = `
Exit status: 0 when the script comes to its end, 1 when it throws or does not pass the check.
The script runs four times, with usual, mixed, plentiful and sparse answers; the number of agents is exact when all
four agree, else it is the smallest of the four: "at least" so many. Lines of the log that begin with "preview:" are about the preview itself.
The JSON: { ok, error?: { name, message, line, column, help? }, meta, phases: [{ title, agents }], agents, exact,
costUsd: { low, high }, logs, result }.

Example:
  fanfold preview workflows/audit.js --repo . --args 'unsafe string handling'`;

const CHECK_HELP = `
Exit status: 0 when every script passes, 1 when one has errors or cannot be read. Notes are no errors.
A problem or note in the JSON is { message, help?, line, column, length? }; lines and columns count from 1.

Examples:
  fanfold check .claude/workflows
  fanfold check 'workflows/**/*.js' --json`;

function readPath(text: string): string {
  if (text !== "") return text;
  throw new InvalidArgumentError("Give the folder of a git repository, or leave --repo out.");
}

function readComment(text: string): string {
  if (text.trim() !== "") return text;
  throw new InvalidArgumentError("Give the words to post, or leave --comment out.");
}

function readSeed(text: string): number {
  const seed = Number(text);
  if (Number.isSafeInteger(seed)) return seed;
  throw new InvalidArgumentError("A seed is a whole number.");
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("A port is a whole number from 0 (any free one) to 65535.");
}
