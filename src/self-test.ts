// Attacks on our own guards before anything is heard: a guard that does not hold keeps the bot from starting.

import { parseComment } from "./command/parse.ts";
import { CannotStart } from "./open-data.ts";
import { createRedaction } from "./outgoing/secrets.ts";
import { checkPath } from "./repo/path-gate.ts";
import { isProtected } from "./repo/protected-paths.ts";
import { harmless } from "./runs/render/harmless.ts";
import { openSeal } from "./runs/seal.ts";

/** Guards by what they keep from happening; each says whether it held against an attack that nobody has to look for. */
export type Guards = Readonly<Record<string, () => boolean>>;

export const guards: Guards = {
  "commands in quotes and code stay words": () =>
    ["> /workflow off", "`/workflow off`", "```\n/workflow off\n```"].every(
      (comment) => parseComment(comment).kind === "nothing",
    ),
  "words of models call nobody and lead nowhere": () =>
    ["@nobody", "Fixes #1", "<img src=x>", "[x](https://example.invalid)", "/merge"].every(
      (text) => harmless(text) !== text,
    ),
  "secrets are taken out of what is said": () =>
    [`ghs_${"A".repeat(36)}`, "the-value-of-a-secret"].every(
      (text) => !createRedaction(["the-value-of-a-secret"])(`It is ${text}.`).includes(text),
    ),
  "paths stay within the repository": () =>
    ["../x", "/etc/passwd", ".git/config"].every((path) => isRefused(() => checkPath(path))),
  "workflows and agents' rules are protected": () =>
    [".github/workflows/ci.yml", "CLAUDE.md"].every((path) => isProtected(path)),
  "what was sealed opens for its own run alone": () => {
    const sealed = openSeal("a secret of the self-test, long enough", "one").seal(
      "name",
      Buffer.from("x"),
    );
    return isRefused(() =>
      openSeal("a secret of the self-test, long enough", "two").open("name", sealed),
    );
  },
};

function isRefused(act: () => unknown): boolean {
  try {
    act();
    return false;
  } catch {
    return true;
  }
}

/** @throws {CannotStart} naming every guard that failed, or threw. */
export function testGuards(all: Guards): void {
  const failed = Object.entries(all).filter(([, holds]) => !isHeld(holds));
  if (failed.length === 0) return;
  const names = failed.map(([name]) => name).join("; ");
  throw new CannotStart(
    `A guard of this version does not hold (${names}), so nothing was started. Install a released version again; a changed one needs its tests: npm test.`,
  );
}

function isHeld(holds: () => boolean): boolean {
  try {
    return holds();
  } catch {
    return false;
  }
}
