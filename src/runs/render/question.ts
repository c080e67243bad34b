// A question to people, as it stands in the thread. Pure.

import { questionMarker } from "../names.ts";
import type { QuestionRecord, RunRecord } from "../record.ts";
import { harmless } from "./harmless.ts";
import { code, cut, inline, moment, paragraphs } from "./text.ts";

const TEXT_CHARS_MAX = 8_000;

export function renderQuestion(run: Pick<RunRecord, "id">, question: QuestionRecord): string {
  return paragraphs(
    questionMarker(run.id, question.id),
    `### ${headingOf(question)}`,
    quoted(cut(harmless(question.text), TEXT_CHARS_MAX)),
    footerOf(run, question),
  );
}

/** One line for lists of what a run waits for. */
export const questionLine = ({ id, text, url }: QuestionRecord): string =>
  `${url === null ? code(id) : `[${code(id)}](${url})`}: ${inline(text, 120)}`;

function headingOf({ id, decision }: QuestionRecord): string {
  if (decision === null) return `✋ Question ${code(id)}: the run waits for a decision`;
  if (decision.by === null) return `⌛ Question ${code(id)}: expired, counts as not approved`;
  return `${decision.approved ? "✅ Approved" : "❌ Rejected"} by ${decision.by}: question ${code(id)}`;
}

function footerOf({ id: run }: Pick<RunRecord, "id">, question: QuestionRecord): string {
  const { id, decision, expiresAt } = question;
  if (decision !== null)
    return decision.by === null || decision.comment === ""
      ? `<sub>run ${code(run)}</sub>`
      : `They say: ${inline(decision.comment, 1_000)}\n\n<sub>run ${code(run)}</sub>`;
  return `${code(`/workflow approve ${id}`)} or ${code(`/workflow reject ${id}`)}, with words behind it if you like; someone with **write** may decide. Until ${moment(expiresAt)}; without a decision it counts as not approved.\n\n<sub>run ${code(run)} holds nothing while it waits</sub>`;
}

const quoted = (text: string): string =>
  text
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");
