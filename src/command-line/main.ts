// Reads `fanfold …` and starts what it names.

import { Command, CommanderError } from "commander";

import { version } from "../config/version.ts";
import type { DemoOptions } from "../demo/demo.ts";
import { inOneLine } from "../repo/in-one-line.ts";
import { type AuditLogOptions, runAuditLog } from "./audit-log.ts";
import { runCheck } from "./check.ts";
import * as help from "./help.ts";
import { type PreviewOptions, runPreview } from "./preview.ts";
import { type ReplayOptions, runReplay } from "./replay.ts";
import type { SetupOptions } from "./setup.ts";
import { processTerminal, type Terminal } from "./terminal.ts";
import { readComment, readIf, readPath, readPort, readSeed, readVariables } from "./values.ts";
import { variablesHere } from "./variables.ts";

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
    terminal.complain(unforeseen(error));
    return 1;
  }
  return status;
}

/** In one line: where in this program it happened is of no use to whoever typed the command. */
const unforeseen = (error: unknown): string =>
  `fanfold stopped at something that it did not expect: ${inOneLine(error)}. If it happens again, report this line with the command that was typed.`;

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
    .addHelpText("after", help.CHECK)
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
    .addHelpText("after", help.PREVIEW)
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
    .addHelpText("after", help.DOCTOR)
    .action(
      async ({ envFile, json }: { envFile?: ReturnType<typeof readVariables>; json: boolean }) => {
        const { runDoctor } = await import("./doctor.ts");
        end(await runDoctor(variablesHere(process.env, envFile), { json }, terminal));
      },
    );
}

function addSetup(program: Command, end: End, terminal: Terminal): void {
  program
    .command("setup")
    .description("a page on this machine that makes a GitHub App of your own and installs it")
    .option("--port <number>", "port of the page; left out: any free one", readPort)
    .option("--host <address>", "address that it listens on", "127.0.0.1")
    .option("--env-file <path>", "where the App's variables are written", ".env")
    .addHelpText("after", help.SETUP)
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
    .addHelpText("after", help.REPLAY)
    .action(async (run: string, options: ReplayOptions) => {
      end(await runReplay(run, { options, variables: variablesHere(process.env) }, terminal));
    });
}

function addAuditLog(program: Command, end: End, terminal: Terminal): void {
  program
    .command("audit-log")
    .description("says whether the bot's own audit log is as it was written")
    .option("--lines", "print its lines as well, oldest first", false)
    .addHelpText("after", help.AUDIT_LOG)
    .action(async (options: AuditLogOptions) => {
      end(await runAuditLog(options, variablesHere(process.env), terminal));
    });
}
