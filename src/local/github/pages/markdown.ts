// Comments and READMEs from Markdown to HTML that is safe to show, by GitHub's own rules of what may stay.

import rehypeRaw from "rehype-raw";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import rehypeStringify from "rehype-stringify";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";

import { type Html, trusted } from "./html.ts";

const processor = unified()
  .use(remarkParse)
  .use(remarkGfm)
  .use(remarkRehype, { allowDangerousHtml: true })
  .use(rehypeRaw)
  .use(rehypeSanitize, defaultSchema)
  .use(rehypeStringify);

const remembered = new Map<string, string>();
const rememberedTexts = 500;

/** Raw HTML in the text is parsed and cleaned, as on GitHub; hidden markers in HTML comments disappear. */
export function markdown(text: string): Html {
  const known = remembered.get(text);
  if (known !== undefined) return trusted(known);
  const rendered = String(processor.processSync(text));
  if (remembered.size >= rememberedTexts) remembered.clear();
  remembered.set(text, rendered);
  return trusted(rendered);
}
