// Runs the tool calls of a turn in order and notices an agent that knocks at a closed door.

import type { ToolResult, ToolUse } from "./model.ts";
import * as say from "./sentences.ts";
import type { Tool, ToolAnswer } from "./tool.ts";

/** The same failing call this often brings a hint; once more ends the agent. */
const SAME_FAILURES = 3;

export type Done =
  | { kind: "done"; results: ToolResult[]; nudges: string[] }
  | { kind: "stuck"; message: string };

export class ToolDesk {
  readonly #tools: ReadonlyMap<string, Tool>;
  /** How often each failing call was made, by name and input. */
  readonly #failures = new Map<string, number>();

  constructor(tools: readonly Tool[]) {
    this.#tools = new Map(tools.map((tool) => [tool.spec.name, tool]));
  }

  async run(calls: readonly ToolUse[]): Promise<Done> {
    const results: ToolResult[] = [];
    const nudges: string[] = [];
    for (const call of calls) {
      const answer = await this.#answer(call);
      const times = this.#noteFailure(call, answer);
      if (times > SAME_FAILURES) return { kind: "stuck", message: say.stuck(call, answer.text) };
      if (times === SAME_FAILURES) nudges.push(say.changeCourse(call.name));
      results.push({ kind: "tool-result", id: call.id, ...answer });
    }
    return { kind: "done", results, nudges };
  }

  async #answer(call: ToolUse): Promise<ToolAnswer> {
    if (call.unreadable !== undefined)
      return { text: say.unreadable(call.name, call.unreadable), isError: true };
    const tool = this.#tools.get(call.name);
    if (tool !== undefined) return tool.run(call.input);
    return { text: say.unknownTool(call.name, [...this.#tools.keys()]), isError: true };
  }

  #noteFailure(call: ToolUse, answer: ToolAnswer): number {
    const key = JSON.stringify([call.name, call.input]);
    if (!answer.isError) {
      this.#failures.delete(key);
      return 0;
    }
    const times = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, times);
    return times;
  }
}
