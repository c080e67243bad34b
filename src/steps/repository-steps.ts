// repo.*: reads at the run's pinned commit; free, pure, performed again on replay instead of journaled.

import type { Call, Performed, Step } from "../engine/call.ts";
import type { JsonObject } from "../engine/json.ts";
import { renderDiff } from "../repo/diff-text.ts";
import type { RunContext } from "./context.ts";
import { FilesInput, readInput, ReadInput, SearchInput } from "./options.ts";
import { value } from "./outcome.ts";
import type { StepRecord } from "./records.ts";

const nothing: StepRecord = { kind: "answered", agents: [], read: [] };

function pureStep(perform: (call: Call) => Promise<Performed>): Step {
  return { identity: (input: JsonObject) => input, agents: () => 0, replay: "recomputed", perform };
}

export function filesStep({ base }: RunContext): Step {
  return pureStep(async ({ input }) => {
    const { glob } = readInput(FilesInput, "repo.files", input);
    const paths = await base.paths(glob);
    return value(paths, { kind: "listed", glob: glob ?? "**", files: paths.length });
  });
}

export function readStep({ base }: RunContext): Step {
  return pureStep(async ({ input }) => {
    const { path } = readInput(ReadInput, "repo.read", input);
    const content = await base.read(path);
    return value(content?.kind === "text" ? content.text : null, nothing);
  });
}

export function searchStep({ base }: RunContext): Step {
  return pureStep(async ({ input }) => {
    const { pattern, glob, limit } = readInput(SearchInput, "repo.search", input);
    const options = {
      ...(glob === undefined ? {} : { glob }),
      ...(limit === undefined ? {} : { limit }),
    };
    const { hits } = await base.search(pattern, options);
    return value(
      hits.map(({ path, line, text }) => ({ path, line, text })),
      nothing,
    );
  });
}

export function diffStep({ pull, limits }: RunContext): Step {
  return pureStep(async () => {
    if (pull === null) return value(null, nothing);
    const files = (await pull.diff()).map((file) => ({
      path: file.path,
      status: file.status,
      additions: file.additions,
      deletions: file.deletions,
      patch: renderDiff([file], { maxCharacters: limits.diffChars }),
    }));
    return value(files, nothing);
  });
}
