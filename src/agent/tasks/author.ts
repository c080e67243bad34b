// The script for a task: what the author is given, and what it hands back.

import { z } from "zod";

import type { TaskPart } from "../agent.ts";
import { toJsonSchema } from "../json-schema.ts";

export const AuthorAnswer = z.strictObject({
  title: z.string().min(1).max(120).describe("What the run does, imperative, one line"),
  summary: z.string().min(1).describe("The plan for people, in two or three sentences"),
  script: z.string().min(1).describe("The whole script"),
  fitsOneContext: z
    .boolean()
    .optional()
    .describe("One agent can hold all of the task: then the script has one worker and one review"),
  fanOutAgents: z
    .int()
    .min(2)
    .max(1000)
    .optional()
    .describe("With fitsOneContext: how many agents a fan-out over the same task would take"),
});
export type AuthorAnswer = z.infer<typeof AuthorAnswer>;

export const authorAnswerSchema = toJsonSchema(AuthorAnswer);

export interface AuthorSubject {
  /** What the person typed. */
  task: string;
  /** Paths, or folders with counts. */
  files: readonly string[];
  /** Languages and size of the repository, a line each. */
  facts: readonly string[];
  /** What the repository asks of those who work in it, as data. */
  rules: readonly TaskPart[];
  /** The language's page, Markdown of our own. */
  language: string;
  /** Saved scripts the author may take as examples. */
  workflows: readonly { name: string; description: string }[];
  /** Advice on the number of agents; null: none. */
  fewerThan: number | null;
  /** What the run may cost, and what that is worth, in a sentence of ours; null: no cap. */
  budget: string | null;
  /** The line of a diff that the task was typed on, and what stands around it; null where it was typed elsewhere. */
  place: { where: string; hunk: string } | null;
  /** What the check said about the author's last script; null in the first round. */
  problems: string | null;
}

/** Parts of the author's task: the language first, for it is the same in every run. */
export function authorTask(subject: AuthorSubject): TaskPart[] {
  return [
    { kind: "instructions", text: `The script language:\n\n${subject.language}` },
    {
      kind: "instructions",
      text: "Write the script for this task, typed by a person who may write to the repository. It says what is wanted; what a script may do is said above.",
    },
    ...size(subject.fewerThan),
    ...(subject.budget === null ? [] : [{ kind: "instructions" as const, text: subject.budget }]),
    ...subject.rules,
    { kind: "data", title: "Task", text: subject.task },
    ...spot(subject.place),
    { kind: "data", title: "Languages", text: subject.facts.join("\n") },
    { kind: "data", title: "Files", text: subject.files.join("\n") },
    ...saved(subject.workflows),
    ...again(subject.problems),
  ];
}

function spot(place: AuthorSubject["place"]): TaskPart[] {
  if (place === null) return [];
  return [
    {
      kind: "instructions",
      text: "The task was typed on a line of a diff. Agents do not see that diff by themselves: say in their prompts which file and line are meant.",
    },
    { kind: "data", title: "Place", text: place.where },
    { kind: "data", title: "Diff around it", text: place.hunk },
  ];
}

function size(fewerThan: number | null): TaskPart[] {
  if (fewerThan === null) return [];
  const text = `This repository's guideline is fewer than ${fewerThan} agents in a run. Plan more only where the task has that many parts that need one each.`;
  return [{ kind: "instructions", text }];
}

function saved(workflows: AuthorSubject["workflows"]): TaskPart[] {
  if (workflows.length === 0) return [];
  const list = workflows.map(({ name, description }) => `${name}: ${description}`).join("\n");
  return [{ kind: "data", title: "Saved workflows", text: list }];
}

function again(problems: string | null): TaskPart[] {
  if (problems === null) return [];
  return [
    {
      kind: "instructions",
      text: "Your last script for this task was not taken. Write it anew, without these problems:",
    },
    { kind: "data", title: "Problems", text: problems },
  ];
}
