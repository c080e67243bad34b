// The demo's brain: plays every role by rule over what the conversation holds, and says so in every text.

import { readConversation, type Conversation } from "./conversation.ts";
import type { Facts } from "./facts.ts";
import { fill } from "./fill.ts";
import { DEMO_LABEL } from "./label.ts";
import { nextMove, type Play } from "./play.ts";
import type { JsonObject, Reply, ReplyBlock } from "./reply.ts";
import { authorAnswer, playAuthor } from "./roles/author.ts";
import { playFinder } from "./roles/finder.ts";
import { playFixer } from "./roles/fixer.ts";
import { playRefuter } from "./roles/refuter.ts";
import { playReviewer } from "./roles/reviewer.ts";
import { resolve } from "./roles/resolver.ts";
import { findingsText, playReviser } from "./roles/reviser.ts";
import { synthesize } from "./roles/synthesizer.ts";
import type { AnswerRequest } from "./server.ts";

const REFUSALS_AT_MOST = 1;
const LOOKING =
  /^\s*(find|list|look|search|read|check|audit|inspect|review|classif|judge|rank|score|verif|summari[sz]e|explain|describe|which|what|where|who|how|does|is|are|count|plan|compare|pick|decide)\w*\b/i;
const CHANGING =
  /\b(fix|change|replace|edit|rewrite|migrate|convert|remove|rename|refactor|update|add)\b/i;

/** What a role ends with: facts for any schema, or an answer of the role's own. */
type Outcome = { kind: "facts"; facts: Facts } | { kind: "answer"; answer: JsonObject };

/** One answer to one request; the same request always gets the same answer. */
export function demoAnswer({ body }: AnswerRequest): Reply {
  const conversation = readConversation(body);
  const move = nextMove(playOf(conversation), conversation.answers);
  if (move.kind === "calls") {
    const missing = move.calls.find((call) => !conversation.tools.has(call.name));
    if (missing)
      return text(
        `The tool ${missing.name} is not offered here, so nothing could be done. ${DEMO_LABEL}`,
      );
    return say(move.calls.map(({ name, input }) => ({ type: "tool_use", name, input })));
  }
  return ending(conversation, move.answer);
}

function playOf(conversation: Conversation): Play<Outcome> {
  if (conversation.role === "worker") return facts(workerPlay(conversation));
  return answer(ownPlay(conversation));
}

function ownPlay(conversation: Conversation): Play<JsonObject> {
  if (conversation.role === "author") return playAuthor(conversation);
  if (conversation.role === "resolver") return justSay(resolve(conversation));
  if (conversation.role === "synthesizer") return justSay(synthesize(conversation));
  return asksToRefute(conversation) ? playRefuter(conversation) : playReviewer(conversation);
}

function workerPlay(conversation: Conversation): Play<Facts> {
  const editable = conversation.tools.has("edit_file");
  if (!editable) return playFinder(conversation);
  const findings = findingsText(conversation);
  if (findings !== null) return playReviser(conversation, findings);
  const onlyLooks =
    LOOKING.test(conversation.instructions) && !CHANGING.test(conversation.instructions);
  return onlyLooks ? playFinder(conversation) : playFixer(conversation);
}

function asksToRefute(conversation: Conversation): boolean {
  return JSON.stringify(conversation.tools.get("finish") ?? {}).includes('"refuted"');
}

function ending(conversation: Conversation, outcome: Outcome): Reply {
  const schema = conversation.tools.get("finish");
  const own = outcome.kind === "answer" ? authorAnswer(outcome.answer, schema) : null;
  if (schema === undefined)
    return text(outcome.kind === "facts" ? outcome.facts.summary : JSON.stringify(outcome.answer));
  // An answer of the role's own that did not fit is tried once more in the schema's own form.
  if (conversation.refusedAnswers > REFUSALS_AT_MOST)
    return text(`The answer does not fit the schema that was asked for. ${DEMO_LABEL}`);
  const input =
    own !== null && conversation.refusedAnswers === 0 ? own : fill(schema, factsFor(outcome));
  return say([{ type: "tool_use", name: "finish", input: isObject(input) ? input : {} }]);
}

function factsFor(outcome: Outcome): Facts {
  if (outcome.kind === "facts") return outcome.facts;
  return { summary: DEMO_LABEL, findings: [], read: [], files: [], changed: false };
}

function* answer(play: Play<JsonObject>): Play<Outcome> {
  return { kind: "answer", answer: yield* play };
}

function* facts(play: Play<Facts>): Play<Outcome> {
  return { kind: "facts", facts: yield* play };
}

// oxlint-disable-next-line require-yield -- a role that needs no tool is a play of no moves
function* justSay(answer: JsonObject): Play<JsonObject> {
  return answer;
}

function say(content: ReplyBlock[]): Reply {
  return { kind: "message", content };
}

function text(text: string): Reply {
  return say([{ type: "text", text }]);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
