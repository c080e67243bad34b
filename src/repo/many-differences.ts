// Remembers what differs between pairs of trees; many pairs are read at once by git, which is far faster than tree by tree.

import { git } from "./git.ts";
import type { Oid } from "./git-data.ts";
import type { ObjectStore } from "./object-store.ts";
import { diffTrees, type TreeDifference } from "./tree-diff.ts";
import type { TreeItem } from "./tree-reader.ts";

export interface TreePair {
  from: Oid;
  to: Oid;
}

export interface Differences {
  /** Knows these from now on. */
  note(pair: TreePair, did: readonly TreeDifference[]): void;
  /** Reads these pairs ahead, if that is worth a process. */
  readAhead(pairs: readonly TreePair[]): Promise<void>;
  of(pair: TreePair): Promise<readonly TreeDifference[]>;
}

/** Below it, the long-lived reader of single trees answers before a process would have started. */
const WORTH_A_PROCESS = 4;
const PROCESSES_MAX = 2;
const PAIRS_PER_PROCESS_MAX = 500;

export function openDifferences(store: ObjectStore): Differences {
  const known = new Map<string, readonly TreeDifference[]>();
  return {
    note: (pair, did) => void known.set(keyOf(pair), did),
    readAhead: async (pairs) => {
      const unknown = new Map(pairs.map((pair) => [keyOf(pair), pair]));
      for (const key of known.keys()) unknown.delete(key);
      if (unknown.size < WORTH_A_PROCESS) return;
      const groups = inGroups([...unknown.values()]);
      for (let at = 0; at < groups.length; at += PROCESSES_MAX) {
        const read = groups.slice(at, at + PROCESSES_MAX).map((group) => readGroup(store, group));
        for (const [key, did] of (await Promise.all(read)).flat()) known.set(key, did);
      }
    },
    // What was cut off for its length is read here, tree by tree.
    of: async (pair) => known.get(keyOf(pair)) ?? (await diffTrees(store.trees, pair)),
  };
}

const keyOf = ({ from, to }: TreePair): string => `${from} ${to}`;

function inGroups(pairs: readonly TreePair[]): TreePair[][] {
  const size = Math.min(PAIRS_PER_PROCESS_MAX, Math.ceil(pairs.length / PROCESSES_MAX));
  return Array.from({ length: Math.ceil(pairs.length / size) }, (_, group) =>
    pairs.slice(group * size, (group + 1) * size),
  );
}

type Answer = [key: string, did: TreeDifference[]];

async function readGroup({ gitDir }: ObjectStore, pairs: readonly TreePair[]): Promise<Answer[]> {
  const { stdout, cut } = await git(
    ["diff-tree", "--stdin", "-r", "-z", "--raw", "--no-abbrev", "--no-renames"],
    {
      gitDir,
      stdin: pairs.map((pair) => `${keyOf(pair)}\n`).join(""),
      overflow: "cut",
    },
  );
  const answers = parseAnswers(stdout.toString("latin1"));
  // Nobody knows whether the last one is whole.
  return cut ? answers.slice(0, -1) : answers;
}

/** Again and again `<tree> SP <tree> LF (:<mode> <mode> <oid> <oid> <letter> NUL <path> NUL)*`. */
function parseAnswers(output: string): Answer[] {
  const answers: Answer[] = [];
  for (let at = 0; at < output.length;) {
    if (output[at] !== ":") {
      const end = output.indexOf("\n", at);
      if (end < 0) break;
      answers.push([output.slice(at, end), []]);
      at = end + 1;
      continue;
    }
    const path = output.indexOf("\0", at) + 1;
    const end = output.indexOf("\0", path);
    if (path === 0 || end < 0) break;
    answers.at(-1)?.[1].push(differenceOf(output.slice(at + 1, path - 1), output.slice(path, end)));
    at = end + 1;
  }
  return answers;
}

function differenceOf(facts: string, path: string): TreeDifference {
  const [oldMode = "", newMode = "", oldOid = "", newOid = ""] = facts.split(" ");
  return { path, before: itemOf(oldMode, oldOid), after: itemOf(newMode, newOid) };
}

const itemOf = (mode: string, oid: Oid): TreeItem | null =>
  mode === "000000" ? null : { mode, oid };
