// Reads `fanfold …` and starts what it names.

import { Command, CommanderError, InvalidArgumentError } from "commander";

import { version } from "../config/version.ts";
import type { DemoOptions } from "../demo/demo.ts";
import { type AuditLogOptions, runAuditLog } from "./audit-log.ts";
import { runCheck } from "./check.ts";
import { type PreviewOptions, runPreview } from "./preview.ts";
import { type ReplayOptions, runReplay } from "./replay.ts";
import type { SetupOptions } from "./setup.ts";
import { processTerminal, type Terminal } from "./terminal.ts";
import { fileOfVariables, variablesHere } from "./variables.ts";

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
  addSetup(program, end, terminal);
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
        await serve(variablesHere(process.env), role);
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
    .option("--env-file <path>", "a file of variables beside the environment", readVariables)
    .addHelpText("after", DOCTOR_HELP)
    .action(async ({ envFile, json }: { envFile?: Variables; json: boolean }) => {
      const { runDoctor } = await import("./doctor.ts");
      end(await runDoctor(variablesHere(process.env, envFile), { json }, terminal));
    });
}

function addSetup(program: Command, end: End, terminal: Terminal): void {
  program
    .command("setup")
    .description("a page on this machine that makes a GitHub App of your own and installs it")
    .option("--port <number>", "port of the page; left out: any free one", readPort)
    .option("--host <address>", "address that it listens on", "127.0.0.1")
    .option("--env-file <path>", "where the App's variables are written", ".env")
    .addHelpText("after", SETUP_HELP)
    .action(async (options: SetupOptions) => {
      const { runSetup } = await import("./setup.ts");
      const interrupted = new AbortController();
      const stop = (): void => interrupted.abort();
      process.once("SIGINT", stop).once("SIGTERM", stop);
      const around = { variables: process.env, stop: interrupted.signal };
      end(await runSetup(options, around, terminal));
      process.off("SIGINT", stop).off("SIGTERM", stop);
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
      end(await runReplay(run, { options, variables: variablesHere(process.env) }, terminal));
    });
}

function addAuditLog(program: Command, end: End, terminal: Terminal): void {
  program
    .command("audit-log")
    .description("says whether the bot's own audit log is as it was written")
    .option("--lines", "print its lines as well, oldest first", false)
    .addHelpText("after", AUDIT_LOG_HELP)
    .action(async (options: AuditLogOptions) => {
      end(await runAuditLog(options, variablesHere(process.env), terminal));
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

const SETUP_HELP = `
It prints an address. The page there asks for a name and the bot's address, sends you to GitHub to create the App and to install it, writes
APP_ID, PRIVATE_KEY, WEBHOOK_SECRET and FANFOLD_CHECKPOINT_KEY, and ends by itself. A file that is there is never written over.
GITHUB_WEB_URL and GITHUB_API_URL name a GitHub of your own, WEBHOOK_PATH another path.
On a server: forward the port, and open the printed address at home.
  ssh -L 4280:127.0.0.1:4280 SERVER     and there: npx fanfold setup --port 4280
Exit status: 0 when the App is installed, 1 when the set-up ended before.`;

const DOCTOR_HELP = `
Run it where the bot runs, with the same environment; a file .env in this folder counts, where the environment does not say otherwise. It asks GitHub and the model's provider what costs nothing, changes nothing,
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

type Variables = ReturnType<typeof fileOfVariables>;

function readVariables(path: string): Variables {
  try {
    return fileOfVariables(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InvalidArgumentError(`It cannot be read: ${why}.`);
  }
}

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
