// What a migration's inventory looked at, and what it did not: without it, "all parts" says nothing. Pure.

import { code, counted, folded, paragraphs } from "../../runs/render/text.ts";
import type { Migration } from "../state.ts";

const ROWS_MAX = 50;

export function coveragePart(coverage: Migration["coverage"]): string | null {
  if (coverage === null) return null;
  const { run, inScope, read, notRead, failed } = coverage;
  const left = [
    ...(notRead.count > 0 ? [`${notRead.count} not decided about`] : []),
    ...(failed.count > 0 ? [`${failed.count} lost with their agents`] : []),
  ];
  const again =
    left.length === 0 ? "" : " The same migration, asked for again, looks at all of them.";
  return paragraphs(
    `**Looked at:** ${[`${read} of ${counted(inScope, "file")} in run ${code(run)}`, ...left].join(", ")}.${again}`,
    list("Not decided about", notRead),
    list("Lost with their agents", failed),
  );
}

function list(title: string, { count, paths }: { count: number; paths: string[] }): string | null {
  if (count === 0) return null;
  const shown = paths.slice(0, ROWS_MAX).map((path) => `- ${code(path)}`);
  const more = count - shown.length;
  return folded(title, [...shown, ...(more > 0 ? [`- … and ${more} more`] : [])].join("\n"));
}
