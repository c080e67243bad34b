// The pages' style sheet, script and icon, read once from the files beside this one.

import { readFileSync } from "node:fs";

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");

/** By address; nothing else is served from disk. */
export const assets: Readonly<Record<string, { type: string; text: string }>> = {
  "/_/page.css": { type: "text/css; charset=utf-8", text: read("./page.css") },
  "/_/page.js": { type: "text/javascript; charset=utf-8", text: read("./page.js") },
  "/_/icon.svg": { type: "image/svg+xml", text: read("./icon.svg") },
};
