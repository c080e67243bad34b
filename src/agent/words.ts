// Reads the words for models that lie as text beside the code.

import { readFileSync } from "node:fs";

/** The text of a file beside the module with the given `import.meta.url`, trimmed. Read once, when the module loads. */
export function wordsBeside(moduleUrl: string, file: string): string {
  return readFileSync(new URL(file, moduleUrl), "utf8").trim();
}
