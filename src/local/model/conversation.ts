// Reads a conversation as the roles need it: the task with its data blocks, the tools on offer, the answers so far.

import { z } from "zod";

import { blocksOf, type MessagesRequest } from "./protocol.ts";
import { placesIn, type Place } from "./places.ts";
import type { ToolAnswer } from "./play.ts";
import { roleOf, systemText, type PlayedRole } from "./record.ts";
import type { JsonObject } from "./reply.ts";

export interface DataBlock {
  title: string;
  text: string;
}

export interface Conversation {
  role: PlayedRole;
  /** What the product itself says, data blocks taken out. */
  instructions: string;
  data: readonly DataBlock[];
  /** Tools on offer by name, with their input schemas. */
  tools: ReadonlyMap<string, JsonObject>;
  /** Answers to the calls of each turn so far, calls of `finish` left out. */
  answers: readonly (readonly ToolAnswer[])[];
  /** How often `finish` was called and refused. */
  refusedAnswers: number;
}

const JsonSchema = z.record(z.string(), z.json());

const DATA_BLOCK = /<data\s+title="([^"]*)"[^>]*>\s*([\s\S]*?)\s*<\/data[^>]*>/g;

/** What the repository asks of everybody: the files it names are no part of a task. */
const HOUSE_RULES = "CLAUDE.md";

/** Everything a role knows; nothing is remembered between requests. */
export function readConversation(request: MessagesRequest): Conversation {
  const task = taskText(request);
  const turns = turnsOf(request);
  return {
    role: roleOf(systemText(request)),
    instructions: task.replace(DATA_BLOCK, "").trim(),
    data: Array.from(task.matchAll(DATA_BLOCK), ([, title = "", body = ""]) => ({
      title: unescapeTitle(title),
      text: plainText(body),
    })).filter(({ title }) => title !== HOUSE_RULES),
    tools: new Map(
      (request.tools ?? []).map((tool) => [tool.name, JsonSchema.parse(tool.input_schema)]),
    ),
    answers: turns.filter((turn) => !turn.finished).map((turn) => turn.answers),
    refusedAnswers: turns.filter((turn) => turn.finished).length,
  };
}

/** The text of the first data block whose title fits, or null. */
export function dataNamed(conversation: Conversation, title: RegExp): string | null {
  return conversation.data.find((block) => title.test(block.title))?.text ?? null;
}

/** Instructions and data as one text, for roles that look for places in either. */
export function wholeTask(conversation: Conversation): string {
  return [
    conversation.instructions,
    ...conversation.data.map((block) => `${block.title}\n${block.text}`),
  ].join("\n\n");
}

/** Every place the task names, in its instructions or in its data. */
export function taskPlaces(conversation: Conversation): Place[] {
  return [conversation.instructions, ...conversation.data.map(({ text }) => text)].flatMap(
    placesIn,
  );
}

function taskText(request: MessagesRequest): string {
  const reply = request.messages.findIndex((message) => message.role === "assistant");
  const before = reply === -1 ? request.messages : request.messages.slice(0, reply);
  return before
    .flatMap(blocksOf)
    .flatMap((block) => (block.type === "text" ? [block["text"]] : []))
    .join("\n\n");
}

interface Turn {
  finished: boolean;
  answers: ToolAnswer[];
}

function turnsOf(request: MessagesRequest): Turn[] {
  const results = new Map<string, ToolAnswer>();
  for (const block of request.messages.flatMap(blocksOf))
    if (block.type === "tool_result" && typeof block["tool_use_id"] === "string")
      results.set(block["tool_use_id"], {
        text: resultText(block["content"]),
        isError: block["is_error"] === true,
      });
  return request.messages.flatMap((message): Turn[] => {
    const uses = blocksOf(message).filter((block) => block.type === "tool_use");
    if (message.role !== "assistant" || uses.length === 0) return [];
    return [
      {
        finished: uses.some((use) => use["name"] === "finish"),
        answers: uses.map(
          (use) => results.get(use["id"]) ?? { text: "No result came.", isError: true },
        ),
      },
    ];
  });
}

function resultText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .map((block: unknown) =>
      typeof block === "object" && block !== null && "text" in block ? String(block.text) : "",
    )
    .join("\n");
}

function plainText(body: string): string {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "string" ? value : body;
  } catch {
    return body;
  }
}

function unescapeTitle(title: string): string {
  return title.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&amp;", "&");
}
