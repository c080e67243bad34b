// What the documents of this repository link to in it is there, headings included.

import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";

import { expect, it } from "vitest";

const root = new URL("../", import.meta.url);

/** As GitHub names a heading. */
const slugOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");

const headingsIn = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gmu)].map(([, heading = ""]) => slugOf(heading));

/** Links of one document that lead nowhere. */
async function deadIn(document: URL): Promise<string[]> {
  const text = (await readFile(document, "utf8")).replaceAll(/```[^]*?```|`[^`\n]*`/gu, "");
  const dead: string[] = [];
  for (const [, link = ""] of text.matchAll(/\]\(([^)\s]+)\)/gu)) {
    if (/^[a-z]+:/u.test(link)) continue;
    const target = new URL(link, document);
    const anchor = decodeURIComponent(target.hash.slice(1));
    target.hash = "";
    const isThere = existsSync(target);
    const needsHeading = isThere && anchor !== "" && target.pathname.endsWith(".md");
    const isNamed = !needsHeading || headingsIn(await readFile(target, "utf8")).includes(anchor);
    if (!isThere || !isNamed) dead.push(link);
  }
  return dead;
}

it("No link in a document leads to a file or a heading that is not there", async () => {
  const folders = ["", "docs/", "docs/decisions/", "bench/"];
  const dead: Record<string, string[]> = {};
  let documents = 0;
  for (const folder of folders) {
    const names = (await readdir(new URL(folder, root))).filter((name) => name.endsWith(".md"));
    for (const name of names) {
      const links = await deadIn(new URL(`${folder}${name}`, root));
      if (links.length > 0) dead[`${folder}${name}`] = links;
      documents += 1;
    }
  }
  expect(dead).toEqual({});
  expect(documents).toBeGreaterThan(80);
});
