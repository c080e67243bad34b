// Runs `npm run demo`'s command as its own process and reads what a script would read.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import type { DemoSummary } from "../../src/demo/summary.ts";

const CLI = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));

export interface DemoRun {
  status: number | null;
  /** Standard output, which holds the JSON and nothing else. */
  stdout: string;
  stderr: string;
  summary: DemoSummary;
}

export interface Surroundings {
  /** Variables beside PATH. */
  env?: Readonly<Record<string, string>>;
}

/** Starts the demo with `--once --json` and these options. */
export async function runDemo(
  options: readonly string[],
  { env = {} }: Surroundings = {},
): Promise<DemoRun> {
  const demo = spawn(
    process.execPath,
    [CLI, "demo", "--once", "--json", "--port", "0", ...options],
    {
      env: { PATH: process.env["PATH"] ?? "", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let stdout = "";
  let stderr = "";
  demo.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  demo.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [status] = await once(demo, "close");
  try {
    return { status, stdout, stderr, summary: JSON.parse(stdout) };
  } catch (error) {
    throw new Error(`The demo gave no JSON (status ${status}):\n${stdout}\n${stderr}`, {
      cause: error,
    });
  }
}
