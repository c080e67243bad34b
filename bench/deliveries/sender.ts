// Sends every delivery of a file at once and says how long each answer took: in a process of its own, so that nothing else is measured.

import { readFile } from "node:fs/promises";
import { performance } from "node:perf_hooks";

import { Kept } from "./kept.ts";

const [file = "", url = ""] = process.argv.slice(2);
const deliveries = Kept.parse(JSON.parse(await readFile(file, "utf8")));
const answers = await Promise.all(
  deliveries.map(async ({ headers, body }) => {
    const began = performance.now();
    const { status } = await fetch(url, { method: "POST", headers, body });
    return { status, ms: performance.now() - began };
  }),
);
process.stdout.write(JSON.stringify(answers));
