// Previews a script in this process, as the command line does in a child process.

import { fileURLToPath } from "node:url";

import type { Json } from "../../src/engine/json.ts";
import { openInProcessSandbox } from "../../src/engine/sandbox/in-process.ts";
import { findChildren } from "../../src/preview/children.ts";
import { standInGround } from "../../src/preview/ground.ts";
import { type Previewed, previewScript } from "../../src/preview/preview.ts";

export interface PreviewOptions {
  args?: Json;
  seed?: number;
  file?: string;
}

export async function preview(source: string, options: PreviewOptions = {}): Promise<Previewed> {
  const { args, seed = 1, file = "none/script.js" } = options;
  return await previewScript({
    source,
    args: args === undefined ? null : { given: args },
    seed,
    model: "sonnet",
    openSandbox: () => openInProcessSandbox(),
    groundFor: async (profile, isPull) => standInGround(profile, isPull ? 1 : null),
    findChild: findChildren({
      file,
      snapshot: null,
      builtInFolder: fileURLToPath(new URL("../../workflows", import.meta.url)),
    }),
  });
}
