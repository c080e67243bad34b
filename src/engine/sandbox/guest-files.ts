// Reads the guest's own modules: plain JavaScript that runs inside the engine, never in Node.

import { readFileSync } from "node:fs";

const files = {
  "fanfold/main.js": new URL("./guest/main.js", import.meta.url),
  "fanfold/primordials.js": new URL("./guest/primordials.js", import.meta.url),
  "fanfold/globals.js": new URL("./guest/globals.js", import.meta.url),
  "fanfold/errors.js": new URL("./guest/errors.js", import.meta.url),
  "fanfold/children.js": new URL("./guest/children.js", import.meta.url),
  "fanfold/outbox.js": new URL("./guest/outbox.js", import.meta.url),
  "fanfold/steps.js": new URL("./guest/steps.js", import.meta.url),
  "fanfold/talk.js": new URL("./guest/talk.js", import.meta.url),
  "fanfold/timers.js": new URL("./guest/timers.js", import.meta.url),
  "fanfold/url.js": new URL("./guest/url.js", import.meta.url),
  "fanfold/fan-out.js": new URL("./guest/fan-out.js", import.meta.url),
};

/** Text of the guest's modules by the name the engine loads them under. */
export function readGuestFiles(): ReadonlyMap<string, string> {
  return new Map(Object.entries(files).map(([name, url]) => [name, readFileSync(url, "utf8")]));
}
