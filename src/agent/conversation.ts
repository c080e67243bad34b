// One agent's conversation: what it is asked next, and what becomes of what it says.

import type { AgentFailure, AgentTask } from "./agent.ts";
import type { AnswerCheck } from "./answer.ts";
import { fenceTask } from "./fence.ts";
import type { Json, Message, Spoken, ToolUse, Turn, TurnRequest } from "./model.ts";
import { systemPrompt } from "./prompts.ts";
import * as say from "./sentences.ts";
import { ToolDesk } from "./tool-desk.ts";
import { toolsFor } from "./toolbox.ts";
import { FINISH, finishSpec } from "./tools/finish.ts";

/** What a turn led to. */
export type Verdict =
  | { kind: "go-on" }
  | { kind: "answered"; answer: Json }
  | { kind: "failed"; failure: AgentFailure; message: string };

type UserPart = Extract<Message, { role: "user" }>["content"][number];

/** Grows turn by turn; with a check, the answer must come through `finish` and pass it. */
export class Conversation {
  readonly #task: AgentTask;
  readonly #check: AnswerCheck | null;
  readonly #desk: ToolDesk;
  readonly #constant: Pick<TurnRequest, "system" | "tools">;
  readonly #messages: Message[];
  #misfits = 0;
  #silences = 0;
  #cuts = 0;

  constructor(task: AgentTask, check: AnswerCheck | null, seed: string) {
    const tools = toolsFor(task);
    this.#task = task;
    this.#check = check;
    this.#desk = new ToolDesk(tools);
    this.#constant = {
      system: systemPrompt(task),
      tools: [
        ...tools.map((tool) => tool.spec),
        ...(task.answer === null ? [] : [finishSpec(task.answer)]),
      ],
    };
    this.#messages = [
      { role: "user", content: [{ kind: "text", text: fenceTask(task.task, seed) }] },
    ];
  }

  request(): TurnRequest {
    const { model, effort, limits } = this.#task;
    return {
      model,
      effort,
      ...this.#constant,
      messages: this.#messages,
      maxTokens: limits.turnOutputTokens,
    };
  }

  /** Takes in a turn: runs its tool calls in order and prepares the next request. */
  async hear(turn: Turn): Promise<Verdict> {
    if (turn.stopReason === "refusal")
      return { kind: "failed", failure: "refusal", message: say.refused(textOf(turn.content)) };
    if (turn.stopReason === "max-tokens") return this.#hearCut(turn);
    this.#cuts = 0;
    this.#keep(turn.content);
    const calls = turn.content.filter((part) => part.kind === "tool-use");
    if (calls.length > 0) return this.#hearCalls(calls);
    return turn.stopReason === "pause" ? { kind: "go-on" } : this.#hearText(textOf(turn.content));
  }

  // Half a call must not be made and half a thought is refused by the provider: only the words stay.
  #hearCut(turn: Turn): Verdict {
    const { turnOutputTokens } = this.#task.limits;
    this.#cuts += 1;
    if (this.#cuts > 1)
      return {
        kind: "failed",
        failure: "output-too-long",
        message: say.twiceTooLong(turnOutputTokens),
      };
    this.#keep(turn.content.filter((part) => part.kind === "text" && part.text.trim() !== ""));
    return this.#reply([{ kind: "text", text: say.wasCut(turnOutputTokens) }]);
  }

  #hearText(text: string): Verdict {
    if (this.#check !== null)
      return (
        this.#misfit("no-answer", say.noFinish(text)) ??
        this.#reply([{ kind: "text", text: say.callFinish }])
      );
    if (text !== "") return { kind: "answered", answer: text };
    this.#silences += 1;
    return this.#silences > 1
      ? { kind: "failed", failure: "no-answer", message: say.endedSilent }
      : this.#reply([{ kind: "text", text: say.saySomething }]);
  }

  // finish is judged last, wherever it stands: an answer must know how the calls beside it went.
  async #hearCalls(calls: readonly ToolUse[]): Promise<Verdict> {
    const { work, finishes } = this.#sort(calls);
    const done = await this.#desk.run(work);
    if (done.kind === "stuck") return { kind: "failed", failure: "stuck", message: done.message };
    const parts: UserPart[] = [...done.results];
    const failed = done.results.some((result) => result.isError);
    for (const call of finishes) {
      const verdict = failed ? say.finishTooEarly : this.#finish(call);
      if (typeof verdict !== "string") return verdict;
      parts.push({ kind: "tool-result", id: call.id, text: verdict, isError: true });
    }
    return this.#reply([...parts, ...done.nudges.map((text) => ({ kind: "text" as const, text }))]);
  }

  #sort(calls: readonly ToolUse[]): { work: ToolUse[]; finishes: ToolUse[] } {
    const isFinish = (call: ToolUse): boolean => this.#check !== null && call.name === FINISH;
    return {
      work: calls.filter((call) => !isFinish(call)),
      finishes: calls.filter(isFinish),
    };
  }

  /** The end, or the sentence that goes back. */
  #finish(call: ToolUse): Verdict | string {
    const checked =
      call.unreadable === undefined
        ? (this.#check?.(call.input) ?? { fits: true })
        : { fits: false as const, why: call.unreadable };
    if (checked.fits) return { kind: "answered", answer: call.input };
    return this.#misfit("answer-does-not-fit", checked.why) ?? say.answerNotTaken(checked.why);
  }

  /** An answer that does not fit, or none where one was due: both use up an attempt. */
  #misfit(failure: AgentFailure, why: string): Verdict | null {
    this.#misfits += 1;
    return this.#misfits < this.#task.limits.answerAttempts
      ? null
      : { kind: "failed", failure, message: say.attemptsUsedUp(this.#misfits, why) };
  }

  #reply(content: UserPart[]): Verdict {
    this.#messages.push({ role: "user", content });
    return { kind: "go-on" };
  }

  #keep(content: Spoken[]): void {
    if (content.length > 0) this.#messages.push({ role: "assistant", content });
  }
}

function textOf(content: readonly Spoken[]): string {
  return content
    .flatMap((part) => (part.kind === "text" ? [part.text] : []))
    .join("")
    .trim();
}
