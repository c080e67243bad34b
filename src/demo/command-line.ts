// Reads `fanfold …` and starts what it names.

import { Command, CommanderError, InvalidArgumentError } from "commander";

import { version } from "../config/version.ts";
import { type DemoOptions, runDemo } from "./demo.ts";

/** The task of the demo when nobody gives another. */
const COMMENT = "/workflow audit and fix unsafe string handling in src";

/** Runs one command line; resolves to the exit status. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  let status = 0;
  const program = new Command("fanfold")
    .description("A GitHub App that turns a /workflow comment into a reviewed fan-out of agents.")
    .version(version)
    .exitOverride();
  program
    .command("demo")
    .description("the whole job on this machine: a local GitHub, the bot, and a demo model")
    .option("--repo <path>", "a local git repository to work on instead of the sample")
    .option("--comment <text>", "the comment to post", COMMENT)
    .option("--once", "exit when the run has ended", false)
    .option("--json", "one JSON object on standard output when the run has ended", false)
    .option("--port <number>", "port of the local GitHub's pages", readPort)
    .action(async (options: DemoOptions) => {
      status = await runDemo(options);
    });
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    throw error;
  }
  return status;
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("A port is a whole number from 0 (any free one) to 65535.");
}
