// What a final pull request changes, area by area, what needs most care first. Pure.

import type { LineCount } from "../../repo/line-counts.ts";
import { heldPaths } from "../ask-first.ts";
import { code, counted, thousands } from "./text.ts";

const AREAS_SHOWN = 20;
const PATHS_SHOWN = 4;
const TOP = "the top folder";

export function renderAreas(counts: readonly LineCount[]): string {
  const areas = [...Map.groupBy(counts, areaOf)].map(([area, files]) => ({
    area,
    files,
    added: sum(files, "added"),
    removed: sum(files, "removed"),
    held: heldPaths(files),
    gone: files.filter(({ isGone }) => isGone).length,
  }));
  const byRisk = areas.toSorted(
    (one, other) =>
      other.held.length - one.held.length ||
      other.gone - one.gone ||
      other.added + other.removed - one.added - one.removed,
  );
  const rows = byRisk.slice(0, AREAS_SHOWN).map((each) => {
    const paths = each.files.slice(0, PATHS_SHOWN).map(({ path }) => code(path));
    const more = each.files.length - paths.length;
    const care = [
      each.held.length === 0 ? null : `${counted(each.held.length, "file")} CI or installs execute`,
      each.gone === 0 ? null : `${each.gone} removed`,
    ].filter((word) => word !== null);
    const area = each.area === TOP ? TOP : code(each.area);
    return `| ${area} | ${paths.join(", ")}${more > 0 ? ` and ${more} more` : ""} | +${thousands(each.added)} −${thousands(each.removed)} | ${care.join(", ")} |`;
  });
  const hidden = byRisk.length - rows.length;
  return [
    "| Area | Files | Lines | Care |",
    "|---|---|---|---|",
    ...rows,
    ...(hidden > 0 ? [`| … and ${counted(hidden, "more area")} | | | |`] : []),
  ].join("\n");
}

/** Two folders deep, so that `src` of a large repository is more than one area. */
function areaOf({ path }: LineCount): string {
  const folders = path.split("/").slice(0, -1);
  return folders.length === 0 ? TOP : `${folders.slice(0, 2).join("/")}/`;
}

const sum = (files: readonly LineCount[], side: "added" | "removed"): number =>
  files.reduce((total, { lines }) => total + (lines?.[side] ?? 0), 0);
