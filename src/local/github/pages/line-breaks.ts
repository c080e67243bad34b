// In comments a line's end is a line's end, as on GitHub; in files it is only a space.

import type { Root } from "mdast";
import { SKIP, visit } from "unist-util-visit";

/** For unified, after every plugin that looks at texts. */
export function breakLines(): (tree: Root) => void {
  return (tree) =>
    visit(tree, "text", (node, index, parent) => {
      if (index === undefined || parent === undefined || !node.value.includes("\n"))
        return undefined;
      const parts = node.value
        .split(/\r?\n/)
        .flatMap((value, line) => [
          ...(line > 0 ? [{ type: "break" as const }] : []),
          { type: "text" as const, value },
        ]);
      parent.children.splice(index, 1, ...parts);
      return [SKIP, index + parts.length];
    });
}
