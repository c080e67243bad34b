// Comments and READMEs from Markdown to HTML that is safe to show, by GitHub's own rules of what may stay.

import rehypeRaw from "rehype-raw";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import rehypeStringify from "rehype-stringify";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";

import { type Html, trusted } from "./html.ts";
import { repositoryLink } from "./links.ts";
import { linkNumbers } from "./mentions.ts";
import type { RepositoryView } from "./view.ts";

const processor = (home: string) =>
  unified()
    .use(remarkParse)
    .use(remarkGfm)
    .use(linkNumbers, { home })
    .use(remarkRehype, { allowDangerousHtml: true })
    .use(rehypeRaw)
    .use(rehypeSanitize, defaultSchema)
    .use(rehypeStringify);

const remembered = new Map<string, string>();
const rememberedTexts = 500;

/** `home` is the repository the text stands in. Raw HTML in the text is parsed and cleaned, as on GitHub; hidden markers in HTML comments disappear. */
export function markdown(home: RepositoryView, text: string): Html {
  const link = repositoryLink(home);
  const key = `${link}\n${text}`;
  const known = remembered.get(key);
  if (known !== undefined) return trusted(known);
  const rendered = String(processor(link).processSync(text));
  if (remembered.size >= rememberedTexts) remembered.clear();
  remembered.set(key, rendered);
  return trusted(rendered);
}
