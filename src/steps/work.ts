// One agent over an overlay, and the commit of what it edited: what `agent`, `change` and `revise` share.

import type { AgentEnd, TaskPart } from "../agent/agent.ts";
import type { Json } from "../agent/model.ts";
import type { Call } from "../engine/call.ts";
import { StepFailed } from "../engine/errors.ts";
import type { Edit, Oid } from "../repo/git-data.ts";
import { isProtected } from "../repo/protected-paths.ts";
import { branchOf, slug } from "../repo/refs.ts";
import type { ModelChoice, RunContext } from "./context.ts";
import { commitMessage } from "./message.ts";
import { receiptOf } from "./receipt.ts";
import type { AgentReceipt, ChangeRecord } from "./records.ts";
import { trackReads } from "./track-reads.ts";

export interface Work {
  call: Call;
  /** Commit the worker starts from. */
  from: Oid;
  parts: readonly TaskPart[];
  extraSystem?: string;
  editable: boolean;
  answer: { [key: string]: Json } | null;
  choice: ModelChoice;
}

export interface Worked {
  end: AgentEnd;
  receipt: AgentReceipt;
  read: string[];
  /** Null when nothing differs from where the worker began. */
  commit: ((summary: string) => Promise<Oid>) | null;
}

/** Runs one worker; its edits stay in memory until `commit` is called. */
export async function work(context: RunContext, task: Work, signal: AbortSignal): Promise<Worked> {
  const { mirror } = context;
  const snapshot = await mirror.snapshot(task.from);
  const overlay = mirror.overlay(snapshot);
  const tracked = task.editable ? trackReads(overlay) : trackReads(snapshot);
  const label = task.call.label ?? task.call.step;
  const end = await context.agents.run(
    {
      role: "worker",
      task: task.parts,
      ...(task.extraSystem === undefined ? {} : { extraSystem: task.extraSystem }),
      files:
        "edits" in tracked.files
          ? { kind: "editable", overlay: tracked.files }
          : { kind: "read-only", from: tracked.files },
      answer: task.answer,
      model: task.choice.id,
      effort: task.choice.effort,
      limits: context.limits.agent,
    },
    { call: task.call, index: 0, label },
    signal,
  );
  const receipt = receiptOf(end, { role: "worker", label, model: task.choice.id });
  const edits = task.editable && end.kind === "answered" ? await overlay.edits() : [];
  refuseProtected(edits);
  const worker = workerIdOf(task.call);
  const commit = async (summary: string): Promise<Oid> => {
    const { run } = context;
    const title = summary.trim().split("\n", 1)[0] ?? label;
    const message = commitMessage({
      run: run.id,
      requester: run.requester,
      worker,
      title,
      body: summary,
      skipCi: true,
    });
    const head = await mirror.commit({
      parent: task.from,
      edits,
      message,
      author: run.author,
      at: context.now(),
    });
    await mirror.keep(`${run.id}/${worker}`, head);
    return head;
  };
  return { end, receipt, read: tracked.read(), commit: edits.length > 0 ? commit : null };
}

/** The tools refuse these paths already; nothing that slipped past them may become a commit. */
function refuseProtected(edits: readonly Edit[]): void {
  const touched = edits.map(({ path }) => path).filter(isProtected);
  if (touched.length === 0) return;
  throw new StepFailed(
    `The worker touched ${touched.join(", ")}, which only people may change. Nothing of it was kept.`,
  );
}

/** Name of the worker of a call: readable, and the same whenever the call is performed again. */
export function workerIdOf(call: Call): string {
  const [digest = "", occurrence = "1"] = call.key.split(".");
  const again = occurrence === "1" ? "" : `-${occurrence}`;
  return `${slug(call.label ?? call.step)}-${digest.slice(0, 6)}${again}`;
}

/** The change between two commits, as the house keeps it. */
export async function describeChange(
  { mirror, run }: RunContext,
  change: Pick<ChangeRecord, "id" | "base" | "head" | "label" | "requirement" | "summary">,
): Promise<ChangeRecord> {
  const files = await mirror.diff(change.base, change.head);
  return {
    ...change,
    branch: branchOf(run.id, change.id),
    files: files.map(({ path, additions, deletions }) => ({ path, additions, deletions })),
  };
}

/** A change as a script sees it. */
export function changeValue(change: ChangeRecord, result: Json): { [key: string]: Json } {
  const sum = (pick: (file: ChangeRecord["files"][number]) => number): number =>
    change.files.reduce((total, file) => total + pick(file), 0);
  return {
    id: change.id,
    branch: change.branch,
    head: change.head,
    files: change.files.map(({ path }) => path),
    additions: sum(({ additions }) => additions),
    deletions: sum(({ deletions }) => deletions),
    summary: change.summary,
    result,
  };
}
