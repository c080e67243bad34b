// What a new repository is: its languages, the workflows that there are for it, and what a first audit would cost by the preview.

import { extname } from "node:path/posix";

import { limits } from "../config/limits.ts";
import { realGround } from "../preview/ground.ts";
import { previewScript } from "../preview/preview.ts";
import type { Snapshot } from "../repo/contract.ts";
import type { House } from "../runs/house.ts";
import { findWorkflows, type SavedWorkflow } from "../script/saved.ts";
import type { OnboardingFacts } from "./render.ts";

const LANGUAGES: Readonly<Record<string, string>> = {
  ".js": "JavaScript",
  ".mjs": "JavaScript",
  ".cjs": "JavaScript",
  ".jsx": "JavaScript",
  ".ts": "TypeScript",
  ".tsx": "TypeScript",
  ".mts": "TypeScript",
  ".py": "Python",
  ".rb": "Ruby",
  ".go": "Go",
  ".rs": "Rust",
  ".java": "Java",
  ".kt": "Kotlin",
  ".cs": "C#",
  ".php": "PHP",
  ".c": "C",
  ".h": "C",
  ".cpp": "C++",
  ".swift": "Swift",
  ".sh": "Shell",
  ".md": "Markdown",
};

export async function lookAround(
  house: House,
  snapshot: Snapshot,
  signal: AbortSignal,
): Promise<OnboardingFacts> {
  const paths = await snapshot.paths();
  const { workflows } = await findWorkflows(snapshot, house.settings.workflowsDir);
  const audit = workflows.find(({ name }) => name === "audit") ?? null;
  return {
    files: paths.length,
    languages: languagesIn(paths),
    workflows: workflows.map(({ name, description, origin }) => ({ name, description, origin })),
    hasCi: paths.some((path) => path.startsWith(".github/workflows/")),
    audit: audit === null ? null : await priceOf(house, { audit, snapshot }, signal),
  };
}

/** By number of files, the most first; what is no language of ours is left out. */
function languagesIn(paths: readonly string[]): { name: string; files: number }[] {
  const named = paths.flatMap((path) => LANGUAGES[extname(path).toLowerCase()] ?? []);
  return [...Map.groupBy(named, (name) => name)]
    .map(([name, all]) => ({ name, files: all.length }))
    .toSorted((one, other) => other.files - one.files);
}

/** Null when there is no telling; a price is a courtesy. */
async function priceOf(
  { settings, sandboxes, world }: House,
  { audit, snapshot }: { audit: SavedWorkflow; snapshot: Snapshot },
  signal: AbortSignal,
): Promise<OnboardingFacts["audit"]> {
  // Computing, not waiting: it is measured by the machine's own time.
  const tooLong = AbortSignal.timeout(limits.run.previewMs);
  const ground = await realGround(snapshot, [], null);
  try {
    const { preview, shown } = await previewScript({
      source: audit.source,
      args: null,
      seed: 1,
      model: settings.chooseModel({ model: null, effort: null }).id,
      openSandbox: () => sandboxes.open(),
      groundFor: () => Promise.resolve(ground),
      findChild: () => Promise.resolve(null),
      signal: AbortSignal.any([signal, tooLong]),
    });
    if (tooLong.aborted || !preview.ok) return null;
    return { agents: shown.agents, lowUsd: preview.costUsd.low, highUsd: preview.costUsd.high };
  } catch (err) {
    signal.throwIfAborted();
    world.log.warn({ err }, "a first audit could not be priced");
    return null;
  }
}
