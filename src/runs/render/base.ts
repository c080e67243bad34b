// What became of the branch that a run was built upon, in words for the thread and the pull request. Pure.

import type { BaseNow } from "../final-line.ts";
import type { RunRecord } from "../record.ts";
import { code, counted } from "./text.ts";

const PATHS_SHOWN = 10;

type Moved = Exclude<BaseNow, { kind: "unmoved" | "gone" }>;

/** What the commit is the newest one of: a branch, or the head of a fork's pull request. */
export const baseName = (base: RunRecord["base"]): string =>
  base?.fork === undefined ? (base?.branch ?? "") : `#${base.fork}`;

/** Null while there is nothing to say: it stands where it stood. */
export function renderBase({ base }: Pick<RunRecord, "base">, now: BaseNow): string | null {
  if (base === null || now.kind === "unmoved" || now.kind === "gone") return null;
  const [from, to] = [base.commit, now.to].map((commit) => code(commit.slice(0, 12)));
  const what = now.isRewritten ? "**was rewritten** (a forced push)" : "moved";
  return `${code(base.branch)} ${what} from ${from} to ${to} meanwhile${consequence(now, base.branch)}`;
}

function consequence(now: Moved, branch: string): string {
  switch (now.kind) {
    case "holds-all":
      return ", and holds all of this already.";
    case "on-top": {
      const met =
        now.met.all === 0
          ? "no file was touched by both sides"
          : `${counted(now.met.all, "file")} touched by both sides, united by git: ${listed(now.met)}`;
      return `; everything was **folded on top** of it, ${met}. Reviews saw it as it was before.`;
    }
    case "stays":
      return `. This still stands on the older commit, ${reasons[now.why](now)}. ${advice(now, branch)}`;
  }
}

type Stays = Extract<BaseNow, { kind: "stays" }>;

const reasons = {
  conflicts: ({ paths }) => `since both sides **conflict** in ${listed(paths)}`,
  protected: ({ paths }) =>
    `since on top of it ${listed(paths)} would change, which only people may change`,
  "push-refused": () => "since GitHub refused to take it on top of the newer one",
} as const satisfies Record<Stays["why"], (now: Stays) => string>;

function advice({ isRewritten }: Stays, branch: string): string {
  const dropped = isRewritten
    ? `Its list of commits also shows those that were taken out of ${code(branch)}: do not merge it as it is. `
    : "";
  return `${dropped}Merge ${code(branch)} into it by hand, or post the command again for a run on today's ${code(branch)}.`;
}

function listed({ shown, all }: { shown: readonly string[]; all: number }): string {
  const some = shown.slice(0, PATHS_SHOWN);
  const more = all > some.length ? [`${all - some.length} more`] : [];
  return [...some.map(code), ...more].join(", ");
}
