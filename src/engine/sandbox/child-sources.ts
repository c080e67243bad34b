// The child's own modules as plain JavaScript: types are taken out once, here, and not again in every child.

import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { pathToFileURL } from "node:url";

const OWN_IMPORT = /^(?:import|export)\b[^;"]*"(\.[^"]+\.ts)"/gm;

/** Texts by address, as JSON, of a module and of all of ours that it needs to run. */
export function childSources(file: string): string {
  return JSON.stringify(withoutWarning(() => collect(pathToFileURL(file))));
}

function collect(first: URL): Record<string, string> {
  const sources: Record<string, string> = {};
  const open = [first];
  for (let url = open.pop(); url !== undefined; url = open.pop()) {
    if (sources[url.href] !== undefined) continue;
    const source = stripTypeScriptTypes(readFileSync(url, "utf8"));
    sources[url.href] = source;
    for (const [, path = ""] of source.matchAll(OWN_IMPORT)) open.push(new URL(path, url));
  }
  return sources;
}

// Node calls this function experimental and the same work, done at an import, not: nothing to tell a person.
function withoutWarning<Value>(work: () => Value): Value {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => {};
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}
