// Loaded before everything else in a process of its own: the file that the bug is in is read with the bug in it.

import { registerHooks } from "node:module";

import { plant, plantedBugs } from "./bugs.ts";

const name = process.env["PLANTED_BUG"];
const bug = plantedBugs.find((each) => each.name === name);
if (bug === undefined) throw new Error(`There is no bug "${name ?? ""}".`);
const url = new URL(`../../../${bug.file}`, import.meta.url).href;

registerHooks({
  load: (asked, context, next) => {
    const loaded = next(asked, context);
    if (asked !== url || loaded.source == null) return loaded;
    const { source } = loaded;
    const text = typeof source === "string" ? source : new TextDecoder().decode(source);
    return { ...loaded, source: plant(bug, text) };
  },
});
