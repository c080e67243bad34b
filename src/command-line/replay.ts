// `fanfold replay`: an ended run gone through again from what it left, for people or as JSON; asks nobody and writes nothing.

import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { checkpointKeys, keysIn } from "../config/checkpoint-keys.ts";
import { privateKeyOf } from "../config/private-key.ts";
import { openChildSandbox } from "../engine/sandbox/child-process.ts";
import { openFolderDisk } from "../outside/disk.ts";
import { diffCommits } from "../repo/diff.ts";
import { gitText } from "../repo/git.ts";
import type { Oid } from "../repo/git-data.ts";
import { type ObjectStore, openObjectStore } from "../repo/object-store.ts";
import { openSnapshot } from "../repo/snapshot.ts";
import { commentOf } from "../replay/comment.ts";
import { furthest } from "../replay/furthest.ts";
import { fetchOf, type Keys, runInRepository } from "../replay/in-repository.ts";
import { CannotReplay, type KeptRun, runOnDisk } from "../replay/kept-run.ts";
import { legible } from "../replay/legible.ts";
import { type Hands, replayRun } from "../replay/replay.ts";
import { NO_COMMIT, type Reading } from "../replay/steps.ts";
import { underCap } from "../replay/what-if.ts";
import { headRefOf } from "../runs/pin.ts";
import type { RunStatus } from "../runs/record.ts";
import { type Replay, renderReplay } from "./render-replay.ts";
import type { Terminal } from "./terminal.ts";

/** What can be said on the command line; `whatIf` is a cap in US dollars. */
export interface ReplayOptions {
  repo?: string;
  whatIf?: number;
  json: boolean;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Goes through a run again; resolves to the exit status: 0 when its script comes to where it came then. */
export async function runReplay(
  id: string,
  { options, variables }: { options: ReplayOptions; variables: Variables },
  terminal: Terminal,
): Promise<number> {
  try {
    await using store = options.repo === undefined ? null : await storeOf(options.repo);
    const run = await find(id, { store, variables });
    const hands = await handsFor(run, store);
    const shown: Replay = {
      run: id,
      status: run.record.status,
      replay: await replayRun(run, hands),
      ...(options.whatIf === undefined
        ? {}
        : { whatIf: await underCap(run, hands, options.whatIf) }),
      comment: commentOf(run),
    };
    terminal.print(
      options.json ? JSON.stringify(shown, null, 2) : renderReplay(run, shown, terminal.paint),
    );
    return shown.replay.kind === "same" || shown.replay.kind === "stopped" ? 0 : 1;
  } catch (error) {
    if (!(error instanceof CannotReplay)) throw error;
    terminal.complain(error.message);
    return 1;
  }
}

async function find(
  id: string,
  { store, variables }: { store: ObjectStore | null; variables: Variables },
): Promise<KeptRun> {
  if (!/^wf-[0-9a-v]{10}$/u.test(id))
    throw new CannotReplay(
      `${JSON.stringify(id)} is no run's id. One looks like wf-0kt80o47sm; it stands in the run's comment.`,
    );
  const folder = resolve(variables["FANFOLD_DATA"]?.trim() || "./data");
  const here = await runOnDisk(openFolderDisk(folder), id);
  const found = await furthest(here, async () =>
    store === null ? null : await runInRepository(store, id, keysOf(variables)),
  );
  if (found?.kind === "ended") return found.run;
  throw new CannotReplay(
    found === null ? unknown(id, folder, store) : alive(id, found.status, store),
  );
}

function unknown(id: string, folder: string, store: ObjectStore | null): string {
  return store === null
    ? `There is no run ${id} in ${folder}. Set FANFOLD_DATA to the bot's data folder, or give a clone with --repo after ${fetchOf(id)}.`
    : `There is no run ${id} in ${folder}, and its checkpoint is not in the clone. ${fetchOf(id)} brings it there. A checkpoint is kept for 180 days.`;
}

function alive(id: string, status: RunStatus, store: ObjectStore | null): string {
  const elsewhere =
    store === null
      ? `give a clone with --repo after ${fetchOf(id)}`
      : `${fetchOf(id)} brings the end into the clone`;
  return `Run ${id} has not ended (${status}): it is gone through again when it has. \`/workflow status\` in its thread says where it stands. If another machine ended it, ${elsewhere}.`;
}

function keysOf(variables: Variables): Keys {
  const listed = keysIn(variables["FANFOLD_CHECKPOINT_KEY"] ?? "");
  const [newest, ...older] = listed;
  const given = Object.entries(variables).flatMap(([name, value]) =>
    value === undefined || value.trim() === "" ? [] : [[name, value.trim()] as const],
  );
  const names = new Set(given.map(([name]) => name));
  const key = privateKeyOf(Object.fromEntries(given));
  if (key.ok) return { secret: checkpointKeys(listed, key.pem), mistake: null };
  const isGiven = names.has("PRIVATE_KEY") || names.has("PRIVATE_KEY_PATH");
  return {
    secret: newest === undefined ? null : [newest, ...older],
    mistake: isGiven ? key.mistake : null,
  };
}

async function storeOf(folder: string): Promise<ObjectStore> {
  try {
    const gitDir = await gitText(["-C", folder, "rev-parse", "--absolute-git-dir"]);
    const store = openObjectStore(gitDir, join(tmpdir(), "fanfold-text"));
    // Damage is noted in the bot's own mirrors, never in somebody's clone.
    return { ...store, watching: (reading) => reading };
  } catch (error) {
    throw new CannotReplay(`--repo ${folder}: there is no git repository.`, { cause: error });
  }
}

async function handsFor({ record }: KeptRun, store: ObjectStore | null): Promise<Hands> {
  const reading = await legible(() => readingAt(record, store));
  return { openSandbox: () => openChildSandbox(), reading };
}

async function readingAt(record: KeptRun["record"], store: ObjectStore | null): Promise<Reading> {
  const { base, thread, isPullRequest } = record;
  if (base === null) return NO_COMMIT;
  if (store === null) return { kind: "nowhere", why: CLONELESS };
  const { commit } = base;
  const found = await store.catFile.info(commit);
  if (found?.type !== "commit")
    return { kind: "nowhere", why: lacking(commit, isPullRequest ? thread : null) };
  const diffFrom = (from: Oid) => diffCommits(store.gitDir, { from, to: commit });
  return { kind: "here", snapshot: openSnapshot(store, commit), diffFrom };
}

const CLONELESS =
  "The script reads the repository. Give a clone of it that has the run's commit: `--repo PATH`.";

function lacking(commit: string, pull: number | null): string {
  const ref = pull === null ? commit : headRefOf({ number: pull });
  return `The script reads the repository at commit ${commit}, which this clone lacks. \`git fetch origin ${ref}\` brings it there where GitHub still has it.`;
}
