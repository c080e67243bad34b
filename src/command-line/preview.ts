// `fanfold preview`: what a script would do and cost, for people or as JSON; asks no model and changes nothing.

import { fileURLToPath } from "node:url";

import { findChildren } from "../preview/children.ts";
import { parseArgs } from "../script/args.ts";
import type { Json } from "../engine/json.ts";
import { openChildSandbox } from "../engine/sandbox/child-process.ts";
import { type Ground, realGround, standInGround } from "../preview/ground.ts";
import {
  type LocalRepository,
  NoRepository,
  openLocalRepository,
} from "../preview/local-repository.ts";
import { previewScript } from "../preview/preview.ts";
import type { Profile } from "../preview/stand-in/mood.ts";
import { renderPreview } from "./render-preview.ts";
import { readScript } from "./script-files.ts";
import type { Terminal } from "./terminal.ts";

/** What can be said on the command line. */
export interface PreviewOptions {
  args?: string;
  repo?: string;
  seed: number;
  json: boolean;
}

const DEFAULT_MODEL = "sonnet";
const BUILT_IN = fileURLToPath(new URL("../../workflows", import.meta.url));

/** Previews one script; resolves to the exit status: 0 when it came to its end. */
export async function runPreview(
  file: string,
  options: PreviewOptions,
  terminal: Terminal,
): Promise<number> {
  const script = await readScript(file);
  if (!script.ok) {
    terminal.complain(`${file}: ${script.message}`);
    return 1;
  }
  try {
    await using repository =
      options.repo === undefined ? null : await openLocalRepository(options.repo);
    const given = argsOf(options, terminal);
    const previewed = await previewScript({
      source: script.source,
      args: given,
      seed: options.seed,
      model: process.env["FANFOLD_MODEL"] ?? DEFAULT_MODEL,
      openSandbox: () => openChildSandbox(),
      findChild: findChildren({
        file,
        snapshot: repository?.snapshot ?? null,
        builtInFolder: BUILT_IN,
      }),
      groundFor: (profile, isPull) => groundFor(repository, profile, isPull ? 1 : null),
    });
    const { preview } = previewed;
    const shown = { file, source: script.source, hasRepository: repository !== null };
    terminal.print(
      options.json
        ? JSON.stringify(preview, null, 2)
        : renderPreview(previewed, shown, terminal.paint),
    );
    return preview.ok ? 0 : 1;
  } catch (error) {
    if (!(error instanceof NoRepository)) throw error;
    terminal.complain(error.message);
    return 1;
  }
}

function argsOf({ args: text = "" }: PreviewOptions, terminal: Terminal): { given: Json } | null {
  const { args, parsed } = parseArgs(text);
  if (!parsed && /^\s*[[{]/.test(text)) {
    terminal.complain("--args is no JSON, so the script gets it as a text, as in a comment.");
  }
  return args === undefined ? null : { given: args };
}

async function groundFor(
  repository: LocalRepository | null,
  profile: Profile,
  pull: number | null,
): Promise<Ground> {
  if (repository === null) return standInGround(profile, pull);
  const change = pull === null ? null : await repository.lastChange();
  return await realGround(repository.snapshot, change, pull);
}
