// What a person sees of a Markdown text when it is rendered, as plain text. Pure, but slow on hostile input: the way in
// is visible-text.ts.

import rehypeRaw from "rehype-raw";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";
import { visit } from "unist-util-visit";

import { dropInvisible } from "../code-points.ts";
import { noneDropped, type Dropped } from "./dropped.ts";
import { renderNodes } from "./render.ts";

const renderer = unified()
  .use(remarkParse)
  .use(remarkGfm)
  .use(remarkRehype, { allowDangerousHtml: true })
  .use(rehypeRaw);

/** The visible text, and how much was dropped of what kind. */
export function extractVisible(markdown: string): { text: string; dropped: Dropped } {
  const tree = renderer.parse(markdown.replace(/\r\n?/g, "\n"));
  const written = countHidden(tree);
  const dropped = { ...noneDropped, definitions: written.definitions };
  const rendered = renderNodes(renderer.runSync(tree).children, dropped);
  // A comment without an end is no node of the page; it swallows the rest of the text all the same.
  dropped.comments = Math.max(dropped.comments, written.comments);
  const { text, removed } = dropInvisible(rendered);
  dropped.characters = removed;
  return { text: tidy(text), dropped };
}

// The address and title of a definition are never shown; a footnote is, where something refers to it.
function countHidden(tree: ReturnType<typeof renderer.parse>): {
  definitions: number;
  comments: number;
} {
  const referred = new Set<string>();
  const footnotes: string[] = [];
  let definitions = 0;
  let comments = 0;
  visit(tree, (node) => {
    if (node.type === "html") comments += node.value.split("<!--").length - 1;
    if (node.type === "definition") definitions += 1;
    if (node.type === "footnoteReference") referred.add(node.identifier);
    if (node.type === "footnoteDefinition") footnotes.push(node.identifier);
  });
  definitions += footnotes.filter((name) => !referred.has(name)).length;
  return { definitions, comments };
}

function tidy(text: string): string {
  return text
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
