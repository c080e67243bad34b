// Plays one agent against the demo's brain: the conversation, the tools over files in memory, until it finishes.

import { demoAnswer } from "../../../src/local/model/brain.ts";
import { MessagesRequest } from "../../../src/local/model/protocol.ts";
import type { Json, JsonObject } from "../../../src/local/model/reply.ts";

export type Files = Map<string, string>;

export interface AgentOptions {
  role: "worker" | "reviewer" | "synthesizer" | "author";
  /** Strings are instructions, pairs are data blocks. */
  task: readonly (string | readonly [title: string, text: string])[];
  files: Files;
  editable?: boolean;
  /** Schema of `finish`; left out: no such tool. */
  answer?: JsonObject;
}

export interface Played {
  answer: Json;
  turns: number;
  calls: { name: string; input: JsonObject; isError: boolean }[];
}

const READING = ["list_files", "read_file", "search"];
const EDITING = ["edit_file", "write_file", "delete_file"];

/** Every request carries the whole conversation, through the same schema the server uses. */
export function playAgent(options: AgentOptions): Played {
  const messages: unknown[] = [{ role: "user", content: taskText(options.task) }];
  const calls: Played["calls"] = [];
  for (let turn = 0; turn < 40; turn++) {
    const body = MessagesRequest.parse({
      model: "test",
      max_tokens: 1000,
      system: `Role: ${options.role}\n\nWords.`,
      tools: toolsFor(options),
      messages,
    });
    const reply = demoAnswer({ body, headers: {}, n: turn });
    if (reply.kind === "error") throw new Error(reply.message);
    const uses = reply.content.flatMap((block) => (block.type === "tool_use" ? [block] : []));
    const finish = uses.find((use) => use.name === "finish");
    if (finish) return { answer: finish.input, turns: turn + 1, calls };
    if (uses.length === 0) {
      const text = reply.content.flatMap((block) => (block.type === "text" ? [block.text] : []));
      return { answer: text.join(""), turns: turn + 1, calls };
    }
    const marked = uses.map((use, index) => ({ ...use, id: `toolu_${turn}_${index}` }));
    messages.push({ role: "assistant", content: marked });
    const results = marked.map((use) => ({ use, result: perform(options.files, use) }));
    calls.push(
      ...results.map(({ use, result }) => ({
        name: use.name,
        input: use.input,
        isError: result.isError,
      })),
    );
    messages.push({
      role: "user",
      content: results.map(({ use, result }) => ({
        type: "tool_result",
        tool_use_id: use.id,
        content: result.text,
        is_error: result.isError,
      })),
    });
  }
  throw new Error("The agent did not finish in 40 turns.");
}

function taskText(task: AgentOptions["task"]): string {
  return task
    .map((part) =>
      typeof part === "string"
        ? part
        : `<data title="${part[0]}" id="0123abcd">\n${JSON.stringify(part[1])}\n</data>`,
    )
    .join("\n\n");
}

function toolsFor({ editable = false, answer }: AgentOptions): unknown[] {
  const names = editable ? [...READING, ...EDITING] : READING;
  const tools = names.map((name) => ({
    name,
    description: name,
    input_schema: { type: "object" },
  }));
  return answer
    ? [...tools, { name: "finish", description: "finish", input_schema: answer }]
    : tools;
}

interface Use {
  name: string;
  input: JsonObject;
}

function perform(files: Files, { name, input }: Use): { text: string; isError: boolean } {
  const path = textOf(input["path"]);
  const text = files.get(path);
  if (name === "list_files") return fine([...files.keys()].sort().join("\n"));
  if (text === undefined) return { text: `There is no file ${path}.`, isError: true };
  if (name === "read_file") return fine(numbered(text, Number(input["from_line"] ?? 1)));
  if (name !== "edit_file") return { text: `No tool ${name}.`, isError: true };
  const find = textOf(input["find"]);
  const count = text.split(find).length - 1;
  if (count !== 1) return { text: `${path} holds it ${count} times, not once.`, isError: true };
  files.set(
    path,
    text.replace(find, () => textOf(input["replace"])),
  );
  return fine("Replaced one place.");
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function fine(text: string): { text: string; isError: boolean } {
  return { text, isError: false };
}

const PAGE_LINES = 30;

/** Pages of thirty lines, so that reading on is always part of the test. */
function numbered(text: string, from: number): string {
  const lines = text.replace(/\n$/, "").split("\n");
  const shown = lines.slice(from - 1, from - 1 + PAGE_LINES);
  const rows = shown.map((line, index) => `${String(from + index).padStart(6)}\t${line}`);
  const last = from - 1 + shown.length;
  return last < lines.length
    ? `${rows.join("\n")}\n[Cut at line ${last} of ${lines.length}. Read on with from_line ${last + 1}.]`
    : rows.join("\n");
}
