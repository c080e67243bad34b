// Plays the synthesizer: plain true sentences from the run's facts, nothing that is not in them.

import { z } from "zod";

import type { Conversation } from "../conversation.ts";
import { labelled } from "../label.ts";
import type { Json, JsonObject } from "../reply.ts";

const AnyJson: z.ZodType<Json> = z.json();
const ROWS_AT_MOST = 40;

/** `{ title, summary, risks }`; `risks` has the form that the schema asks for. */
export function synthesize(conversation: Conversation): JsonObject {
  const facts = conversation.data.map(({ title, text }) => ({ title, value: parsed(text) }));
  const changes = facts.flatMap(({ value }) => recordsIn(value).filter(isChange));
  const task = textOf(facts, /^(task|requirement|request)$/i);
  const files = distinct(changes.flatMap(filesOf));
  const rejected = changes.filter((change) => /reject|unverified/.test(verdictOf(change)));
  const summary = [
    `${counted(changes.length, "change")} in ${counted(files.length, "file")}${task === null ? "." : `, for: ${task}.`}`,
    ...changes.slice(0, ROWS_AT_MOST).map(row),
  ].join("\n");
  return {
    title: titleOf(task, changes.length),
    summary: labelled(summary),
    risks: risksOf(conversation, rejected),
  };
}

function titleOf(task: string | null, changes: number): string {
  if (task === null || task.trim() === "") return `Fold ${counted(changes, "reviewed change")}`;
  const words = task.replaceAll(/\s+/g, " ").trim();
  const capital = `${words[0]?.toUpperCase() ?? ""}${words.slice(1)}`;
  return capital.length > 70 ? `${capital.slice(0, 69)}…` : capital;
}

function row(change: JsonObject): string {
  const name = firstText(change, ["label", "title", "id", "branch"]) ?? "change";
  const files = filesOf(change);
  const verdict = verdictOf(change);
  return `- ${name}${files.length > 0 ? `: ${files.map((path) => `\`${path}\``).join(", ")}` : ""}${verdict === "" ? "" : ` (${verdict})`}`;
}

function risksOf(conversation: Conversation, rejected: readonly JsonObject[]): Json {
  const sentences = [
    "No test of this repository was run by the model; its own checks on this pull request are the ones that count.",
    ...rejected.map((change) => `${row(change).slice(2)} stayed out.`),
  ].map(labelled);
  return asksForList(conversation, "risks")
    ? sentences
    : sentences.map((sentence) => `- ${sentence}`).join("\n");
}

function asksForList(conversation: Conversation, name: string): boolean {
  const properties = conversation.tools.get("finish")?.["properties"];
  const property = isObject(properties) ? properties[name] : undefined;
  return isObject(property) && property["type"] === "array";
}

function parsed(text: string): Json {
  try {
    return AnyJson.parse(JSON.parse(text));
  } catch {
    return text;
  }
}

function recordsIn(value: Json, depth = 0): JsonObject[] {
  if (depth > 6 || typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => recordsIn(item, depth + 1));
  return [value, ...Object.values(value).flatMap((item) => recordsIn(item, depth + 1))];
}

function isChange(value: JsonObject): boolean {
  return (
    ("branch" in value || "additions" in value || "verdict" in value) && filesOf(value).length > 0
  );
}

function filesOf(change: JsonObject): string[] {
  const files = change["files"];
  if (!Array.isArray(files)) return [];
  return files.flatMap((file) => {
    if (typeof file === "string") return [file];
    const path = isObject(file) ? file["path"] : undefined;
    return typeof path === "string" ? [path] : [];
  });
}

function verdictOf(change: JsonObject): string {
  const verdict = change["verdict"];
  if (typeof verdict === "string") return verdict;
  const inner = isObject(verdict) ? verdict["verdict"] : undefined;
  return typeof inner === "string" ? inner : "";
}

function textOf(facts: readonly { title: string; value: Json }[], name: RegExp): string | null {
  const titled = facts.find(({ title, value }) => name.test(title) && typeof value === "string");
  if (typeof titled?.value === "string") return titled.value;
  const record = facts
    .flatMap(({ value }) => recordsIn(value))
    .find((value) => typeof value["task"] === "string");
  return typeof record?.["task"] === "string" ? record["task"] : null;
}

function firstText(value: JsonObject, names: readonly string[]): string | null {
  const found = names
    .map((name) => value[name])
    .find((text) => typeof text === "string" && text !== "");
  return typeof found === "string" ? found : null;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function distinct(values: readonly string[]): string[] {
  return Array.from(new Set(values));
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
