// What the repository asks of everybody who works in it: `CLAUDE.md` at its root and its instructions, as data for workers.

import type { TaskPart } from "../agent/agent.ts";
import type { Readable } from "../repo/contract.ts";
import type { Instructions } from "./instructions.ts";

const FILE = "CLAUDE.md";

/** The parts of a worker's task that hold them. */
export type Conventions = () => Promise<TaskPart[]>;

/** Reads the file once, when the first worker starts. `trusted` is never a pull request's head. */
export function openConventions(
  trusted: Readable,
  { chars, instructions }: { chars: number; instructions: Instructions },
): Conventions {
  let parts: Promise<TaskPart[]> | null = null;
  const read = async () => [...(await readConventions(trusted, chars)), ...instructions.all];
  return () => (parts ??= read());
}

async function readConventions(trusted: Readable, chars: number): Promise<TaskPart[]> {
  const content = await trusted.read(FILE);
  if (content?.kind !== "text" || content.text.trim() === "") return [];
  const left = content.text.length - chars;
  const text =
    left > 0 ? `${content.text.slice(0, chars)}\n[Cut: ${left} more characters.]` : content.text;
  return [{ kind: "data", title: FILE, text }];
}
