// The work of many writers: which files each edits, and their branches as production makes them.

import { systemClock } from "../../src/outside/clock.ts";
import type { Mirror } from "../../src/repo/contract.ts";
import type { Oid } from "../../src/repo/git-data.ts";
import { openGitRemote } from "../../src/repo/git-remote.ts";
import { openMirror } from "../../src/repo/mirror.ts";
import { contentOf, pathOf } from "./generate.ts";
import type { Place } from "./task.ts";

export const AUTHOR = { name: "Fanfold", email: "fanfold@example.test" };
export const AT = 1_700_000_000_000;

/** A mirror of the place's repository over its path. */
export function openPlace({ hub }: Pick<Place, "hub">, dir: string): Promise<Mirror> {
  const remote = openGitRemote(
    { url: hub, header: () => Promise.resolve(null) },
    { sleep: systemClock.sleep, random: Math.random },
  );
  return openMirror({ dir, remote, clock: systemClock });
}

export interface Crew {
  workers: number;
  edits: number;
  files: number;
  /** Makes the texts of one repeat others than those of the next. */
  round: number;
}

/** Files of one worker; no two workers share one while there are enough. */
export function pathsOfWorker(worker: number, { workers, edits, files }: Crew): string[] {
  const step = Math.max(1, Math.floor(files / (workers * edits)));
  return Array.from({ length: edits }, (_, edit) =>
    pathOf(((edit * workers + worker) * step) % files),
  );
}

export const editedText = (path: string, worker: number, round: number): string => {
  const file = Number(/(\d+)\.ts$/.exec(path)?.[1] ?? 0);
  return contentOf(file).replace("\n", `\n  // round ${round}, worker ${worker}\n`);
};

/** What each writer is to write, made before the clock runs. */
export type Texts = ReadonlyMap<string, string>[];

export function textsOf(crew: Crew): Texts {
  return Array.from(
    { length: crew.workers },
    (_, worker) =>
      new Map(
        pathsOfWorker(worker, crew).map((path) => [path, editedText(path, worker, crew.round)]),
      ),
  );
}

/** All writers at once: each edits its overlay, commits, and keeps its commit. */
export async function makeBranches(mirror: Mirror, base: Oid, texts: Texts): Promise<Oid[]> {
  const snapshot = await mirror.snapshot(base);
  return await Promise.all(
    texts.map(async (files, worker) => {
      const overlay = mirror.overlay(snapshot);
      for (const [path, text] of files) await overlay.write(path, text);
      const head = await mirror.commit({
        parent: base,
        edits: await overlay.edits(),
        message: `Change by worker ${worker}\n\nFanfold-Worker: ${worker}\n`,
        author: AUTHOR,
        at: AT,
      });
      await mirror.keep(`bench/w${worker}`, head);
      return head;
    }),
  );
}
