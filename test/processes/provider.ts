// The provider of the killed bots: over HTTP what the simulated worlds hear, so that the same question has the same answer.

import { z } from "zod";

import type { TurnRequest } from "../../src/agent/model.ts";
import { blocksOf, type MessagesRequest } from "../../src/local/model/protocol.ts";
import type { ReplyBlock } from "../../src/local/model/reply.ts";
import { type ModelServer, startModelServer } from "../../src/local/model/server.ts";
import { answer } from "../simulation/model.ts";

/** Of the reviewers' opinions. */
const SEED = 1;

const Schema = z.record(z.string(), z.json());

/** It takes its time for an answer, so that a kill may meet one on its way. */
export const startProvider = (latencyMs = 150): Promise<ModelServer> =>
  startModelServer({
    latencyMs,
    answer: ({ body }) => {
      const { turn } = answer(requestOf(body), SEED, { isClumsy: false, isLeaky: false });
      const content = turn.content.flatMap((said): ReplyBlock[] =>
        said.kind === "tool-use"
          ? [{ type: "tool_use", name: said.name, input: Schema.parse(said.input) }]
          : [],
      );
      return { kind: "message", content };
    },
  });

/** As much of it as the answers depend on. */
function requestOf({ model, system, messages, tools = [] }: MessagesRequest): TurnRequest {
  const words =
    typeof system === "string" ? system : (system ?? []).map(({ text }) => text).join("");
  return {
    model,
    effort: null,
    system: words,
    tools: tools.map(({ name, description = "", input_schema: schema }) => ({
      name,
      description,
      inputSchema: Schema.parse(schema),
    })),
    messages: messages.map((message) =>
      message.role === "assistant"
        ? { role: "assistant", content: [] }
        : {
            role: "user",
            content: blocksOf(message).flatMap((block) =>
              block.type === "text" ? [{ kind: "text" as const, text: block.text }] : [],
            ),
          },
    ),
    maxTokens: 1_000,
  };
}
