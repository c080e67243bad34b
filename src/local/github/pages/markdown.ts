// Comments and READMEs from Markdown to HTML that is safe to show, by GitHub's own rules of what may stay.

import rehypeRaw from "rehype-raw";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import rehypeStringify from "rehype-stringify";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";

import { html, type Html, trusted } from "./html.ts";
import { breakLines } from "./line-breaks.ts";
import { repositoryLink } from "./links.ts";
import { linkNumbers } from "./mentions.ts";
import type { RepositoryView } from "./view.ts";

const processor = (home: string, { breaks }: { breaks: boolean }) =>
  unified()
    .use(remarkParse)
    .use(remarkGfm)
    .use(linkNumbers, { home })
    .use(breaks ? [breakLines] : [])
    .use(remarkRehype, { allowDangerousHtml: true })
    .use(rehypeRaw)
    .use(rehypeSanitize, defaultSchema)
    .use(rehypeStringify);

/** Longer, deeper, and more emphatic texts would keep the parser busy for seconds: they show as they are. */
const renderedCharacters = 70_000;
const renderedMarks = 3_000;
const deepNesting = /^(?:[ \t]*(?:>|[*+-][ \t]|\d{1,9}[.)][ \t])){100}/m;

/** Null for what shows as it is. */
const remembered = new Map<string, string | null>();
const rememberedTexts = 500;

/**
 * What people and Apps write on GitHub itself; `home` is the repository it stands in. Raw HTML in the text is parsed and
 * cleaned, as on GitHub; hidden markers in HTML comments disappear.
 */
export const commentHtml = (home: RepositoryView, text: string): Html =>
  markdown(home, text, { breaks: true });

/** A Markdown file of the repository, or a report of the same kind. */
export const documentHtml = (home: RepositoryView, text: string): Html =>
  markdown(home, text, { breaks: false });

function markdown(home: RepositoryView, text: string, options: { breaks: boolean }): Html {
  const link = repositoryLink(home);
  const key = `${options.breaks ? "comment" : "file"} ${link}\n${text}`;
  let rendered = remembered.get(key);
  if (rendered === undefined) {
    rendered = isHeavy(text) ? null : render(text, processor(link, options));
    if (remembered.size >= rememberedTexts) remembered.clear();
    remembered.set(key, rendered);
  }
  return rendered === null ? html`<pre>${text}</pre>` : trusted(rendered);
}

const isHeavy = (text: string): boolean =>
  text.length > renderedCharacters ||
  deepNesting.test(text) ||
  (text.match(/[*_~]/g)?.length ?? 0) > renderedMarks;

/** Null where the text nests deeper than the parser can follow. */
function render(text: string, renderer: ReturnType<typeof processor>): string | null {
  try {
    return String(renderer.processSync(text));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
