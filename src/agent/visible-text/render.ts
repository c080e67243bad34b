// A rendered page's tree as plain text: what stands in it for the eye, in its order.

import type { Dropped } from "./dropped.ts";

/** The part of an HTML tree that matters here. */
export type PageNode =
  | { type: "text"; value: string }
  | { type: "element"; tagName: string; properties: PageProperties; children: readonly PageNode[] }
  | { type: "comment" | "doctype" | "raw" };

export type PageProperties = Readonly<Record<string, unknown>>;

type PageElement = Extract<PageNode, { type: "element" }>;

/** Elements that a browser, or GitHub, never shows as text. */
const NEVER_SHOWN = new Set(
  "script style template noscript head title iframe object embed noembed noframes svg math textarea select video audio canvas".split(
    " ",
  ),
);

const HIDING_STYLE =
  /display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d])/i;

const SPOKEN_ATTRIBUTES = ["alt", "title", "ariaLabel", "ariaDescription", "placeholder"];

const BLOCKS = new Set(
  "p div section article ul ol table thead tbody h1 h2 h3 h4 h5 h6 dl dt dd figure summary".split(
    " ",
  ),
);

/** The text of the nodes; counts what it leaves out. */
export function renderNodes(nodes: readonly PageNode[], dropped: Dropped): string {
  return nodes.map((node) => renderNode(node, dropped)).join("");
}

function renderNode(node: PageNode, dropped: Dropped): string {
  if (node.type === "text") return node.value;
  if (node.type === "element") return renderElement(node, dropped);
  dropped.comments += 1;
  return "";
}

function renderElement(element: PageElement, dropped: Dropped): string {
  const { properties, children } = element;
  // The arrow back from a footnote is the renderer's own.
  if ("dataFootnoteBackref" in properties) return "";
  dropped.attributes += spokenAttributes(properties);
  if (isHidden(element)) {
    if (textLength(children) > 0) dropped.elements += 1;
    return "";
  }
  return frame(element, renderNodes(children, dropped));
}

function frame({ tagName, properties }: PageElement, inside: string): string {
  if (BLOCKS.has(tagName)) return `\n\n${heading(tagName)}${inside.trim()}\n\n`;
  const framed = frames[tagName];
  return framed === undefined ? inside : framed(inside, properties);
}

const frames: Readonly<Record<string, (inside: string, properties: PageProperties) => string>> = {
  br: () => "\n",
  hr: () => "\n\n---\n\n",
  li: (inside) => `\n- ${inside.trim()}`,
  tr: (inside) => `\n|${inside.replace(/\s*\n\s*/g, " ")}`,
  td: (inside) => ` ${inside.trim()} |`,
  th: (inside) => ` ${inside.trim()} |`,
  code: (inside) => (inside.includes("\n") ? inside : `\`${inside}\``),
  pre: (inside) => `\n\n\`\`\`\n${inside.replace(/\n$/, "")}\n\`\`\`\n\n`,
  blockquote: (inside) => `\n\n${inside.trim().replace(/^/gm, "> ")}\n\n`,
  details: (inside) => `\n\n[Collapsed]\n${inside.trim()}\n[End of collapsed]\n\n`,
  input: (_inside, { type, checked }) =>
    type === "checkbox" ? (checked === true ? "[x]" : "[ ]") : "",
};

function heading(tagName: string): string {
  const level = /^h([1-6])$/.exec(tagName)?.[1];
  return level === undefined ? "" : `${"#".repeat(Number(level))} `;
}

function isHidden({ tagName, properties }: PageElement): boolean {
  const { style, hidden } = properties;
  if (NEVER_SHOWN.has(tagName)) return true;
  if (hidden !== undefined && hidden !== null && hidden !== false) return true;
  return typeof style === "string" && HIDING_STYLE.test(style);
}

function spokenAttributes(properties: PageProperties): number {
  const names = Object.keys(properties).filter(
    (name) => SPOKEN_ATTRIBUTES.includes(name) || /^data(?!Footnote)/.test(name),
  );
  return names.filter((name) => {
    const value = properties[name];
    return typeof value === "string" && value.trim() !== "";
  }).length;
}

function textLength(nodes: readonly PageNode[]): number {
  return nodes.reduce((sum, node) => {
    if (node.type === "text") return sum + node.value.trim().length;
    return node.type === "element" ? sum + textLength(node.children) : sum;
  }, 0);
}
