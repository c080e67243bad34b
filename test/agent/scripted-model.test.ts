// The scripted model is a model, and remembers what it was asked.

import { expect, it } from "vitest";

import { ModelError, type Turn } from "../../src/agent/model.ts";
import { scriptedModel } from "../../src/outside/memory/model.ts";
import { modelContract, request, textTurn } from "../contracts/model.contract.ts";

modelContract("scripted", async (plan) => ({
  model: scriptedModel((_request, n): Promise<Turn | ModelError> => {
    const planned = plan[n];
    if (planned?.kind === "turn") return Promise.resolve(planned.turn);
    if (planned?.kind === "error") return Promise.resolve(new ModelError(planned.error, "planned"));
    return Promise.withResolvers<Turn>().promise;
  }),
  [Symbol.asyncDispose]: async () => {},
}));

it("keeps each request as it was when it came", async () => {
  const model = scriptedModel(() => textTurn("yes"));
  const asked = request();
  const messages = [...asked.messages];
  await model.turn({ ...asked, messages }, new AbortController().signal);
  messages.push({ role: "user", content: [{ kind: "text", text: "later" }] });
  expect(model.requests[0]?.messages).toHaveLength(1);
});
