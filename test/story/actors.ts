// Scripted agents for stories: each role is a function of what it is told and of how far its conversation is.

import type { Json, Spoken, Turn, TurnRequest } from "../../src/agent/model.ts";
import { ModelError } from "../../src/agent/model.ts";
import { scriptedModel, type ScriptedModel } from "../../src/outside/memory/model.ts";

export interface Talk {
  /** Everything of the first message, instructions and data. */
  task: string;
  /** The role's own words. */
  system: string;
  /** Turns taken so far, from 0. */
  turn: number;
  /** Answers to the tool calls of the turn before. */
  results: string[];
}

/** What an actor does in one turn. */
export type Act =
  | { tools: { name: string; input: Json }[] }
  | { finish: Json }
  | { text: string }
  | { error: ModelError };

export type Actor = (talk: Talk) => Act | Promise<Act>;

export interface Cast {
  worker?: Actor;
  reviewer?: Actor;
  resolver?: Actor;
  synthesizer?: Actor;
  author?: Actor;
}

/** Says the final pull request's words; enough for stories about something else. */
const plainSynthesizer: Actor = () => ({
  finish: { title: "Do what was asked", summary: "What was asked is done.", risks: "None known." },
});

const accept: Actor = () => ({ finish: { verdict: "accept", findings: [] } });

export function playedBy(cast: Cast): ScriptedModel {
  let calls = 0;
  return scriptedModel(async (request) => {
    const role = /^Role: (\w+)/.exec(request.system)?.[1];
    const actor = actorOf(cast, role);
    const act = await actor(talkOf(request));
    if ("error" in act) return act.error;
    calls += 1;
    return turnOf(act, calls);
  });
}

function actorOf(cast: Cast, role: string | undefined): Actor {
  const actors: Record<string, Actor | undefined> = {
    synthesizer: plainSynthesizer,
    reviewer: accept,
    ...cast,
  };
  const actor = actors[role ?? ""];
  if (actor === undefined) throw new Error(`No actor plays ${role ?? "an agent without a role"}.`);
  return actor;
}

function talkOf({ system, messages }: TurnRequest): Talk {
  const first = messages[0]?.content ?? [];
  const last = messages.at(-1)?.content ?? [];
  return {
    system,
    task: first.flatMap((part) => (part.kind === "text" ? [part.text] : [])).join("\n\n"),
    turn: messages.filter(({ role }) => role === "assistant").length,
    results: last.flatMap((part) => (part.kind === "tool-result" ? [part.text] : [])),
  };
}

function turnOf(act: Exclude<Act, { error: ModelError }>, calls: number): Turn {
  const usage = {
    inputTokens: 100,
    outputTokens: 10,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    costUsd: 0.01,
  };
  if ("text" in act)
    return { content: [{ kind: "text", text: act.text }], stopReason: "end", usage };
  const tools = "finish" in act ? [{ name: "finish", input: act.finish }] : act.tools;
  const content = tools.map(({ name, input }, index): Spoken => ({
    kind: "tool-use",
    id: `call-${calls}-${index}`,
    name,
    input,
  }));
  return { content, stopReason: "tool-use", usage };
}
