// Installs what the engine is measured beside, on first use; nothing of it belongs to Fanfold.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const folder = fileURLToPath(new URL("../peers", import.meta.url));

/** The measuring process of langgraph; it takes and gives the same JSON as our own. */
export const peerFile = join(folder, "langgraph.js");

/** Makes sure that langgraph can run; otherwise says why it cannot. */
export async function preparePeers(say: (line: string) => void): Promise<string | null> {
  try {
    if (!existsSync(join(folder, "node_modules"))) await install(say);
    const probe = { calls: 2, resultChars: 10 };
    await promisify(execFile)(process.execPath, [peerFile, JSON.stringify(probe)]);
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().slice(-500) : String(error);
    return `it does not run here (remove bench/peers/node_modules to install it again): ${reason}`;
  }
}

// Without scripts: the binding that langgraph's saver brings is not used, so it needs not be compiled.
async function install(say: (line: string) => void): Promise<void> {
  const npm = process.env["npm_execpath"];
  if (npm === undefined) throw new Error("start this with npm: npm run bench -- engine");
  say("installing langgraph into bench/peers …");
  const flags = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
  await promisify(execFile)(process.execPath, [npm, ...flags], { cwd: folder });
}
