// Everything the loop says, to the model and about an agent's end.

import type { ToolUse } from "./model.ts";
import { FINISH } from "./tools/finish.ts";

/** Characters of somebody else's words within a sentence. */
const QUOTED_CHARS = 500;

// To the model.

export const callFinish = `Your answer counts only through the tool ${FINISH}. Call it now; if something is left to do, do it first.`;

export const saySomething =
  "Your last turn had no text. Your final text is the answer of this task: write it now.";

export const finishTooEarly = `The answer was not taken: another call of the same turn failed. Look at its result, then call ${FINISH} by itself.`;

export function answerNotTaken(why: string): string {
  return `The answer was not taken: ${why}. Correct it and call ${FINISH} again.`;
}

export function wasCut(tokens: number): string {
  return `Your turn was cut at ${tokens} tokens, and no tool call of it was made. Go on in smaller steps: one edit or one file a turn, and fewer words.`;
}

export function changeCourse(tool: string): string {
  return `You have made the same call of ${tool} three times, and it failed each time. It will go on failing. Read what its result says and do something else, or finish and say what could not be done.`;
}

export function unreadable(tool: string, why: string): string {
  return `${tool} was not done: its input cannot be read, for ${why}. Call it again with a JSON object that fits its schema.`;
}

export function unknownTool(name: string, known: readonly string[]): string {
  const list = known.length === 0 ? "none" : known.join(", ");
  return `There is no tool named ${quoted(name)}. Tools: ${list}.`;
}

// About the end.

export const endedSilent = "The agent ended twice without a word of answer.";

export function noFinish(text: string): string {
  return text === ""
    ? "it ended without calling finish"
    : `it ended without calling finish, saying: ${quoted(text)}`;
}

export function attemptsUsedUp(attempts: number, why: string): string {
  return `The agent gave no answer that fits the schema in ${attempts} attempts. The last one: ${why}.`;
}

export function twiceTooLong(tokens: number): string {
  return `Two turns in a row were cut at ${tokens} tokens. Give the agent a smaller task.`;
}

export function refused(text: string): string {
  return text === ""
    ? "The model refused the task and gave no reason. Put the task in other words."
    : `The model refused the task, saying: ${quoted(text)}`;
}

export function stuck(call: ToolUse, answer: string): string {
  return `The agent made the same failing call of ${call.name} again after it was told to stop. The call's result: ${quoted(answer)}`;
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, QUOTED_CHARS));
}
