// The repository's own template for pull requests: kept above what the run says of itself.

import type { Snapshot } from "../repo/contract.ts";
import { quiet } from "./render/harmless.ts";
import { cut } from "./render/text.ts";

/** Where GitHub looks for it, in its order. */
const PLACES = [".github/", "", "docs/"];
const NAME = /^pull_request_template\.(?:md|txt)$/i;
const CHARS_MAX = 8_000;

/** Null when there is none. Its comments are for people who fill it in, and what it says must command nobody. */
export async function findTemplate(trusted: Pick<Snapshot, "paths" | "read">) {
  const paths = await trusted.paths();
  const found = PLACES.flatMap((place) =>
    paths.filter((path) => path.startsWith(place) && NAME.test(path.slice(place.length))),
  );
  const [path] = found;
  const content = path === undefined ? null : await trusted.read(path);
  if (content?.kind !== "text") return null;
  const text = quiet(content.text.replace(/<!--[\s\S]*?(?:-->|$)/g, ""))
    .replace(/\n{3,}/g, "\n\n")
    .trim();
  return text === "" ? null : cut(text, CHARS_MAX);
}
