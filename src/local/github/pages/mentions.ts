// Numbers like #12 in a text become links to the issue or pull request of the same repository, as on GitHub.

import type { Link, PhrasingContent, Root, Text } from "mdast";
import { SKIP, visit } from "unist-util-visit";

/** For unified: `home` is the address of the repository the text stands in. */
export function linkNumbers({ home }: { home: string }): (tree: Root) => void {
  return (tree) =>
    visit(tree, (node, index, parent) => {
      if (node.type === "link" || node.type === "linkReference") return SKIP;
      if (node.type !== "text" || index === undefined || parent === undefined) return undefined;
      const parts = split(node, home);
      if (parts.length === 1) return undefined;
      const children: unknown[] = parent.children;
      children.splice(index, 1, ...parts);
      return [SKIP, index + parts.length];
    });
}

function split({ value }: Text, home: string): PhrasingContent[] {
  return value
    .split(/(?<![\w/&])(#\d{1,9})\b/)
    .filter((part) => part !== "")
    .map((part) => (/^#\d+$/.test(part) ? link(part, home) : { type: "text", value: part }));
}

const link = (name: string, home: string): Link => ({
  type: "link",
  url: `${home}/issues/${name.slice(1)}`,
  children: [{ type: "text", value: name }],
});
