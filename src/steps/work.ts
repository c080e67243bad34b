// One agent over an overlay, and the commit of what it edited: what `agent`, `change` and `revise` share.

import type { AgentEnd, TaskPart } from "../agent/agent.ts";
import type { Json } from "../agent/model.ts";
import type { Call } from "../engine/call.ts";
import type { Edit, Oid } from "../repo/git-data.ts";
import { mayEdit } from "./agent-types/agent-type.ts";
import type { RunContext } from "./context.ts";
import { workerIdOf } from "./made-change.ts";
import { commitMessage } from "./message.ts";
import { type AddedSecret, addedSecrets } from "./added-secrets.ts";
import { receiptOf } from "./receipt.ts";
import type { AgentReceipt } from "./records.ts";
import { type Staff, staffed } from "./staff.ts";
import { trackReads } from "./track-reads.ts";

export interface Work {
  call: Call;
  /** Commit the worker starts from. */
  from: Oid;
  parts: readonly TaskPart[];
  answer: { [key: string]: Json } | null;
  staff: Staff;
}

export interface Worked {
  end: AgentEnd;
  receipt: AgentReceipt;
  read: string[];
  /** Null when nothing differs from where the worker began. */
  commit: ((summary: string) => Promise<Oid>) | null;
}

const PLACES_NAMED_MAX = 5;

/** Runs one worker; its edits stay in memory until `commit` is called. */
export async function work(context: RunContext, task: Work, signal: AbortSignal): Promise<Worked> {
  const { type, choice } = task.staff;
  const snapshot = await context.mirror.snapshot(task.from);
  const overlay = context.mirror.overlay(snapshot);
  const tracked = mayEdit(type) ? trackReads(overlay) : trackReads(snapshot);
  const label = task.call.label ?? task.call.step;
  const ended = await context.agents.run(
    {
      role: "worker",
      task: [...(type.readsConventions ? await context.conventions() : []), ...task.parts],
      ...staffed(task.staff),
      files:
        "edits" in tracked.files
          ? { kind: "editable", overlay: tracked.files, isProtected: context.isProtected }
          : { kind: "read-only", from: tracked.files },
      answer: task.answer,
      limits: context.limits.agent,
    },
    { call: task.call, index: 0, label },
    signal,
  );
  const edits = ended.kind === "answered" ? await overlay.edits() : [];
  const touched = edits.map(({ path }) => path).filter(context.isProtected);
  const end = refuseSecrets(refuseProtected(ended, touched), await addedSecrets(snapshot, edits));
  if (end !== ended && end.kind === "failed")
    context.emit({ kind: "logged", message: `${label}: ${end.message}` });
  return {
    end,
    receipt: receiptOf(end, { role: "worker", label, model: choice.id }),
    read: tracked.read(),
    commit:
      end.kind === "answered" && edits.length > 0
        ? (summary) => commitEdits(context, { task, edits, label, summary })
        : null,
  };
}

/**
 * The tools refuse these paths already; nothing that slipped past them may become a commit. The agent has ended and was
 * paid for, so this is how it ended.
 */
function refuseProtected(end: AgentEnd, touched: readonly string[]): AgentEnd {
  if (touched.length === 0) return end;
  const { usage, turns } = end;
  const message = `It touched ${touched.join(", ")}, which only people may change. Nothing of it was kept.`;
  return { kind: "failed", failure: "protected-paths", message, usage, turns };
}

/** On no branch, not even for a moment: what was pushed once can be read for ever. */
function refuseSecrets(end: AgentEnd, secrets: readonly AddedSecret[]): AgentEnd {
  if (secrets.length === 0 || end.kind === "failed") return end;
  const { usage, turns } = end;
  const places = secrets.slice(0, PLACES_NAMED_MAX).map(({ path, line }) => `${path}:${line}`);
  const more = secrets.length - places.length;
  const where = `${places.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  const message = `It adds what looks like a secret (${where}). Nothing of it was kept, and the value is shown nowhere. Have the file name where the value is kept instead of holding it.`;
  return { kind: "failed", failure: "secrets", message, usage, turns };
}

async function commitEdits(
  { mirror, run, now }: RunContext,
  {
    task,
    edits,
    label,
    summary,
  }: { task: Work; edits: readonly Edit[]; label: string; summary: string },
): Promise<Oid> {
  const worker = workerIdOf(task.call);
  const message = commitMessage({
    run: run.id,
    requester: run.requester,
    workers: [worker],
    title: summary.trim().split("\n", 1)[0] ?? label,
    body: summary,
    skipCi: true,
  });
  const head = await mirror.commit({
    parent: task.from,
    edits,
    message,
    author: run.author,
    at: now(),
  });
  await mirror.keep(`${run.id}/${worker}`, head);
  return head;
}
