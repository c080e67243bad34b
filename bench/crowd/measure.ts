// Many runs at once in one process: the model plays in another one, so that only the bot is measured.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { startDemoModel } from "../../src/local/model/demo.ts";
import { CrowdResult } from "./result.ts";
import type { CrowdSizes } from "./sizes.ts";

const worker = fileURLToPath(new URL("worker.ts", import.meta.url));

export async function measureCrowd(
  sizes: CrowdSizes,
  say: (line: string) => void,
): Promise<CrowdResult> {
  say(`${sizes.runs} runs of ${2 * sizes.writers} agents at once …`);
  const model = await startDemoModel({ latencyMs: sizes.latencyMs });
  try {
    const asked = [worker, JSON.stringify({ ...sizes, modelUrl: model.url })];
    const { stdout } = await promisify(execFile)(process.execPath, asked);
    return CrowdResult.parse(JSON.parse(stdout));
  } finally {
    await model.close();
  }
}
