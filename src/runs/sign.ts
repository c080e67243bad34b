// Makes the commits of the final line by GitHub as the App, so that they are Verified, without the workers' skip marks.

import { z } from "zod";

import type { Json } from "../engine/json.ts";
import type { Oid } from "../repo/git-data.ts";
import { commitMessage } from "../steps/message.ts";
import type { Clock } from "../world/clock.ts";
import type { Forge } from "../world/forge.ts";
import { FinalLine } from "./final-line.ts";
import type { LiveRun } from "./live.ts";
import type { Publications } from "./publications.ts";
import { harmless } from "./render/harmless.ts";
import { counted, firstLine, inline } from "./render/text.ts";

const SIGNED_STEP = "finish:signed";
const TITLE_CHARS = 72;

const Signed = z.object({
  head: z.string(),
  commits: z.int(),
  verified: z.int(),
  /** Each of them, in the order of the line. Journals of before they were kept have none. */
  shas: z.array(z.string()).default([]),
  /** Journals of before a line could be put on another commit have none. */
  line: FinalLine.nullable().default(null),
});
export type Signed = z.infer<typeof Signed>;

/** The signed commits of an earlier process: from then on no push touches the run's own branch. */
export function signedOf(run: LiveRun): Signed | null {
  const entry = run
    .entries()
    .find(({ step, kind }) => kind === "call-ended" && step === SIGNED_STEP);
  if (entry?.kind !== "call-ended" || entry.outcome?.ok !== true) return null;
  return Signed.parse(entry.outcome.value);
}

/** A single commit of everything. */
export function squashed(line: FinalLine): FinalLine {
  const last = line.steps.at(-1);
  if (last === undefined) return line;
  const changes = [...new Set(line.steps.flatMap((step) => step.changes))];
  return { ...line, steps: [{ changes, tree: last.tree }] };
}

export interface Signing {
  run: LiveRun;
  publications: Publications;
  line: FinalLine;
  /** Of the pull request, for a commit that is all of it. */
  title: string;
  attempt: <T>(work: () => Promise<T>) => Promise<T>;
}

/** One commit a step. The trees are git's own, so every file keeps its mode. */
export async function sign(
  { forge, clock }: { forge: Forge; clock: Clock },
  signing: Signing,
): Promise<Signed> {
  const { run, line, attempt } = signing;
  let parent: Oid = line.on;
  let verified = 0;
  const shas: Oid[] = [];
  for (const step of line.steps) {
    const message = messageOf(signing, step.changes);
    const parents = [parent];
    const made = await attempt(() => forge.createCommit({ message, tree: step.tree, parents }));
    parent = made.sha;
    shas.push(made.sha);
    verified += made.verified ? 1 : 0;
  }
  const signed = { head: parent, commits: line.steps.length, verified, shas, line };
  // In the journal before anything points at it: a crash from here on moves to the same commits.
  await run.append([
    {
      v: 1,
      kind: "call-ended",
      key: SIGNED_STEP,
      step: SIGNED_STEP,
      outcome: { ok: true, value: signed satisfies Json },
      at: clock.now(),
    },
  ]);
  return signed;
}

function messageOf(
  { run, publications, line, title }: Signing,
  changes: readonly string[],
): string {
  const { id, requester } = run.record();
  const known = changes.flatMap((change) => publications.ledger.changes.get(change) ?? []);
  const [only] = known;
  const facts = { run: id, requester, workers: changes, skipCi: false };
  if (changes.length === 1) {
    const said = only?.summary ?? "";
    return commitMessage({
      ...facts,
      title: inline(said === "" ? (changes[0] ?? "") : said, TITLE_CHARS),
      body: harmless(said),
    });
  }
  const whole = line.steps.length === 1 ? title : `Fold in ${counted(changes.length, "change")}`;
  const list = known.map(({ label, summary }) => `- ${label}: ${firstLine(summary)}`).join("\n");
  return commitMessage({ ...facts, title: inline(whole, TITLE_CHARS), body: harmless(list) });
}
