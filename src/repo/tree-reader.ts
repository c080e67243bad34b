// Reads single trees through the long-lived reader: what stands at a path, without listing a repository.

import type { CatFile } from "./cat-file.ts";
import type { Oid } from "./git-data.ts";

/** A name in a tree, with the mode as git writes it in full, e.g. `040000`. */
export interface TreeItem {
  mode: string;
  oid: Oid;
}

/** Items by name. Names are the bytes of the tree, one character each (`latin1`): they may be in any encoding. */
export type Tree = ReadonlyMap<string, TreeItem>;

export interface TreeReader {
  /** The tree of a commit. */
  treeOf(commit: Oid): Promise<Oid>;
  items(tree: Oid): Promise<Tree>;
}

export const FOLDER_MODE = "040000";

const TREES_KEPT_MAX = 4_000;
const HEADERS_KEPT_MAX = 4_000;

export function openTreeReader(catFile: CatFile): TreeReader {
  const header = remembered(HEADERS_KEPT_MAX, async (commit: Oid) => {
    const bytes = await read(catFile, commit, "commit");
    return bytes.toString("latin1").split("\n\n", 1)[0] ?? "";
  });
  return {
    treeOf: async (commit) =>
      /^tree ([0-9a-f]{40})$/m.exec(await header(commit))?.[1] ?? noTree(commit),
    items: remembered(TREES_KEPT_MAX, async (tree: Oid) =>
      parseTree(await read(catFile, tree, "tree")),
    ),
  };
}

/** Remembers the answers asked for last; whoever asks while one is on its way waits for that one. */
function remembered<T>(max: number, ask: (oid: Oid) => Promise<T>): (oid: Oid) => Promise<T> {
  const answers = new Map<Oid, Promise<T>>();
  return (oid) => {
    const known = answers.get(oid);
    if (known !== undefined) return known;
    const answer = ask(oid);
    // A failed reading is tried again by whoever asks next.
    answer.catch(() => answers.delete(oid));
    answers.set(oid, answer);
    const [oldest] = answers.keys();
    if (answers.size > max && oldest !== undefined) answers.delete(oldest);
    return answer;
  };
}

/** What stands at the given paths and at the folders above them, by path; what does not exist is left out. */
export async function itemsAt(
  reader: TreeReader,
  { commit, paths }: { commit: Oid; paths: readonly string[] },
): Promise<Map<string, TreeItem>> {
  const root = await reader.treeOf(commit);
  const found = new Map<string, TreeItem>();
  for (const path of paths) {
    let tree: Oid | null = root;
    const seen: string[] = [];
    for (const segment of path.split("/")) {
      if (tree === null) break;
      seen.push(segment);
      const item: TreeItem | undefined = (await reader.items(tree)).get(inBytes(segment));
      if (item !== undefined) found.set(seen.join("/"), item);
      tree = item?.mode === FOLDER_MODE ? item.oid : null;
    }
  }
  return found;
}

/** What stands at a path below a tree; null when nothing does. */
export async function itemAt(
  reader: TreeReader,
  { tree, path }: { tree: Oid; path: string },
): Promise<TreeItem | null> {
  let item: TreeItem = { mode: FOLDER_MODE, oid: tree };
  for (const segment of path.split("/")) {
    if (item.mode !== FOLDER_MODE) return null;
    const next = (await reader.items(item.oid)).get(inBytes(segment));
    if (next === undefined) return null;
    item = next;
  }
  return item;
}

/** Text as the characters of its UTF-8 bytes. */
export const inBytes = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

async function read(catFile: CatFile, oid: Oid, type: "commit" | "tree"): Promise<Buffer> {
  const object = await catFile.contents(oid);
  if (object?.type === type) return object.bytes;
  throw new Error(`The mirror has no ${type} ${oid}. Fetch its branch first.`);
}

function noTree(commit: Oid): never {
  throw new Error(`Commit ${commit} of the mirror names no tree.`);
}

/** `<mode> SP <name> NUL <20 bytes>`, again and again. */
function parseTree(bytes: Buffer): Tree {
  const items = new Map<string, TreeItem>();
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(32, at);
    const end = bytes.indexOf(0, space);
    const mode = bytes.toString("latin1", at, space).padStart(6, "0");
    const oid = bytes.toString("hex", end + 1, end + 21);
    items.set(bytes.toString("latin1", space + 1, end), { mode, oid });
    at = end + 21;
  }
  return items;
}
