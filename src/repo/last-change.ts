// Who touched some lines of a file last: the newest commit that git blames for one of them.

import { git } from "./git.ts";
import type { Oid } from "./git-data.ts";

/** Lines counted from 1, both ends included. */
export interface Lines {
  path: string;
  from: number;
  to: number;
}

/** Null when the commit has no such lines. Of several commits, the one that git dates latest. */
export async function lastChange(
  gitDir: string,
  { commit, lines: { path, from, to } }: { commit: Oid; lines: Lines },
): Promise<Oid | null> {
  const args = ["blame", "--porcelain", `-L${from},${to}`, commit, "--", path];
  const { status, stdout } = await git(args, { gitDir, accept: [0, 128] });
  return status === 0 ? newestIn(stdout.toString("utf8")) : null;
}

function newestIn(porcelain: string): Oid | null {
  const groups = [...porcelain.matchAll(/^([0-9a-f]{40}) \d+ \d+.*\n(?:(?!\t).*\n)*/gm)];
  const dated = groups.flatMap(([text, oid]) => {
    const time = /^committer-time (\d+)$/m.exec(text)?.[1];
    return oid === undefined || time === undefined ? [] : [{ oid, time: Number(time) }];
  });
  const [newest] = dated.toSorted((one, other) => other.time - one.time);
  return newest?.oid ?? null;
}
