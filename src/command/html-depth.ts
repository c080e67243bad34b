// Which HTML elements are open after a piece of HTML: Markdown ends an HTML block at a blank line, its element goes on.

/** Elements that keep what follows from being an ordinary paragraph. Unknown ones are dropped by GitHub and count nothing. */
const containers = new Set(
  (
    "a b blockquote code dd del details div dl em h1 h2 h3 h4 h5 h6 i ins kbd ol picture pre q s samp section span " +
    "strike strong sub summary sup table tt ul var"
  ).split(" "),
);

/** How many such elements are open after `html`, `depth` of them before. */
export function openElements(html: string, depth: number): number {
  const visible = html.replaceAll(/<!--[\s\S]*?(?:-->|$)/gu, "");
  let open = depth;
  for (const [, slash, name] of visible.matchAll(/<(\/?)([a-z][a-z0-9]*)/giu)) {
    if (!containers.has(name?.toLowerCase() ?? "")) continue;
    open = slash === "/" ? Math.max(0, open - 1) : open + 1;
  }
  return open;
}
