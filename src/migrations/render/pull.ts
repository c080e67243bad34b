// The pull request of one part. Pure.

import { harmless } from "../../runs/render/harmless.ts";
import { code, counted, cut, inline, paragraphs } from "../../runs/render/text.ts";
import { END, withPart } from "../../schedules/issue.ts";
import type { Migration, Shard } from "../state.ts";

const FILES_SHOWN = 20;
const SUMMARY_CHARS_MAX = 8_000;
const LAST_WORDS = "<sub>Fanfold opens, and never approves or merges.</sub>";

export const shardMarker = (id: string, { branch }: Pick<Shard, "branch">): string =>
  `<!-- fanfold:migration=${id}:${branch.split("/").at(-1)} -->`;

export function renderPull(migration: Migration, shard: Shard): { title: string; body: string } {
  const title = `${titleOf(migration.what)}: ${shard.name}`.replace(/\s+/gu, " ");
  return { title: cut(title, 120), body: withPart("", ...partOf(migration, shard)) };
}

/** The text of its pull request as it is to be now; what people wrote around ours stays, and where they took a mark of ours away, all is theirs. */
export function renewedBody(body: string, migration: Migration, shard: Shard): string {
  const [marker, part] = partOf(migration, shard);
  return body.includes(marker) && body.includes(END) ? withPart(body, marker, part) : body;
}

/** Our mark and what stands behind it. */
function partOf({ id, what, issue, shards }: Migration, shard: Shard): [string, string] {
  const files = shard.files.slice(0, FILES_SHOWN).map((path) => `- ${code(path)}`);
  const more = shard.files.length - files.length;
  const part = paragraphs(
    `One of ${counted(shards.length, "part")} of the migration **${inline(what, 200)}**${issue === null ? "" : ` (#${issue})`}.`,
    cut(harmless(shard.summary), SUMMARY_CHARS_MAX),
    `### Files\n\n${[...files, ...(more > 0 ? [`- … and ${more} more`] : [])].join("\n")}`,
    `### How it was verified\n\nReviewers who saw the requirement and the diff alone accepted it, in run ${code(shard.run)}. Its tests are this repository's own CI, on this pull request.`,
    "### What to do with it\n\n- **Merge** it when it is good.\n- **Close** it for a no: it is remembered, and not proposed again.\n- Push to its branch if you like: it is left to you from then on.\n- Otherwise it is brought up to date when the default branch changes its files, and done again, twice at most, when it conflicts or its checks fail.",
    LAST_WORDS,
  );
  return [shardMarker(id, shard), part];
}

const titleOf = (what: string): string => {
  const text = cut(what.replace(/\s+/gu, " ").trim(), 80);
  return `Migrate ${text}`;
};
