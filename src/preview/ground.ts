// The repository a preview reads: a real one at a commit, or a few files that could be anywhere.

import { limits } from "../config/limits.ts";
import type { Json, JsonObject } from "../engine/json.ts";
import { matcherOf } from "../repo/paths.ts";
import type { Snapshot } from "../repo/contract.ts";
import { type AgentTypes, openAgentTypes } from "../steps/agent-types/agent-types.ts";
import type { Profile } from "./stand-in/mood.ts";

/** What `repo.*` answers from. Errors that are the script's own are thrown as the repository throws them. */
export interface Ground {
  head: string;
  pull: number | null;
  paths: readonly string[];
  files(glob: string | undefined): Promise<string[]>;
  read(path: string): Promise<string | null>;
  search(pattern: string, options: { glob?: string; limit?: number }): Promise<Json>;
  diff(): Promise<Json>;
  /** The agent types of the repository; null where there is none, and any name will do. */
  agentTypes: AgentTypes | null;
}

/** A real repository; `change` is what its last commit changed, for a run on a pull request. */
export async function realGround(
  snapshot: Snapshot,
  change: Json,
  pull: number | null,
): Promise<Ground> {
  return {
    head: snapshot.commit,
    pull,
    paths: await snapshot.paths(),
    files: (glob) => snapshot.paths(glob),
    async read(path) {
      const content = await snapshot.read(path);
      return content?.kind === "text" ? content.text : null;
    },
    async search(pattern, options) {
      const { hits } = await snapshot.search(pattern, options);
      return hits.map(({ path, line, text }) => ({ path, line, text }));
    },
    diff: async () => (pull === null ? null : change),
    agentTypes: openAgentTypes(snapshot, { wordsChars: limits.agent.rulesChars }),
  };
}

const NAMES = "index parse server client queue store render format cache watch config retry".split(
  " ",
);
const SIZES: Readonly<Record<Profile, number>> = { usual: 4, mixed: 5, plenty: 12, sparse: 1 };
const FOLDER = /^([\w@./-]*\/)?/;
const ENDING = /\.(?:\{([\w,]+)\}|(\w+))$/;

/** Files that fit whatever is asked for; how many depends on the profile, as all that is made up. */
export function standInGround(profile: Profile, pull: number | null): Ground {
  const names = NAMES.slice(0, SIZES[profile]);
  const paths = names.map((name) => `src/${name}.js`);
  const line = "export function standIn(input) { return input; }";
  return {
    head: "5".repeat(40),
    pull,
    paths,
    files: async (glob) => (glob === undefined ? paths : fitting(names, glob)),
    read: async (path) => (path.endsWith(".json") ? "{}" : `// ${path}\n${line}\n`),
    search: async (_pattern, { glob }) =>
      (glob === undefined ? paths : fitting(names, glob)).map((path) => ({
        path,
        line: 2,
        text: line,
      })),
    diff: async () => (pull === null ? null : paths.slice(0, 3).map(changedFile)),
    agentTypes: null,
  };
}

function fitting(names: readonly string[], glob: string): string[] {
  const folder = FOLDER.exec(glob)?.[0] ?? "";
  const ending = ENDING.exec(glob);
  const extension = ending?.[1]?.split(",")[0] ?? ending?.[2] ?? "js";
  const matches = matcherOf(glob);
  const inside = (place: string): string[] =>
    names.map((name) => `${place}${name}.${extension}`).filter(matches);
  const [fits = []] = [folder, "src/", ""].map(inside).filter((made) => made.length > 0);
  // A glob without a star names its files itself.
  return fits.length > 0 ? fits : /[*?{[]/.test(glob) ? [] : [glob];
}

function changedFile(path: string): JsonObject {
  const patch = `@@ -1,2 +1,3 @@\n // ${path}\n+// stand-in change\n export function standIn(input) { return input; }\n`;
  return { path, status: "modified", additions: 1, deletions: 0, patch };
}
