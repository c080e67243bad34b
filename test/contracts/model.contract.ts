// What every model is held to, whoever plays it.

import { describe, expect, it } from "vitest";

import { ModelError, type Model, type Turn, type TurnRequest } from "../../src/agent/model.ts";

/** What the provider does with the n-th request. */
export type Planned =
  | { kind: "turn"; turn: Turn }
  | { kind: "error"; error: "rate-limit" | "authentication" }
  | { kind: "hang" };

export interface OpenedModel extends AsyncDisposable {
  model: Model;
}

/** Runs the contract on models that answer by plan. */
export function modelContract(
  name: string,
  open: (plan: readonly Planned[]) => Promise<OpenedModel>,
): void {
  describe(`a model: ${name}`, () => {
    it("gives the text, the stop and the counts of a turn", async () => {
      const turn = textTurn("Größe: 3 Äpfel 🍏");
      await using opened = await open([{ kind: "turn", turn }]);
      expect(await opened.model.turn(request(), signal())).toEqual(turn);
    });

    it("gives tool calls in their order with their input as it was", async () => {
      const turn: Turn = {
        content: [
          { kind: "text", text: "I look." },
          { kind: "tool-use", id: "tool_1", name: "search", input: { pattern: 'a"b\\c\n→' } },
          { kind: "tool-use", id: "tool_2", name: "list_files", input: {} },
          { kind: "tool-use", id: "tool_3", name: "finish", input: { deep: [{ x: [1, null] }] } },
        ],
        stopReason: "tool-use",
        usage: usage(),
      };
      await using opened = await open([{ kind: "turn", turn }]);
      expect(await opened.model.turn(request(), signal())).toEqual(turn);
    });

    it.each(["max-tokens", "refusal", "pause"] as const)(
      "says that a turn ended by %s",
      async (stopReason) => {
        const turn: Turn = { ...textTurn("I"), stopReason };
        await using opened = await open([{ kind: "turn", turn }]);
        expect(await opened.model.turn(request(), signal())).toMatchObject({ stopReason });
      },
    );

    it("hands on blocks it does not understand and takes them back", async () => {
      const block = { type: "thinking", thinking: "hm", signature: "c2ln" };
      const first: Turn = {
        content: [
          { kind: "opaque", block },
          { kind: "tool-use", id: "tool_1", name: "list_files", input: {} },
        ],
        stopReason: "tool-use",
        usage: usage(),
      };
      await using opened = await open([
        { kind: "turn", turn: first },
        { kind: "turn", turn: textTurn("done") },
      ]);
      const said = await opened.model.turn(request(), signal());
      expect(said.content[0]).toEqual({ kind: "opaque", block });
      const next: TurnRequest = {
        ...request(),
        messages: [
          ...request().messages,
          { role: "assistant", content: said.content },
          {
            role: "user",
            content: [{ kind: "tool-result", id: "tool_1", text: "a.ts", isError: false }],
          },
        ],
      };
      expect(await opened.model.turn(next, signal())).toEqual(textTurn("done"));
    });

    it("keeps turns at the same time apart", async () => {
      const turns = [textTurn("first"), textTurn("second")];
      await using opened = await open(turns.map((turn) => ({ kind: "turn", turn })));
      const both = await Promise.all([
        opened.model.turn(request(), signal()),
        opened.model.turn(request(), signal()),
      ]);
      const said = both.map((turn) => JSON.stringify(turn.content)).sort();
      expect(said).toEqual(turns.map((turn) => JSON.stringify(turn.content)).sort());
    });

    it.each(["rate-limit", "authentication"] as const)(
      "rejects with a typed error: %s",
      async (error) => {
        await using opened = await open([{ kind: "error", error }]);
        const turn = opened.model.turn(request(), signal());
        await expect(turn).rejects.toBeInstanceOf(ModelError);
        await expect(turn).rejects.toMatchObject({
          kind: error,
          transient: error === "rate-limit",
        });
      },
    );

    it("does not begin a turn that is already unwanted", async () => {
      await using opened = await open([]);
      const reason = new Error("cancelled by a person");
      await expect(opened.model.turn(request(), AbortSignal.abort(reason))).rejects.toBe(reason);
    });

    it("ends an unwanted turn with the reason of the signal", async () => {
      await using opened = await open([{ kind: "hang" }]);
      const stop = new AbortController();
      const reason = new Error("the run was cancelled");
      const turn = opened.model.turn(request(), stop.signal);
      setTimeout(() => stop.abort(reason), 30);
      await expect(turn).rejects.toBe(reason);
    });
  });
}

function signal(): AbortSignal {
  return new AbortController().signal;
}

export function usage(): Turn["usage"] {
  return {
    inputTokens: 10,
    outputTokens: 20,
    cacheReadTokens: 3000,
    cacheWriteTokens: 400,
    costUsd: null,
  };
}

export function textTurn(text: string): Turn {
  return { content: [{ kind: "text", text }], stopReason: "end", usage: usage() };
}

export function request(): TurnRequest {
  return {
    model: "claude-sonnet-5-5",
    effort: null,
    system: "Role: worker",
    tools: [
      {
        name: "list_files",
        description: "Lists.",
        inputSchema: { type: "object", properties: {} },
      },
    ],
    messages: [{ role: "user", content: [{ kind: "text", text: "Do it." }] }],
    maxTokens: 4000,
  };
}
