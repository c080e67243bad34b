// Where a sandbox's process begins: plain JavaScript, because loading what takes the types out of TypeScript costs more
// than everything else a start does. The parent sends the modules without types; packages are loaded as usual.

import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";

const SOURCES = 3;
const sources = new Map(Object.entries(JSON.parse(readFileSync(SOURCES, "utf8"))));

registerHooks({
  load(url, context, next) {
    const source = sources.get(url);
    if (source === undefined) return next(url, context);
    return { format: "module", source, shortCircuit: true };
  },
});

await import("./child.ts");
