// The repository and the agents of the run whose requests are counted: each writer writes a file, each reviewer finds one thing.

import type { Json, Model, TurnRequest } from "../../src/agent/model.ts";
import { scriptedModel } from "../../src/outside/memory/model.ts";

/** A saved workflow of so many writers, none of whom gets a pull request of its own. */
export function contentFiles(writers: number): Record<string, string> {
  return {
    "README.md": "numbers\n",
    ".github/fanfold.yml": "workerPulls: 0\napproval:\n  trusted: [count-up]\n",
    ".claude/workflows/count-up.js": `export const meta = { name: 'count-up', description: 'Many changes' }
const made = await parallel(Array.from({ length: ${writers} }, (_, n) => async () => {
  const one = await change('Write the number ' + n, { label: 'number ' + n })
  await review(one, { reviewers: 1, lenses: ['correctness'] })
  return one
}))
return (await combine(made)).combined.length
`,
  };
}

export function contentModel(): Model {
  return scriptedModel((request, call) => {
    const { name, input } = act(request);
    const id = `call-${call}`;
    const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 };
    return {
      content: [{ kind: "tool-use", id, name, input }],
      stopReason: "tool-use",
      usage: { ...usage, costUsd: 0 },
    };
  });
}

function act({ system, messages }: TurnRequest): { name: string; input: Json } {
  const told = JSON.stringify(messages[0]?.content ?? []);
  const number = /the number (\d+)/.exec(told)?.[1] ?? "0";
  const path = `n${number}.txt`;
  const finish = (input: Json) => ({ name: "finish", input });
  switch (/^Role: (\w+)/.exec(system)?.[1] ?? "") {
    case "worker":
      return messages.length > 1
        ? finish({ summary: `Write ${number}` })
        : { name: "write_file", input: { path, content: `${number}\n` } };
    case "reviewer": {
      const words = { title: "A word", claim: "A word would be nicer.", evidence: number };
      const finding = { path, line: 1, severity: "nit", ...words };
      return finish({ verdict: "accept", findings: [finding] });
    }
    default:
      return finish({ title: "Count up", summary: "All numbers are written.", risks: "None." });
  }
}
